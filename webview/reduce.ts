/** How the page changes: by messages of the host and by acts of the person in front of it. Pure. */
import {
  mediaMs,
  type HostToWebview,
  type MediaMs,
  type MessageOf,
  type QuestionScope,
  type WebviewToHost,
} from '../protocol/index.ts';
import {
  addStoredAnswers,
  addWords,
  beginExchange,
  completeExchange,
  failExchange,
  withoutStored,
} from './conversation.ts';
import type { FeedNews } from './liveFeed.ts';
import { addRows, answersIn, noRows } from './rows.ts';
import { restoreState } from './savedState.ts';
import { secondsOfWork } from './selectors.ts';
import {
  initialState,
  type BoxAt,
  type PlayerProblem,
  type State,
  type TimeRange,
} from './state.ts';

/** What the person, or the page itself, does. */
interface Acts {
  /** The player has come to a moment. */
  readonly moved: { readonly positionMs: MediaMs };
  readonly playerChanged: Partial<Omit<State['player'], 'positionMs' | 'furthestMs' | 'problem'>>;
  /** What is recorded of a live session has grown. */
  readonly fed: { readonly news: FeedNews; readonly lagMs: number };
  /** The player knows how large the pictures are, px. */
  readonly sized: { readonly width: number; readonly height: number };
  /** Undefined when it plays again. */
  readonly playerProblem: { readonly problem: PlayerProblem | undefined };
  readonly selected: { readonly range: TimeRange | undefined };
  readonly drafted: { readonly draft: string };
  readonly scoped: { readonly scope: QuestionScope['kind'] };
  readonly leftThread: Record<string, never>;
  /** Someone wants to draw on the picture; undefined `box` takes away what was drawn. */
  readonly drawing: { readonly isDrawing: boolean };
  readonly boxed: { readonly box: BoxAt | undefined };
  /** Words that will soon be searched for. */
  readonly typed: { readonly query: string };
  /** A search goes out; without an id there is nothing to search for. */
  readonly searched: { readonly query: string; readonly requestId?: string };
  /** A request for the code of a moment goes out. */
  readonly codeWanted: { readonly requestId: string };
  readonly regionChosen: { readonly region: State['code']['region'] };
  readonly viewed: Partial<State['view']>;
}

type Events = HostToWebview & Acts;
/** Anything that changes the page. */
export type Event = MessageOf<Events>;
type Handlers<Map> = {
  readonly [Kind in keyof Map]: (state: State, body: Map[Kind]) => State;
};

const withPlayer = (state: State, change: Partial<State['player']>): State => ({
  ...state,
  player: { ...state.player, ...change },
});
const withAsk = (state: State, change: Partial<State['ask']>): State => ({
  ...state,
  ask: { ...state.ask, ...change },
});
const withView = (state: State, change: Partial<State['view']>): State => ({
  ...state,
  view: { ...state.view, ...change },
});

function movedTo(state: State, positionMs: MediaMs): State {
  if (positionMs === state.player.positionMs) return state;
  const furthestMs = mediaMs(Math.max(state.player.furthestMs, positionMs));
  return withPlayer(state, { positionMs, furthestMs });
}

/** A question goes out: it becomes the last one of the conversation, and what is typed next is another. */
function asked(state: State, question: WebviewToHost['ask']): State {
  const exchanges = beginExchange(state.exchanges, question);
  const draft = state.ask.draft.trim() === question.question ? '' : state.ask.draft;
  const shown = withView({ ...state, exchanges }, { tab: 'questions' });
  return withAsk(shown, { draft, ...(question.box && { box: undefined }) });
}

function watchedFrom(state: State, { stats }: HostToWebview['status']): State['watchedFrom'] {
  if (!stats) return state.watchedFrom;
  const isAnother = stats.framesSeen < (state.watch.stats?.framesSeen ?? Infinity);
  if (state.watchedFrom && !isAnother) return state.watchedFrom;
  return { positionMs: stats.positionMs, seconds: secondsOfWork(stats) };
}

