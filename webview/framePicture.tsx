/** What is on screen at a moment, from the daemon. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PixelRectangle } from '../protocol/index.ts';
import { pictureAt } from './selectors.ts';
import { useSelect } from './useSelect.ts';

interface Props {
  /** Nothing is loaded as long as this is absent. */
  readonly atMs: number | undefined;
  readonly class: string;
  /** Only this part of the picture. */
  readonly box?: PixelRectangle;
}

/** Wide enough for the widest place on a screen of two pixels a dot, and a fraction of the whole picture's bytes. */
const widthPx = 480;

/** Keeps its place while it loads, and for good where there is no picture. */
export function FramePicture({ atMs, class: name, box }: Props): JSX.Element {
  const [failed, setFailed] = useState<string>();
  const [shown, setShown] = useState<string>();
  const crop = box ? `&crop=${box.join()}` : '';
  const address = useSelect((state) =>
    atMs === undefined ? undefined : pictureAt(state, atMs, `?width=${widthPx}${crop}`),
  );
  // A part keeps its own shape.
  const shape = box && { '--shape': `${box[2] / Math.max(1, box[3])}` };
  return (
    <span class={`frame ${name}`} style={shape ?? {}}>
      {address !== undefined && address !== failed && (
        <img
          src={address}
          alt=""
          loading="lazy"
          decoding="async"
          class={shown === address ? 'frame-shown' : ''}
          onLoad={() => {
            setShown(address);
          }}
          onError={() => {
            setFailed(address);
          }}
        />
      )}
    </span>
  );
}
