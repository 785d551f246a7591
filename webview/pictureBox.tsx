/** A part of the picture: drawn on it by pointer or keyboard, and shown on it as long as a question about it is being written. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { boxBetween, moveBox, pictureSize, toPicture, type Point } from './pictureGeometry.ts';
import { usePage } from './page.ts';
import type { PixelRectangle } from '../protocol/index.ts';
import { useSelect } from './useSelect.ts';

/** The player stands on the moment of a box when it is no farther from it. */
const sameMomentMs = 100;

/** Nothing, the box that a question is about, or a place to draw one. */
export function PictureBox(): JSX.Element | null {
  const isDrawing = useSelect(({ ask }) => ask.isDrawing);
  const box = useSelect(({ ask, player }) =>
    ask.box && Math.abs(ask.box.atMs - player.positionMs) <= sameMomentMs ? ask.box.box : undefined,
  );
  if (isDrawing) return <Drawing />;
  return box ? <Outline box={box} /> : null;
}

/** The picture lies in the player as a drawing of the same shape does. */
function Outline({ box }: { readonly box: PixelRectangle }): JSX.Element {
  const size = useSelect(pictureSize);
  const [x, y, width, height] = box;
  const { width: right, height: bottom } = size;
  return (
    <svg class="picture-box" viewBox={`0 0 ${right} ${bottom}`} aria-hidden="true">
      <path
        class="picture-shade"
        fill-rule="evenodd"
        d={`M0 0H${right}V${bottom}H0zM${x} ${y}v${height}h${width}v${-height}z`}
      />
      <rect class="picture-edge" {...{ x, y, width, height }} />
    </svg>
  );
}

function Drawing(): JSX.Element {
  const page = usePage();
  const size = useSelect(pictureSize);
  const area = useRef<HTMLDivElement>(null);
  const [start, setStart] = useState<Point>();
  const [box, setBox] = useState<PixelRectangle>();
  useEffect(() => {
    area.current!.focus();
  }, []);
  const pointOf = ({ clientX, clientY }: PointerEvent): Point =>
    toPicture({ x: clientX, y: clientY }, area.current!.getBoundingClientRect(), size);
  const cancel = (): void => {
    page.toggleDrawing();
    // The place to draw goes, and the focus would with it.
    area.current!.closest<HTMLElement>('.screen')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moved = moveBox(box, event, size);
    if (moved) setBox(moved);
    else if (event.key === 'Enter' && box) page.setBox(box);
    else if (event.key === 'Escape') cancel();
    else if (event.key === 'Tab') return;
    // Nothing of it is for the player.
    event.preventDefault();
  };
  const share = (value: number, whole: number): number => Math.round((100 * value) / whole);
  return (
    <div
      ref={area}
      class="picture-drawing"
      role="group"
      tabIndex={0}
      aria-label={l10n.t(
        'Draw around a part of the picture: arrow keys move, with Shift they change the size, Enter asks about it, Escape cancels',
      )}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        area.current!.setPointerCapture(event.pointerId);
        setStart(pointOf(event));
      }}
      onPointerMove={(event) => {
        if (start) setBox(boxBetween(start, pointOf(event)));
      }}
      onPointerUp={(event) => {
        if (!start) return;
        setStart(undefined);
        const drawn = boxBetween(start, pointOf(event));
        setBox(drawn);
        if (drawn) page.setBox(drawn);
      }}
      onPointerCancel={() => {
        setStart(undefined);
        setBox(undefined);
      }}
    >
      {box && <Outline box={box} />}
      {!box && <p class="picture-hint">{l10n.t('Draw around what you want to ask about.')}</p>}
      <span class="visually-hidden" role="status">
        {box &&
          l10n.t(
            '{0} % from the left, {1} % from the top, {2} % wide, {3} % high',
            share(box[0], size.width),
            share(box[1], size.height),
            share(box[2], size.width),
            share(box[3], size.height),
          )}
      </span>
    </div>
  );
}
