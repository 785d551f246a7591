import { describe, expect, it } from 'vitest';
import { mediaMs, type QuestionScope, type TimelineRow } from '../../protocol/index.ts';
import { isHostMessage, type Event } from '../../webview/reduce.ts';
import { restoreState, saveState, parseSavedState } from '../../webview/savedState.ts';
import {
  currentIndex,
  durationOf,
  indexedShare,
  scopeOf,
  visibleRows,
  watchPace,
} from '../../webview/selectors.ts';
import { initialState, type State } from '../../webview/state.ts';
import { after, afterFrom, answer, guidance, init, media, query, stats } from './rows.ts';

const rows = (added: readonly TimelineRow[], isReset = false): Event => ({
  kind: 'rows',
  body: { rows: added, isReset },
});
const moved = (seconds: number): Event => ({
  kind: 'moved',
  body: { positionMs: mediaMs(seconds * 1000) },
});
const asked = (requestId: string, question = requestId): Event => ({
  kind: 'asked',
  body: { requestId, question, scope: { kind: 'whole' } },
});
const texts = (state: State): string[] => visibleRows(state).map(({ text }) => text);
const told = (state: State): string[] =>
  state.exchanges.map(({ question, state: how, text }) => `${question}: ${how} ${text}`.trim());

describe('the beginning', () => {
  it('knows what the page is about from the first message', () => {
    const { isReady, name } = after(init);
    expect({ isReady, name }).toEqual({ isReady: true, name: 'pantry.mp4' });
  });

  it('puts the player where the video was left', () => {
    const left: Event = { ...init, body: { ...init.body, positionMs: mediaMs(7000) } } as Event;
    expect(after(left).player).toMatchObject({ positionMs: 7000, furthestMs: 7000 });
  });

  it('prefers what this panel kept over where the video was left elsewhere', () => {
    const kept = saveState(after(init, moved(30), { kind: 'drafted', body: { draft: 'Why' } }));
    const left = { ...init, body: { ...init.body, positionMs: mediaMs(7000) } } as Event;
    const state = afterFrom({ ...initialState, saved: kept }, left);
    expect(state.player.positionMs).toBe(30_000);
    expect(state.ask.draft).toBe('Why');
    expect(state.saved).toBeUndefined();
  });

  it('forgets what was kept of another video', () => {
    const kept = { ...saveState(after(init, moved(30))), path: '/other/pantry.mp4' };
    expect(afterFrom({ ...initialState, saved: kept }, init).player.positionMs).toBe(0);
  });

  it('goes on when the host says the same again', () => {
    const state = after(init, rows([guidance(1, 1)]), moved(5), init);
    expect(texts(state)).toEqual(['step 1']);
    expect(state.player.positionMs).toBe(5000);
  });

  it('begins anew with another video', () => {
    const other = { ...init, body: { ...init.body, path: '/other/pantry.mp4' } } as Event;
    expect(texts(after(init, rows([guidance(1, 1)]), other))).toEqual([]);
  });
});

describe('rows', () => {
  const cases: readonly (readonly [string, readonly Event[], readonly string[]])[] = [
    ['come in time order', [rows([guidance(1, 1), guidance(2, 2)])], ['step 1', 'step 2']],
    [
      'are put where they belong when they come late',
      [rows([guidance(1, 1), guidance(3, 3)]), rows([guidance(2, 2)])],
      ['step 1', 'step 2', 'step 3'],
    ],
    [
      'are shown once however often they come',
      [rows([guidance(1, 1)]), rows([guidance(1, 1), guidance(2, 2)])],
      ['step 1', 'step 2'],
    ],
    ['are void after a reset', [rows([guidance(1, 1)]), rows([guidance(9, 4)], true)], ['step 9']],
    ['of other kinds are no guidance', [rows([query(1, 'Why?')])], []],
  ];
  it.each(cases)('%s', (_name, events, expected) => {
    expect(texts(after(init, ...events))).toEqual(expected);
  });

  it('that are not guidance leave the list the same value', () => {
    const before = after(init, rows([guidance(1, 1)]));
    const later = afterFrom(before, rows([query(2, 'Why?'), answer(3, 2, 1)]));
    expect(visibleRows(later)).toBe(visibleRows(before));
  });

  it('stay the same value while counters and the player go on', () => {
    const filter: Event = { kind: 'viewed', body: { filter: 'step' } };
    const before = after(init, rows([guidance(1, 1), guidance(2, 50)]), filter);
    const later = afterFrom(
      before,
      { kind: 'status', body: { state: 'watching', stats: stats(10, 1) } },
      moved(3),
    );
    expect(visibleRows(later)).toBe(visibleRows(before));
  });
});