const hostHandlers: Handlers<HostToWebview> = {
  init: (state, { path, name, isLive = false, settings, positionMs }) => {
    // The host may say so again when it was started anew: the page goes on.
    if (state.isReady && state.path === path) return { ...state, settings };
    const restored = state.saved && restoreState(state.saved, { path, name });
    const page = restored ?? movedTo({ ...initialState, path, name }, positionMs ?? mediaMs(0));
    return { ...page, isLive, settings, isReady: true };
  },
  settings: (state, settings) => ({ ...state, settings }),
  attention: (state, attention) => ({ ...state, attention }),
  manner: (state, manner) => ({ ...state, manner }),
  reveal: (state, { rowId }) =>
    withView(state, { tab: 'guidance', filter: '', isFollowing: false, revealRowId: rowId }),
  media: (state, media) => ({ ...state, media }),
  rows: (state, { rows: added, isReset }) => {
    const rows = addRows(isReset ? noRows : state.rows, added);
    const kept = isReset ? withoutStored(state.exchanges) : state.exchanges;
    const answers = answersIn(added);
    const exchanges = addStoredAnswers(kept, answers, (row) => rows.queries.get(row.queryId));
    return { ...state, rows, exchanges };
  },
  status: (state, watch) => ({ ...state, watch, watchedFrom: watchedFrom(state, watch) }),
  seek: (state, seek) => {
    const moved = movedTo(state, seek.atMs);
    const isPlaying = seek.play || state.player.isPlaying;
    return {
      ...withPlayer(moved, { isPlaying, followsLive: false }),
      seek: { ...seek, serial: state.seek.serial + 1 },
    };
  },
  focusAsk: (state) => withAsk(state, { focusSerial: state.ask.focusSerial + 1 }),
  asked,
  answerDelta: (state, delta) => ({ ...state, exchanges: addWords(state.exchanges, delta) }),
  answer: (state, body) => {
    const exchanges = completeExchange(state.exchanges, body);
    if (exchanges === state.exchanges) return state;
    // Where nothing was seen there is nothing to follow up.
    const followUpOf = body.answer.abstained ? state.ask.followUpOf : body.answer.id;
    return withAsk({ ...state, exchanges }, { followUpOf });
  },
  answerFailed: (state, body) => ({ ...state, exchanges: failExchange(state.exchanges, body) }),
  hits: (state, { requestId, hits, error }) => {
    if (requestId !== state.search.requestId) return state;
    return { ...state, search: { ...state.search, hits, error, isWaiting: false } };
  },
  codeSeen: (state, { requestId, code, error }) => {
    if (requestId !== state.code.requestId) return state;
    return { ...state, code: { ...state.code, code, error, isWaiting: false } };
  },
};

const actHandlers: Handlers<Acts> = {
  moved: (state, { positionMs }) => movedTo(state, positionMs),
  playerChanged: (state, change) => {
    const changed = withPlayer(state, change);
    // What is drawn belongs to a picture that stands still.
    return change.isPlaying ? withAsk(changed, { isDrawing: false }) : changed;
  },
  fed: (state, { news, lagMs }) => ({ ...state, feed: { ...news, lagMs } }),
  sized: (state, size) => (state.media ? { ...state, media: { ...state.media, ...size } } : state),
  playerProblem: withPlayer,
  selected: (state, { range }) => {
    const scope = range ? 'range' : state.ask.scope === 'range' ? undefined : state.ask.scope;
    return withAsk({ ...state, range }, { scope });
  },
  drafted: (state, { draft }) => withAsk(state, { draft }),
  scoped: (state, { scope }) => withAsk(state, { scope }),
  leftThread: (state) =>
    withAsk(state, { followUpOf: undefined, focusSerial: state.ask.focusSerial + 1 }),
  drawing: (state, { isDrawing }) => withAsk(state, { isDrawing }),
  boxed: (state, { box }) => {
    const focusSerial = state.ask.focusSerial + (box ? 1 : 0);
    return withAsk(state, { box, isDrawing: false, focusSerial });
  },
  typed: (state, { query }) => {
    // What an earlier search finds from now on is about other words.
    const search = { ...state.search, query, requestId: undefined };
    return { ...state, search: { ...search, isWaiting: query.trim() !== '' } };
  },
  searched: (state, { query, requestId }) => {
    const found = requestId === undefined ? { hits: [], error: undefined } : {};
    const isWaiting = requestId !== undefined;
    return { ...state, search: { ...state.search, ...found, query, requestId, isWaiting } };
  },
  codeWanted: (state, { requestId }) => ({
    ...state,
    code: { ...state.code, requestId, isWaiting: true },
  }),
  regionChosen: (state, { region }) => ({
    ...state,
    code: { ...initialState.code, region },
  }),
  viewed: withView,
};

const handlers: Handlers<Events> = { ...hostHandlers, ...actHandlers };

/** The page after something has happened. */
export function reduce<Kind extends keyof Events>(
  state: State,
  event: { readonly kind: Kind; readonly body: Events[Kind] },
): State {
  return handlers[event.kind](state, event.body);
}

/** Whether a message is one that this page knows. */
export function isHostMessage(message: unknown): message is MessageOf<HostToWebview> {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, body } = message as { kind?: unknown; body?: unknown };
  return typeof kind === 'string' && Object.hasOwn(hostHandlers, kind) && typeof body === 'object';
}
