import { describe, expect, it } from 'vitest';
import {
  defaultGuidanceConfig,
  judgeGuidance,
  namesIn,
} from '../../../daemon/assistant/guidance.ts';
import { mediaMs } from '../../../protocol/index.ts';

const line = (rowId: number, text: string, startMs: number) => ({
  rowId,
  text,
  startMs: mediaMs(startMs),
});
const said = (text: string, atMs = 10_000) => ({ text, atMs: mediaMs(atMs), likelihood: 1 });
const judge = (
  text: string,
  seen: ReturnType<typeof line>[],
  earlier: ReturnType<typeof said>[] = [],
) => judgeGuidance(said(text), seen, earlier, defaultGuidanceConfig);

describe('namesIn', () => {
  it.each([
    ['Wrote the function load_user in app.py.', ['load_user', 'app.py']],
    ['Ran npm test: 3 tests fail.', []],
    ['Renamed userName to `fetchAll`.', ['userName', 'fetchAll']],
    ['Opened src/db.ts, then utf8.', ['src/db.ts', 'utf8']],
    ['Started debugging.', []],
  ])('%s', (sentence, names) => {
    expect(namesIn(sentence)).toEqual(names);
  });
});

describe('with the plain words of a pack', () => {
  const plainWords = new Set([
    'ran',
    'switched',
    'to',
    'a',
    'light',
    'theme',
    'tests',
    'pass',
    'all',
  ]);
  const config = { ...defaultGuidanceConfig, plainWords };

  it.each([
    ['Ran cargo run: all 3 tests pass.', ['cargo', 'run', '3']],
    ['Switched to a light theme.', []],
  ])('%s', (sentence, names) => {
    expect(namesIn(sentence, plainWords)).toEqual(names);
  });

  it('shows what the screen bears out, word for word, and nothing else', () => {
    const seen = [line(1, '$ npm run build', 9000)];
    expect(judgeGuidance(said('Ran npm run build.'), seen, [], config).kind).toBe('show');
    expect(judgeGuidance(said('Ran cargo build.'), seen, [], config)).toMatchObject({
      reason: 'ungrounded',
    });
    expect(judgeGuidance(said('Switched to a light theme.'), [], [], config).kind).toBe('show');
  });
});

describe('of a pack that quotes', () => {
  const plainWords = new Set(['ran', 'opened', 'all', 'tests', 'pass', 'fails', 'the', 'file']);
  const config = { ...defaultGuidanceConfig, plainWords, quote: '`' };

  it.each([
    ['Ran `pytest -x tests/`: `test_login` fails.', ['pytest -x tests/', 'test_login']],
    ['Opened the file `all tests.py`.', ['all tests.py']],
    ['All tests pass.', []],
    ['Ran pytest: all 3 tests pass.', ['pytest', '3']],
    ['Ran `` ` `.', []],
    ['Ran `pytest -x', ['pytest -x']],
  ])('%s', (sentence, names) => {
    expect(namesIn(sentence, plainWords, '`')).toEqual(names);
  });

  it.each([
    ['Ran `pytest -x`.', 'show', [2]],
    ['Ran `pytest -x`: `test_login` fails.', 'show', [2, 3]],
    // Both words stood on screen, not beside each other.
    ['Ran `pytest tests`.', 'drop', []],
    ['Ran `pytest -x test_login`.', 'drop', []],
    ['Opened `src/login.py`.', 'drop', []],
    ['All tests pass.', 'show', []],
  ])('%s: %s', (sentence, kind, evidence) => {
    const seen = [
      line(1, 'tests', 8000),
      line(2, '$ pytest -x', 9000),
      line(3, 'x test_login', 9500),
    ];
    const verdict = judgeGuidance(said(sentence), seen, [], config);
    expect(verdict).toMatchObject(
      kind === 'show' ? { kind, evidence } : { kind, reason: 'ungrounded' },
    );
  });

  it('knows a line that the decoder got in its own spelling', () => {
    const seen = [line(1, '❯ “naïve” – ok', 9000)];
    expect(judgeGuidance(said('Ran `> "nave" - ok`.'), seen, [], config).kind).toBe('show');
  });

  it('may quote what was asked', () => {
    const asked = { ...config, asked: 'Tell me when build.sh ends.' };
    expect(judgeGuidance(said('Ran `build.sh`.'), [], [], asked)).toMatchObject({
      ...{ kind: 'show', evidence: [], startMs: 10_000 },
    });
    expect(judgeGuidance(said('Ran `build.sh`.'), [], [], config).kind).toBe('drop');
  });
});

describe('a reply of which the model was not sure', () => {
  const config = { ...defaultGuidanceConfig, minLikelihood: 0.4 };
  it.each([
    [0.39, { kind: 'drop', reason: 'unlikely' }],
    [0.4, { kind: 'show' }],
  ])('with %d', (likelihood, verdict) => {
    const unsure = { ...said('Started debugging.'), likelihood };
    expect(judgeGuidance(unsure, [], [], config)).toMatchObject(verdict);
  });

  it('is shown where nothing is withheld', () => {
    const unsure = { ...said('Started debugging.'), likelihood: 0 };
    expect(judgeGuidance(unsure, [], [], defaultGuidanceConfig).kind).toBe('show');
  });
});

