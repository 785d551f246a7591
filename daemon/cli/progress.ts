/** The bar that shows how far watching has come; only where somebody looks. */
import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import { formatMediaTime } from '../../protocol/index.ts';

export interface Progress extends Disposable {
  /** @param durationMs without it nothing can be shown */
  at(positionMs: number, durationMs?: number): void;
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
      format: '{bar} {position} / {duration}',
      hideCursor: true,
      clearOnComplete: true,
      // Lines are printed between two drawings, so an unchanged bar must be drawn again.
      forceRedraw: true,
      gracefulExit: false,
    },
    cliProgress.Presets.shades_classic,
  );
  return {
    at: (positionMs, durationMs) => {
      if (durationMs === undefined) return;
      const shown = Math.min(positionMs, durationMs);
      const payload = {
        position: formatMediaTime(shown),
        duration: formatMediaTime(durationMs),
      };
      if (bar.isActive) bar.update(shown, payload);
      else bar.start(durationMs, shown, payload);
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
