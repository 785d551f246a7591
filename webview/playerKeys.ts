/** The player by keyboard. */
import type { Page } from './page.ts';
import { rates } from './playback.ts';
import { durationOf } from './selectors.ts';

const stepMs = 5000;
const longStepMs = 10_000;

/** What a key does while the player has the focus, in the way of the large video sites. @returns false for other keys */
export function pressPlayerKey(page: Page, key: string): boolean {
  const { playback, store } = page;
  const { rate, volume } = store.state.player;
  const acts: Readonly<Record<string, () => void>> = {
    ' ': () => {
      playback.toggle();
    },
    k: () => {
      playback.toggle();
    },
    j: () => {
      page.step(-longStepMs);
    },
    l: () => {
      page.step(longStepMs);
    },
    ArrowLeft: () => {
      page.step(-stepMs);
    },
    ArrowRight: () => {
      page.step(stepMs);
    },
    ArrowUp: () => {
      playback.setVolume(volume + 0.1);
    },
    ArrowDown: () => {
      playback.setVolume(volume - 0.1);
    },
    Home: () => {
      page.seek(0);
    },
    End: () => {
      page.seek(durationOf(store.state));
    },
    m: () => {
      playback.toggleMute();
    },
    '<': () => {
      playback.setRate(rates.findLast((one) => one < rate) ?? rate);
    },
    '>': () => {
      playback.setRate(rates.find((one) => one > rate) ?? rate);
    },
  };
  const act = Object.hasOwn(acts, key) ? acts[key] : undefined;
  act?.();
  return act !== undefined;
}

/** Whether a control of the player uses a key itself. */
export function ownsKey(control: Element, key: string): boolean {
  if (control.matches('select, input')) return true;
  return control.matches('button') && (key === ' ' || key === 'Enter');
}