it('shows inventions to whoever wants to count them', () => {
  const config = { ...defaultGuidanceConfig, isUngrounded: true };
  const seen = [line(1, 'app.py', 2000)];
  expect(judgeGuidance(said('Wrote save_user in app.py.'), seen, [], config)).toEqual({
    ...{ kind: 'show', startMs: 2000, evidence: [1] },
  });
});

describe('judgeGuidance', () => {
  it('rests a sentence on the newest lines that show its names, and begins where the last of them appeared', () => {
    const seen = [line(1, 'app.py', 2000), line(2, 'def load_user(id):', 9000), line(3, 'x', 9500)];
    expect(judge('Wrote load_user in app.py.', seen)).toEqual({
      kind: 'show',
      startMs: 9000,
      evidence: [2, 1],
    });
  });

  it('drops a name that was never read', () => {
    expect(judge('Wrote save_user in app.py.', [line(1, 'app.py', 2000)])).toMatchObject({
      reason: 'ungrounded',
    });
  });

  it('forgives one misread character in a long name, none in a short one', () => {
    expect(judge('Wrote load_user.', [line(1, 'def 1oad_user', 9000)]).kind).toBe('show');
    expect(judge('Opened a.py.', [line(1, 'o.py', 9000)]).kind).toBe('drop');
  });

  it('lets a sentence without names rest on the picture', () => {
    expect(judge('Started debugging.', [])).toEqual({
      kind: 'show',
      startMs: 10_000,
      evidence: [],
    });
  });

  it('does not take lines from long ago as evidence', () => {
    const longAgo = line(1, 'app.py', 0);
    const late = judgeGuidance(
      said('Opened app.py.', 100_000),
      [longAgo],
      [],
      defaultGuidanceConfig,
    );
    expect(late.kind).toBe('drop');
  });

  it('does not repeat itself within the window, but does after it', () => {
    expect(judge('Tests pass.', [], [said('Tests pass.', 9_000)])).toMatchObject({
      reason: 'repeated',
    });
    expect(judge('Tests pass.', [], [said('Tests pass.', 1_000)]).kind).toBe('show');
  });

  it('tells an event once, whatever words come to it', () => {
    const seen = [line(1, 'pantry.js', 1_000)];
    const opened = said('Opened pantry.js.', 9_000);
    expect(judge('Now looking at pantry.js.', seen, [opened])).toMatchObject({
      reason: 'repeated',
    });
    const long = said('Opened pantry.js.', 7_000);
    expect(judge('Now looking at pantry.js.', seen, [long]).kind).toBe('show');
  });

  it('tells a person who asked for it what was said unasked before, and that once', () => {
    const asked = { ...said('Tests pass.'), request: 'when the tests pass' };
    const unasked = said('Tests pass.', 9_500);
    const twice = { ...asked, atMs: mediaMs(9_000) };
    const judgeAsked = (earlier: Parameters<typeof judgeGuidance>[2]) =>
      judgeGuidance(asked, [], earlier, defaultGuidanceConfig);
    expect(judgeAsked([unasked]).kind).toBe('show');
    expect(judgeAsked([unasked, twice])).toMatchObject({ reason: 'repeated' });
    expect(judgeAsked([{ ...twice, request: 'when they commit' }]).kind).toBe('show');
    expect(judge('Tests pass.', [], [{ ...twice, likelihood: 1 }])).toMatchObject({
      reason: 'repeated',
    });
  });

  it('lets the answer to a request name what was asked for', () => {
    const reply = { ...said('Opened app.py.'), request: 'when they open app.py' };
    expect(judgeGuidance(reply, [], [], defaultGuidanceConfig).kind).toBe('show');
  });

  describe('withholds what contradicts the screen', () => {
    const gone = (goneMs: number) => ({ ...line(1, 'app.py', 500), goneMs: mediaMs(goneMs) });
    const judgeLate = (seen: Parameters<typeof judgeGuidance>[1]) =>
      judgeGuidance(said('Opened app.py.', 20_000), seen, [], defaultGuidanceConfig);

    it('that is, what nothing on screen has borne out for a while', () => {
      expect(judgeLate([gone(9_000)])).toEqual({ kind: 'drop', reason: 'contradicted' });
    });

    it('not what has just gone, which it may be about', () => {
      expect(judgeLate([gone(11_000)]).kind).toBe('show');
    });

    it('not what stands elsewhere', () => {
      expect(judgeLate([line(2, 'app.py', 700), gone(1_000)]).kind).toBe('show');
    });

    it('not what names nothing', () => {
      expect(judge('Started debugging.', [gone(1_000)]).kind).toBe('show');
    });
  });

  it('drops an empty reply', () => {
    expect(judge('  ', [])).toMatchObject({ reason: 'empty' });
  });
});
