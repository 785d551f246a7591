/** What the page says without being asked: where the player is, and what should survive a reload. */
import type { Host } from './host.ts';
import { playerReport } from './playback.ts';
import { saveState } from './savedState.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

const playingReportMs = 1000;
const savingMs = 300;

/** Tells the host where the player is: at once when something changes, once a second while it plays. @returns ends it */
export function reportPlayer(store: Store, host: Host): () => void {
  let told = store.state;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    told = store.state;
    host.post('player', playerReport(told));
  };
  const look = (state: State): void => {
    const [now, before] = [state.player, told.player];
    const isOther =
      now.isPlaying !== before.isPlaying ||
      state.range !== told.range ||
      state.seek.serial !== told.seek.serial;
    if (isOther) tell();
    else if (now.positionMs !== before.positionMs) timer ??= setTimeout(tell, playingReportMs);
  };
  const unsubscribe = store.subscribe((state) => {
    if (state.isReady) look(state);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

/** Lets the editor keep the state of the page, soon after a change, and before the page is hidden. @returns ends it */
export function keepState(store: Store, host: Host): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (store.state.isReady) host.saveState(saveState(store.state));
  };
  const unsubscribe = store.subscribe((state) => {
    if (state.isReady) timer ??= setTimeout(save, savingMs);
  });
  const leaving = new AbortController();
  const { signal } = leaving;
  document.addEventListener('visibilitychange', save, { signal });
  window.addEventListener('pagehide', save, { signal });
  return () => {
    clearTimeout(timer);
    leaving.abort();
    unsubscribe();
  };
}
