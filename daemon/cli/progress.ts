/** The bar that shows how far something has come; only where somebody looks. */
import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import { formatMediaTime } from '../../protocol/index.ts';

export interface Progress extends Disposable {
  /** @param total without it nothing can be shown @param tell how both are written: as times in the video unless said otherwise */
  at(done: number, total?: number, tell?: (value: number) => string): void;
  /** Makes room for a line of output; the bar comes back by itself. */
  clear(): void;
}

/** Shows nothing. */
export const noProgress: Progress = {
  at: () => undefined,
  clear: () => undefined,
  [Symbol.dispose]: () => undefined,
};

/** @param stream a terminal */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: '{bar} {done} / {total}',
      hideCursor: true,
      clearOnComplete: true,
      // Lines are printed between two drawings, so an unchanged bar must be drawn again.
      forceRedraw: true,
      gracefulExit: false,
    },
    cliProgress.Presets.shades_classic,
  );
  return {
    at: (done, total, tell = formatMediaTime) => {
      if (total === undefined) return;
      const shown = Math.min(done, total);
      const payload = { done: tell(shown), total: tell(total) };
      if (bar.isActive) bar.update(shown, payload);
      else bar.start(total, shown, payload);
    },
    clear: () => {
      if (!bar.isActive) return;
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
    [Symbol.dispose]: () => {
      if (bar.isActive) bar.stop();
    },
  };
}