describe('what is listed', () => {
  const asPlayed: Event = {
    kind: 'settings',
    body: { revealGuidance: 'asPlayed', announceGuidance: true, chattiness: 'usual' },
  };
  const three = rows([guidance(1, 1, 'opens a.js'), guidance(2, 20, 'writes b'), guidance(3, 40)]);

  it('grows with the furthest moment that was reached, where the settings say so', () => {
    const state = after(init, asPlayed, three);
    expect(texts(state)).toEqual([]);
    expect(texts(afterFrom(state, moved(20)))).toEqual(['opens a.js', 'writes b']);
    expect(texts(afterFrom(state, moved(20), moved(2)))).toEqual(['opens a.js', 'writes b']);
    expect(
      texts(afterFrom(state, { ...asPlayed, ...{ body: after(init).settings } })),
    ).toHaveLength(3);
  });

  it('contains every word of the filter', () => {
    const filter = (text: string): Event => ({ kind: 'viewed', body: { filter: text } });
    const state = after(init, three);
    expect(texts(afterFrom(state, filter('A.JS opens')))).toEqual(['opens a.js']);
    expect(texts(afterFrom(state, filter('nothing')))).toEqual([]);
    expect(texts(afterFrom(state, filter('  ')))).toHaveLength(3);
  });

  it.each([
    [0, -1],
    [1, 0],
    [19.9, 0],
    [20, 1],
    [99, 2],
  ])('has its current row at %f s: %i', (seconds, expected) => {
    expect(currentIndex(after(init, three, moved(seconds)))).toBe(expected);
  });
});

