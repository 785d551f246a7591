/** One sentence of the assistant, as a row that leads to its moment. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatMediaTime, mediaMs, type GuidanceRow } from '../protocol/index.ts';
import { IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import { Sentence } from './sentence.tsx';

/** How long a copied link is confirmed. */
const confirmMs = 1500;
/** A question about a moment is about this much before it, at least. */
const momentMs = 5000;

interface Props {
  readonly row: GuidanceRow;
  readonly index: number;
  /** Of all rows; only those in sight are elements. */
  readonly count: number;
  readonly isCurrent: boolean;
  /** The player has not come here yet. */
  readonly isAhead: boolean;
  readonly isTabStop: boolean;
  readonly measure: (element: HTMLElement | null) => void;
  readonly onFocus: () => void;
  readonly onJump: () => void;
}

/** Time and sentence, and two buttons that show when it is pointed at. */
export function GuidanceItem(props: Props): JSX.Element {
  const { row, index, count, isCurrent, isAhead, isTabStop, measure, onFocus, onJump } = props;
  const page = usePage();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => {
      setIsCopied(false);
    }, confirmMs);
    return () => {
      clearTimeout(timer);
    };
  }, [isCopied]);
  return (
    <li
      ref={measure}
      class={`row ${isCurrent ? 'row-current' : ''} ${isAhead ? 'row-ahead' : ''}`}
      data-index={index}
      aria-setsize={count}
      aria-posinset={index + 1}
      onFocusCapture={onFocus}
    >
      <button
        type="button"
        class="row-main"
        aria-current={isCurrent ? 'step' : undefined}
        tabIndex={isTabStop ? 0 : -1}
        onClick={() => {
          page.seek(row.atMs);
          onJump();
        }}
      >
        <span class="time">{formatMediaTime(row.atMs)}</span>
        <span>
          <Sentence text={row.text} />
          {row.request !== undefined && (
            <span class="row-request">{l10n.t('You asked to be told {0}', row.request)}</span>
          )}
        </span>
      </button>
      <span class="row-actions">
        <IconButton
          icon="question"
          label={l10n.t('Ask about this')}
          isOutOfTabOrder={!isTabStop}
          onClick={() => {
            const fromMs = mediaMs(Math.max(0, Math.min(row.startMs, row.atMs - momentMs)));
            page.askAbout({ fromMs, toMs: mediaMs(Math.max(row.endMs, row.atMs)) });
          }}
        />
        <IconButton
          icon={isCopied ? 'check' : 'link'}
          label={isCopied ? l10n.t('Link copied') : l10n.t('Copy link to this moment')}
          isOutOfTabOrder={!isTabStop}
          onClick={() => {
            page.copyLink(row.atMs);
            setIsCopied(true);
          }}
        />
      </span>
    </li>
  );
}
