/** The page's own icons, drawn on a grid of 16. */
import type { JSX } from 'preact';

/** Outlines; those named in `solid` are filled. */
const drawings = {
  play: 'M4.5 2.8v10.4L13 8z',
  pause: 'M4.5 3h2.2v10H4.5zM9.3 3h2.2v10H9.3z',
  stop: 'M4 4h8v8H4z',
  volume: 'M2.5 6v4H5l3.5 3V3L5 6zM10.8 5.6a3.4 3.4 0 0 1 0 4.8M12.6 3.8a6 6 0 0 1 0 8.4',
  muted: 'M2.5 6v4H5l3.5 3V3L5 6zM11 6.2l3.6 3.6M14.6 6.2 11 9.8',
  captions: 'M2 3.5h12v9H2zM6.8 7A1.6 1.6 0 1 0 6.8 9M11.8 7a1.6 1.6 0 1 0 0 2',
  pictureInPicture: 'M7 11.5H2v-8h12V7M9 9.2h5v3.6H9z',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  insert: 'M2.5 3h11M2.5 13h11M8 5v6M5.4 8.6 8 11.2l2.6-2.6',
  compare: 'M2.5 3h4.5v10H2.5zM9 3h4.5v10H9zM4.8 6v4M11.2 6v4M9.8 8h2.8',
  box: 'M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M5.5 5.5h5v5h-5z',
  link: 'M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.8.8M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.4 8.9a2.6 2.6 0 0 0 3.7 3.7l.8-.8',
  steps: 'M2.5 4h1M6 4h7.5M2.5 8h1M6 8h7.5M2.5 12h1M6 12h7.5',
  code: 'M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4',
  chapters: 'M4 2.5h8v11l-4-3.1-4 3.1z',
  question: 'M2.5 3h11v8h-6L4.7 13.6V11H2.5z',
  send: 'M2.5 2.8 14 8 2.5 13.2 4.2 8zM4.2 8H9',
  summary: 'M3 3.5h10M3 6.5h10M3 9.5h10M3 12.5h5.5',
  close: 'm4 4 8 8m0-8-8 8',
  error: 'M8 1.9a6.1 6.1 0 1 1 0 12.2A6.1 6.1 0 0 1 8 1.9zM5.9 5.9l4.2 4.2m0-4.2-4.2 4.2',
  info: 'M8 1.9a6.1 6.1 0 1 1 0 12.2A6.1 6.1 0 0 1 8 1.9zM8 7.2v4M8 4.7v1',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1.3 1.5H2.7zM6.8 14.2h2.4',
  bellOff: 'M4 11V7a4 4 0 0 1 8 0v4l1.3 1.5H2.7zM6.8 14.2h2.4M2.5 2.5l11 11',
  search: 'M6.8 2.5a4.3 4.3 0 1 1 0 8.6 4.3 4.3 0 0 1 0-8.6zM10 10l3.6 3.6',
  check: 'm3 8.4 3.2 3.2L13 4.8',
  down: 'M8 3v9.4M4.2 8.8 8 12.6l3.8-3.8',
  eyeOff:
    'M2 8c1.4-2.5 3.5-3.8 6-3.8S12.6 5.5 14 8c-1.4 2.5-3.5 3.8-6 3.8S3.4 10.5 2 8zM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6zM3 13 13 3',
} as const;

/** One of the drawings. */
export type IconName = keyof typeof drawings;
const solid: ReadonlySet<IconName> = new Set(['play', 'pause', 'stop']);

/** A picture beside words, or in a control that has a label: it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg
      class={solid.has(name) ? 'icon icon-solid' : 'icon'}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <path d={drawings[name]} />
    </svg>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does; also its tooltip. */
  readonly label: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
  /** It keeps the focus that it may have. */
  readonly isDisabled?: boolean;
  readonly class?: string;
  /** Reached by other keys than Tab. */
  readonly isOutOfTabOrder?: boolean;
}

/** A button that is only a picture. */
export function IconButton(props: IconButtonProps): JSX.Element {
  const { icon, label, onClick, isPressed, isDisabled, isOutOfTabOrder } = props;
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ''}`}
      title={label}
      aria-label={label}
      aria-pressed={isPressed}
      aria-disabled={isDisabled}
      tabIndex={isOutOfTabOrder ? -1 : 0}
      onClick={() => {
        if (!isDisabled) onClick();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}
