/** The edge between player and list, to be moved. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { usePage } from './page.ts';
import { useSelect } from './useSelect.ts';

/** What a key moves it by, px. */
const stepPx = 20;
const smallestPx = 260;
/** The list leaves this share of the page to the player, at least. */
const playerShare = 0.3;

/** How wide the list may be. */
const largestPx = (): number => Math.max(smallestPx, Math.floor(innerWidth * (1 - playerShare)));

/** Stands at the list's edge. It has no place where player and list are one above the other. */
export function Sash(): JSX.Element {
  const { store } = usePage();
  const sash = useRef<HTMLDivElement>(null);
  const wanted = useSelect(({ view }) => view.sidePx);
  // As long as nobody has moved it, the styles alone know.
  const [foundPx, setFoundPx] = useState(smallestPx);
  const set = (sidePx: number | undefined): void => {
    const inside =
      sidePx === undefined
        ? undefined
        : Math.round(Math.min(Math.max(smallestPx, sidePx), largestPx()));
    store.dispatch({ kind: 'viewed', body: { sidePx: inside } });
  };
  const widthPx = (): number => wanted ?? sash.current?.parentElement?.offsetWidth ?? smallestPx;
  return (
    <div
      ref={sash}
      class="sash"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={l10n.t('Width of the list')}
      aria-valuemin={smallestPx}
      aria-valuemax={largestPx()}
      aria-valuenow={wanted ?? foundPx}
      onFocus={() => {
        setFoundPx(widthPx());
      }}
      onKeyDown={(event) => {
        const direction = { ArrowLeft: 1, ArrowRight: -1 }[event.key];
        if (direction === undefined) return;
        event.preventDefault();
        set(widthPx() + direction * stepPx);
      }}
      onPointerDown={(event) => {
        sash.current?.setPointerCapture(event.pointerId);
      }}
      onPointerMove={({ buttons, clientX }) => {
        if (buttons === 1) set(innerWidth - clientX);
      }}
      onDblClick={() => {
        set(undefined);
      }}
    />
  );
}
