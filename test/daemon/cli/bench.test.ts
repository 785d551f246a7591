/** `codealong bench quality` against a fake service: what it watches and asks, what it prints, and how it refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WatchedClip } from '../../../daemon/bench/scoring.ts';
import { runCli } from '../../../daemon/cli/runCli.ts';
import { noProgress } from '../../../daemon/cli/progress.ts';
import { createFakeService } from '../../helpers/fakeService.ts';
import { connectInMemory, runInMemory } from '../../helpers/memoryCli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-truth-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (truth: unknown): void => {
  const text = typeof truth === 'string' ? truth : JSON.stringify(truth);
  writeFileSync(join(folder, 'truth.json'), text);
};

/** The fake says "A function named add appears." at 0:07 of every video, and "It is named add." to every question, from 0:06. */
const asked = { text: 'Which function?', atSeconds: 9, expected: '', slots: {} };
const truth = {
  format: 1,
  window: {
    ...{ earlySeconds: 1, lateSeconds: 3, requestEarlySeconds: 0.5 },
    ...{ repeatSeconds: 10, whenSeconds: 2 },
  },
  notSeenReply: 'Not seen in this video.',
  slotClasses: { function: 'symbol' },
  phrasings: [{ kind: 'function', text: 'A function named `{function}` appears.' }],
  clips: [
    {
      ...{ file: 'short.mp4', seconds: 20, kind: 'session', requests: [] },
      steps: [
        { atSeconds: 6.5, kind: 'function', slots: { function: 'add' } },
        { atSeconds: 15, kind: 'function', slots: { function: 'sub' } },
      ],
      questions: [
        { ...asked, kind: 'past', slots: { function: 'add' } },
        { ...asked, kind: 'past', slots: { function: 'sub' } },
        { ...asked, kind: 'when', seconds: 7 },
        { ...asked, kind: 'unanswerable', text: 'unanswerable' },
      ],
    },
    {
      ...{ file: 'other.mp4', seconds: 20, kind: 'standing', steps: [], questions: [] },
      instruction: 'Tell me when a function is written.',
      requests: [{ atSeconds: 7, slots: {} }],
    },
    { file: 'idle.mp4', seconds: 20, kind: 'nothing', steps: [], requests: [], questions: [] },
  ],
};

describe('bench quality', () => {
  it('prints the figures as one object', async () => {
    write(truth);
    const { code, stdout, stderr } = await runInMemory(['bench', 'quality', folder, '--json']);
    expect([code, stderr, stdout.length]).toEqual([0, [], 1]);
    expect(JSON.parse(stdout[0]!)).toMatchObject({
      ...{ clips: 3, stepF1: 0.667, stepPrecision: 1, stepRecall: 0.5, timeDiffSeconds: 0.5 },
      ...{ slotExact: 1, slotExactByClass: { symbol: 1 }, kindAccuracy: 1, exactSteps: 0.5 },
      ...{ falsePerMinute: 3, standingRequests: 1, questionAccuracy: 0.667, abstention: 1 },
      questionAccuracyByKind: { past: 0.5, when: 1 },
      byKind: { function: { steps: 2, found: 1, exact: 1 } },
    });
  });

  it('prints a table with the goals', async () => {
    write(truth);
    const { code, stdout } = await runInMemory(['bench', 'quality', folder]);
    expect(code).toBe(0);
    const text = stdout.join('\n');
    expect(text).toMatch(/^3 clips: .* 2 steps, .* 1 standing requests due, 4 questions$/m);
    expect(text).toMatch(/^steps, F1 +0\.667 +≥ 0\.85$/m);
    expect(text).toMatch(/^questions answered right: past 0\.5, when 1$/m);
  });

  it('watches and asks as the truth says, with the options of the command line', async () => {
    write(truth);
    const sessions: unknown[] = [];
    const questions: unknown[] = [];
    const fake = createFakeService();
    const service = {
      ...fake,
      startSession: (...all: Parameters<typeof fake.startSession>) => {
        sessions.push(all[0]);
        return fake.startSession(...all);
      },
      ask: (...all: Parameters<typeof fake.ask>) => {
        questions.push(all[0]);
        return fake.ask(...all);
      },
    };
    const argv = ['bench', 'quality', folder, '--model', 'other', '--ungrounded'];
    expect((await runInMemory(argv, { service })).code).toBe(0);
    const options = { model: 'other', isUngrounded: true };
    expect(sessions).toEqual([
      { source: { kind: 'file', path: join(folder, 'short.mp4') }, options },
      {
        source: { kind: 'file', path: join(folder, 'other.mp4') },
        options: { ...options, instruction: 'Tell me when a function is written.' },
      },
      { source: { kind: 'file', path: join(folder, 'idle.mp4') }, options },
    ]);
    expect(questions).toHaveLength(4);
    expect(questions[0]).toMatchObject({ question: 'Which function?', atMs: 9000, options });
  });

  it('writes down what was said', async () => {
    write(truth);
    const file = join(folder, 'said.json');
    await runInMemory(['bench', 'quality', folder, '--transcript', file]);
    const clips = JSON.parse(readFileSync(file, 'utf8')) as WatchedClip[];
    expect(clips.map(({ replies }) => replies)).toEqual([
      ...[1, 2, 3].map(() => [{ seconds: 7, text: 'A function named add appears.' }]),
    ]);
    expect(clips[0]!.answers[0]).toEqual({
      ...{ text: 'It is named add.', abstained: false, seconds: [6] },
    });
  });

  it('keeps nothing: the home is a new one, unless one is named', async () => {
    write(truth);
    const homes: (string | undefined)[] = [];
    const run = (...more: string[]): Promise<number> =>
      runCli(['bench', 'quality', folder, ...more], {
        output: { line: () => undefined, note: () => undefined },
        connect: ({ home }) => {
          homes.push(home);
          return Promise.resolve(connectInMemory(createFakeService()));
        },
        find: () => Promise.resolve(undefined),
        display: {},
        createProgress: () => noProgress,
        signal: new AbortController().signal,
      });
    expect([await run(), await run(), await run('--home', folder)]).toEqual([0, 0, 0]);
    expect(homes[2]).toBe(folder);
    expect(new Set(homes).size).toBe(3);
    expect(homes.slice(0, 2).some((home) => existsSync(home!))).toBe(false);
  });

  it('tells which video cannot be watched', async () => {
    write({ ...truth, clips: [{ ...truth.clips[2], file: 'missing.mp4' }] });
    const { code, stderr } = await runInMemory(['bench', 'quality', folder, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr[0]!)).toMatchObject({
      error: { code: 'source.notFound', message: 'There is no missing.mp4.' },
    });
  });

  it('leaves at Ctrl+C', async () => {
    write({ ...truth, clips: [{ ...truth.clips[2], file: 'endless.mp4' }] });
    const interrupt = new AbortController();
    const progress = {
      ...noProgress,
      at: () => {
        interrupt.abort();
      },
    };
    const { code } = await runInMemory(['bench', 'quality', folder], { interrupt, progress });
    expect(code).toBe(130);
  });
});