describe('the conversation', () => {
  it('streams an answer into its question', () => {
    const state = after(
      init,
      asked('a', 'Why?'),
      { kind: 'answerDelta', body: { requestId: 'a', text: 'Be' } },
      { kind: 'answerDelta', body: { requestId: 'a', text: 'cause' } },
    );
    expect(told(state)).toEqual(['Why?: waiting Because']);
    const done = afterFrom(state, {
      kind: 'answer',
      body: { requestId: 'a', answer: answer(9, 8, 5) },
    });
    expect(told(done)).toEqual(['Why?: answered answer 9']);
    expect(done.ask.followUpOf).toBe(9);
    const abstained = afterFrom(done, asked('b', 'And?'), {
      kind: 'answer',
      body: { requestId: 'b', answer: answer(11, 10) },
    });
    expect(abstained.ask.followUpOf).toBe(9);
  });

  it('shows questions that were asked elsewhere, once', () => {
    const state = after(init, asked('a'), asked('a'), asked('b'));
    expect(told(state)).toEqual(['a: waiting', 'b: waiting']);
    expect(state.view.tab).toBe('questions');
  });

  it('is rebuilt from stored rows, in their order', () => {
    const stored = [query(1, 'one'), answer(2, 1, 5), query(3, 'two'), answer(4, 3)];
    const state = after(init, rows([...stored.slice(2)]), rows(stored.slice(0, 2)));
    expect(told(state)).toEqual(['one: answered answer 2', 'two: answered answer 4']);
    expect(state.ask.followUpOf).toBeUndefined();
  });

  it('puts what is stored before what waits', () => {
    const state = after(init, asked('now'), rows([query(1, 'one'), answer(2, 1)]));
    expect(told(state)).toEqual(['one: answered answer 2', 'now: waiting']);
  });

  it('shows an answer once, whether its rows or its message come first', () => {
    const stored = rows([query(8, 'Why?'), answer(9, 8)]);
    const message: Event = { kind: 'answer', body: { requestId: 'a', answer: answer(9, 8) } };
    const one = ['Why?: answered answer 9'];
    expect(told(after(init, asked('a', 'Why?'), stored, message))).toEqual(one);
    expect(told(after(init, asked('a', 'Why?'), message, stored))).toEqual(one);
  });

  it('survives a reset with what waits and what is stored again', () => {
    const stored = [query(1, 'one'), answer(2, 1)];
    const state = after(init, rows(stored), asked('now'), rows(stored, true));
    expect(told(state)).toEqual(['one: answered answer 2', 'now: waiting']);
    expect(told(afterFrom(state, rows([], true)))).toEqual(['now: waiting']);
  });

  it('keeps the words of an answer that was stopped, and takes no more', () => {
    const state = after(
      init,
      asked('a'),
      { kind: 'answerDelta', body: { requestId: 'a', text: 'half' } },
      { kind: 'answerFailed', body: { requestId: 'a' } },
      { kind: 'answerDelta', body: { requestId: 'a', text: ' more' } },
    );
    expect(told(state)).toEqual(['a: stopped half']);
  });

  it('says why there is no answer', () => {
    const error = { message: 'It broke.', remedy: 'Mend it.' };
    const state = after(init, asked('a'), {
      kind: 'answerFailed',
      body: { requestId: 'a', error },
    });
    expect(state.exchanges[0]).toMatchObject({ state: 'failed', error });
  });

  it('ignores an answer to a question that it does not know', () => {
    const state = after(init, { kind: 'answer', body: { requestId: 'x', answer: answer(9, 8) } });
    expect(state.exchanges).toEqual([]);
    expect(state.ask.followUpOf).toBeUndefined();
  });

  it('leaves a thread', () => {
    const state = after(init, asked('a'), {
      kind: 'answer',
      body: { requestId: 'a', answer: answer(9, 8) },
    });
    expect(afterFrom(state, { kind: 'leftThread', body: {} }).ask).toMatchObject({
      followUpOf: undefined,
      focusSerial: 1,
    });
  });
});

describe('the player', () => {
  it('is moved by a seek, which keeps it playing', () => {
    const play: Event = { kind: 'playerChanged', body: { isPlaying: true } };
    const seek = (wantsPlay: boolean): Event => ({
      kind: 'seek',
      body: { atMs: mediaMs(40_000), play: wantsPlay },
    });
    expect(after(init, seek(false)).player).toMatchObject({ positionMs: 40_000, isPlaying: false });
    expect(after(init, seek(true)).player.isPlaying).toBe(true);
    expect(after(init, play, seek(false)).player.isPlaying).toBe(true);
    expect(after(init, seek(false), seek(false)).seek.serial).toBe(2);
  });

  it('keeps the latest moment when it goes back', () => {
    expect(after(init, moved(40), moved(10)).player).toMatchObject({
      positionMs: 10_000,
      furthestMs: 40_000,
    });
  });

  it('does not change the page when it stands', () => {
    const state = after(init, moved(10));
    expect(afterFrom(state, moved(10))).toBe(state);
  });

  it('takes the length of the video from whoever knows it', () => {
    expect(durationOf(after(init))).toBe(0);
    const watching: Event = { kind: 'status', body: { state: 'watching', stats: stats(1, 1) } };
    const measured: Event = { kind: 'playerChanged', body: { durationMs: mediaMs(99_000) } };
    expect(durationOf(after(init, measured))).toBe(99_000);
    expect(durationOf(after(init, measured, watching))).toBe(100_000);
    const container = { ...media, durationMs: mediaMs(101_000) };
    expect(durationOf(after(init, watching, { kind: 'media', body: container }))).toBe(101_000);
  });
});

