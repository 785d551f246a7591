/** Something that takes a while. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';

/** A share as people read it: 42 %. */
export const percentOf = (share: number): string => l10n.t('{0} %', Math.floor(share * 100));

interface WorkProps {
  readonly text: string;
  /** What follows the text where there is room. */
  readonly detail?: string;
  /** 0 … 1; unknown when absent. */
  readonly share: number | undefined;
  /** Of the progress bar. */
  readonly label: string;
  readonly children?: JSX.Element;
}

/** A line with its bar. */
export function Work({ text, detail, share, label, children }: WorkProps): JSX.Element {
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  return (
    <div class="work">
      <div class="work-line">
        <span class="work-text">
          {text}
          {detail}
        </span>
        {children}
      </div>
      <div
        class={percent === undefined ? 'progress progress-unknown' : 'progress'}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span style={percent === undefined ? {} : { transform: `scaleX(${percent / 100})` }} />
      </div>
    </div>
  );
}