describe('bench frames', () => {
  /** A service whose daemon writes two frames of every video. */
  const writing = () => {
    const fake = createFakeService();
    const given = (ptsMs: number): string => JSON.stringify({ ptsMs, lines: [], rows: 'AAAA' });
    return {
      ...fake,
      startSession: (...all: Parameters<typeof fake.startSession>) => {
        writeFileSync(all[0].options.framesFile!, `${given(0)}\n${given(500)}\n`);
        return fake.startSession(...all);
      },
    };
  };

  it('prints what the daemon wrote, a line for each frame, with the name of its video', async () => {
    const argv = ['bench', 'frames', join(folder, 'one.mp4'), join(folder, 'two.mp4')];
    const { code, stdout, stderr } = await runInMemory(argv, { service: writing() });
    expect([code, stderr]).toEqual([0, []]);
    const frame = { lines: [], rows: 'AAAA' };
    expect(stdout.map((line) => JSON.parse(line) as unknown)).toEqual([
      { video: 'one.mp4', ptsMs: 0, ...frame },
      { video: 'one.mp4', ptsMs: 500, ...frame },
      { video: 'two.mp4', ptsMs: 0, ...frame },
      { video: 'two.mp4', ptsMs: 500, ...frame },
    ]);
  });

  it('wants a home in which nothing was watched', async () => {
    const { code, stderr } = await runInMemory(['bench', 'frames', 'x.mp4', '--home', folder]);
    expect(code).toBe(2);
    expect(stderr.join()).toContain('leave --home out');
  });
});

describe('bench quality refuses', () => {
  it.each([
    [['bench'], '"codealong bench" needs quality|frames.'],
    [['bench', 'quality'], '"codealong bench" needs PATH.'],
    [['bench', 'speed', 'x'], 'What can be measured is quality or frames, not "speed".'],
    [['bench', 'quality', 'x', 'y'], 'does not know what to do with "y"'],
    [['bench', 'quality', 'x', '--transcript'], 'The option --transcript needs a value'],
  ])('%j', async (argv, sentence) => {
    const { code, stdout, stderr } = await runInMemory(argv);
    expect([code, stdout]).toEqual([2, []]);
    expect(stderr.join()).toContain(sentence);
  });

  const refusal = async (path: string): Promise<{ code: string; message: string }> => {
    const connect = () => Promise.reject(new TypeError('a daemon was started'));
    const argv = ['bench', 'quality', path, '--json'];
    const { code, stdout, stderr } = await runInMemory(argv, { connect });
    expect([code, stdout]).toEqual([1, []]);
    const { error } = JSON.parse(stderr[0]!) as {
      error: { code: string; message: string; remedy: string };
    };
    expect(error.remedy).toMatch(/^[A-Z].*\.$/);
    return error;
  };

  it('a folder without a truth, and no folder', async () => {
    for (const path of [folder, join(folder, 'nowhere')]) {
      const { code, message } = await refusal(path);
      expect(code).toBe('source.notFound');
      expect(message).toContain(join(path, 'truth.json'));
    }
  });

  it.each([
    ['not JSON', '{', 'it is no such object'],
    ['a list', [], 'it is no such object'],
    ['another format', { ...truth, format: 2 }, '"format"'],
    ['no clips', { ...truth, clips: [] }, '"clips"'],
    [
      'a clip of no kind',
      { ...truth, clips: [{ ...truth.clips[2], kind: 'x' }] },
      '"clips.0.kind"',
    ],
  ])('a truth that is %s', async (_, content, hint) => {
    write(content);
    const { code, message } = await refusal(folder);
    expect(code).toBe('bench.invalidTruth');
    expect(message).toContain(hint);
    expect(message).toMatch(/^[^\n]+\.$/);
  });
});
