/** Starts the page. */
import { options, render } from 'preact';
import { App } from './app.tsx';
import { connectHost } from './host.ts';
import { keepState, reportPlayer } from './outgoing.ts';
import { Page } from './page.ts';
import { parseSavedState } from './savedState.ts';
import { initialState } from './state.ts';
import { Store } from './store.ts';
import './styles.css';
import { setTranslations } from './text.ts';

// However many messages arrive, the page is drawn once a frame.
options.debounceRendering = (draw) => void requestAnimationFrame(draw);

const host = connectHost((message) => {
  if (message.kind === 'init') setTranslations(message.body.l10n);
  store.dispatch(message);
});
const store = new Store({ ...initialState, saved: parseSavedState(host.savedState) });
const page = new Page(store, host);
reportPlayer(store, host);
keepState(store, host);
render(<App page={page} />, document.getElementById('root')!);
host.post('ready', {});