describe('a selection', () => {
  const select = (from?: number, to = 0): Event => ({
    kind: 'selected',
    body: {
      range:
        from === undefined ? undefined : { fromMs: mediaMs(from * 1000), toMs: mediaMs(to * 1000) },
    },
  });
  const scoped = (scope: QuestionScope['kind']): Event => ({ kind: 'scoped', body: { scope } });

  it('is what the next question is about, until it is cleared', () => {
    expect(scopeOf(after(init, select(1, 2)))).toEqual({ kind: 'range', fromMs: 1000, toMs: 2000 });
    expect(scopeOf(after(init, moved(7), select(1, 2), select()))).toEqual({
      kind: 'now',
      atMs: 7000,
    });
    expect(scopeOf(after(init, select(1, 2), scoped('whole'), select()))).toEqual({
      kind: 'whole',
    });
  });

  it('is followed by what was seen so far, or all of it before anything was played', () => {
    expect(scopeOf(after(init))).toEqual({ kind: 'whole' });
    expect(scopeOf(after(init, moved(7)))).toEqual({ kind: 'now', atMs: 7000 });
    expect(scopeOf(after(init, moved(7), scoped('whole')))).toEqual({ kind: 'whole' });
  });
});

describe('the pace of watching', () => {
  const watching = (position: number, work: number): Event => ({
    kind: 'status',
    body: { state: 'watching', stats: stats(position, work) },
  });

  it('is told from where it began', () => {
    expect(watchPace(after(init))).toBeUndefined();
    expect(watchPace(after(init, watching(20, 1)))).toBeUndefined();
    expect(watchPace(after(init, watching(20, 1), watching(60, 5)))).toBe(10);
  });

  it('begins anew with another watching', () => {
    const state = after(init, watching(20, 1), watching(60, 5), watching(0, 1), watching(8, 5));
    expect(watchPace(state)).toBe(2);
  });

  it('counts all of it as watched when it is finished', () => {
    const half = after(init, { kind: 'media', body: media }, watching(50, 1));
    expect(indexedShare(half)).toBe(0.5);
    expect(indexedShare(afterFrom(half, { kind: 'status', body: { state: 'finished' } }))).toBe(1);
  });
});

describe('what is kept', () => {
  const used = after(
    init,
    moved(30),
    moved(20),
    { kind: 'playerChanged', body: { isPlaying: true, rate: 1.5, volume: 0.4, isMuted: true } },
    { kind: 'selected', body: { range: { fromMs: mediaMs(1000), toMs: mediaMs(2000) } } },
    { kind: 'drafted', body: { draft: 'Why?' } },
    asked('a'),
    { kind: 'answer', body: { requestId: 'a', answer: answer(9, 8) } },
    { kind: 'viewed', body: { filter: 'x', isFollowing: false, topRowId: 4 } },
  );

  it('comes back as it was, through JSON', () => {
    const kept = parseSavedState(JSON.parse(JSON.stringify(saveState(used))));
    const restored = restoreState(kept!, { path: '/videos/pantry.mp4', name: 'pantry.mp4' })!;
    const { player, range, ask, view } = used;
    expect(restored.player).toEqual(player);
    expect({ range: restored.range, view: restored.view }).toEqual({ range, view });
    expect(restored.ask).toEqual({ ...ask, focusSerial: 0 });
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ ...saveState(used), positionMs: -1 }],
    [{ ...saveState(used), volume: 7 }],
    [{ ...saveState(used), tab: 'other' }],
    [{ ...saveState(used), range: { fromMs: 1 } }],
    [{ ...saveState(used), draft: undefined }],
  ])('is not used when it is damaged: %o', (value) => {
    expect(parseSavedState(value)).toBeUndefined();
  });
});

describe('messages', () => {
  it.each([
    [undefined],
    [null],
    [{}],
    [{ kind: 'init' }],
    [{ kind: 'toString', body: {} }],
    ['init'],
  ])('that the page does not know are told apart: %o', (message) => {
    expect(isHostMessage(message)).toBe(false);
  });

  it('of the host are known by their kind', () => {
    expect(isHostMessage(init)).toBe(true);
    expect(isHostMessage({ kind: 'moved', body: { positionMs: 1 } })).toBe(false);
  });
});
