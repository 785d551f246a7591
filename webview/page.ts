/** One page: its state, its player, and what a person can do with it. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import {
  mediaMs,
  type MediaMs,
  type PanelAction,
  type PixelRectangle,
  type QuestionScope,
  type WebviewToHost,
} from '../protocol/index.ts';
import type { Exchange } from './conversation.ts';
import type { Host } from './host.ts';
import { Playback } from './playback.ts';
import { durationOf, followedExchange, scopeOf } from './selectors.ts';
import type { TimeRange } from './state.ts';
import type { Store } from './store.ts';

let requests = 0;
const firstRequest = Date.now().toString(36);

/** Acts that reach beyond the page's own state. */
export class Page {
  readonly store: Store;
  readonly host: Host;
  readonly playback: Playback;

  constructor(store: Store, host: Host) {
    this.store = store;
    this.host = host;
    this.playback = new Playback(store, (detail) => {
      host.post('report', { kind: 'media', detail });
    });
  }

  /** Moves the player, inside the video. */
  seek(atMs: number, play = false): void {
    const durationMs = durationOf(this.store.state);
    const inside = Math.max(0, durationMs > 0 ? Math.min(atMs, durationMs) : atMs);
    this.store.dispatch({ kind: 'seek', body: { atMs: mediaMs(inside), play } });
  }

  /** Goes back to what is live now. */
  goLive(): void {
    this.playback.goLive();
  }

  /** Moves the player from where it is. */
  step(byMs: number): void {
    this.seek(this.playback.positionMs + byMs);
  }

  /** Sends the question in the box; does nothing when it is empty. */
  ask(): void {
    const { state } = this.store;
    const question = state.ask.draft.trim();
    const followUpOf = followedExchange(state)?.answer?.id;
    const box = state.ask.box;
    if (question !== '') this.#send({ question, scope: scopeOf(state), followUpOf, box });
  }

  /** Sends a question once more that was not answered. */
  askAgain({ question, scope = { kind: 'whole' }, followUpOf, box }: Exchange): void {
    this.#send({ question, scope, followUpOf, box });
  }

  /** Puts the cursor into the box with a stretch of the video as what the question is about. */
  askAbout(range: TimeRange): void {
    this.store.dispatch({ kind: 'selected', body: { range } });
    this.store.dispatch({ kind: 'focusAsk', body: {} });
  }

  stopAnswer(requestId: string): void {
    this.host.post('stopAnswer', { requestId });
    this.store.dispatch({ kind: 'answerFailed', body: { requestId } });
  }

  /** Summarises what is selected; without a selection the extension asks which part. */
  summarize(): void {
    this.host.post('summarize', this.store.state.range ?? {});
  }

  /** Lets a person draw around a part of the picture, which stands still meanwhile; or ends that. */
  toggleDrawing(): void {
    const isDrawing = !this.store.state.ask.isDrawing;
    if (isDrawing) this.playback.pause();
    this.store.dispatch({ kind: 'drawing', body: { isDrawing } });
  }

  /** The next question is about this part of what is shown now; undefined takes it back. */
  setBox(box: PixelRectangle | undefined): void {
    const at = box && { atMs: mediaMs(this.playback.positionMs), box };
    this.store.dispatch({ kind: 'boxed', body: { box: at } });
  }

  /** Copies, inserts or compares the code of a moment; without one, of what is shown now. */
  code(
    action: WebviewToHost['code']['action'],
    atMs: MediaMs = mediaMs(this.playback.positionMs),
  ): void {
    this.host.post('code', { atMs, action });
  }

  /** Asks for the code of a moment, to show it. */
  readCode(atMs: MediaMs, region: WebviewToHost['readCode']['region']): void {
    const requestId = this.#newId();
    this.store.dispatch({ kind: 'codeWanted', body: { requestId } });
    this.host.post('readCode', { requestId, atMs, region });
  }

  /** Searches this video; without words there is nothing to be found. */
  search(query: string): void {
    const words = query.trim();
    if (words === '') {
      this.store.dispatch({ kind: 'searched', body: { query } });
      return;
    }
    const requestId = this.#newId();
    this.store.dispatch({ kind: 'searched', body: { query, requestId } });
    this.host.post('search', { requestId, query: words });
  }

  /** Shows what the words of a question find in this video. */
  searchInstead(question: string): void {
    this.store.dispatch({ kind: 'viewed', body: { tab: 'search' } });
    this.search(question);
  }

  /** Opens the search over all videos, with the words that are searched for here. */
  findInVideos(): void {
    const query = this.store.state.search.query.trim();
    this.host.post('findInVideos', query === '' ? {} : { query });
  }

  copyLink(atMs: MediaMs): void {
    this.host.post('copyLink', { atMs });
  }

  /** Does what a button beside an error offers. */
  act(action: PanelAction): void {
    this.host.post('action', { action });
    if (action === 'retry' && this.store.state.player.problem) this.playback.reload();
  }

  #newId(): string {
    requests += 1;
    return `${firstRequest}-${requests}`;
  }

  #send({
    question,
    scope,
    followUpOf,
    box,
  }: Pick<Exchange, 'question' | 'followUpOf' | 'box'> & { readonly scope: QuestionScope }): void {
    const body = {
      requestId: this.#newId(),
      ...{ question, scope },
      ...(followUpOf !== undefined && { followUpOf }),
      ...(box && { box: box.box }),
    };
    this.store.dispatch({ kind: 'asked', body });
    this.host.post('ask', body);
  }
}

/** The page that a component is part of. */
export const PageContext = createContext<Page | undefined>(undefined);

/** @throws Error outside a page */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('a component needs the page around it');
  return page;
}
