import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import type { LlmSequence } from '../../../daemon/llm/backend.ts';
import { RecoveringSequence } from '../../../daemon/llm/recoveringSequence.ts';
import { StreamingSequence, type StreamBackend } from '../../../daemon/llm/streamingSequence.ts';
import type { PolicyManifest, StreamManifest } from '../../../daemon/weights/streamManifest.ts';
import { FakeBackend } from '../../helpers/fakeBackend.ts';
import { tinyManifest, tinySpecialTokens } from '../../helpers/streamManifests.ts';

const { signal } = new AbortController();
const { silenceToken: _, ...untrained } = tinyManifest;
const asking = { yes: ['Y', 'y'], no: ['N'] };
const probe: PolicyManifest = {
  ...asking,
  ...{ kind: 'probe', ask: '<|user|>News?</s><|assistant|>' },
};
const scores: PolicyManifest = {
  ...{ kind: 'scores', informative: '<|user|>New?', relevance: '<|user|>It?', ...asking },
  ...{ instantThreshold: 3, sumThreshold: 4 },
};

interface Opened {
  readonly policy?: PolicyManifest;
  readonly manifest?: Partial<StreamManifest>;
  readonly contextSize?: number;
}

async function open(
  answers: string[],
  { policy = probe, manifest = {}, contextSize = 400 }: Opened = {},
) {
  const script = { favourites: answers, replies: [{ text: 'Ok.' }] };
  const backend = new FakeBackend(tinySpecialTokens, script);
  const options = { backend, manifest: { ...untrained, policy, ...manifest }, contextSize };
  const stream = await StreamingSequence.open(options, { signal });
  /** A frame of ten rows of which the first ones have this value, the others 1. */
  const see = async (changed = 0, value = 5, scope = { signal }): Promise<number> => {
    const rows = new Float32Array(10 * backend.rowWidth).fill(1);
    rows.fill(value, 0, changed * backend.rowWidth);
    return (await stream.appendFrame({ lines: [], rows }, scope)).silenceProbability;
  };
  const asked = (): number => answers.length;
  return { stream, see, asked, backend, contents: () => backend.sequences[0]!.contents };
}

const usual = (count: number): string[] => Array<string>(count).fill('N');

describe('a decoder that was not trained to be silent', () => {
  it('is asked behind each frame, and nothing of that stays', async () => {
    const { see, contents, stream } = await open(['N', 'N', 'N']);
    await see();
    await see();
    expect(contents()).toBe(`<s>${'▦'.repeat(10)}<|next|>${'▦'.repeat(10)}`);
    expect(stream.length).toBe(22);
  });

  it('is silent while it answers as ever, and speaks when an answer stands out', async () => {
    const { see } = await open([...usual(30), 'y', 'N']);
    const silences: number[] = [];
    for (let frame = 0; frame < 32; frame++) silences.push(await see());
    expect(Math.min(...silences.slice(10, 30))).toBeGreaterThan(0.8);
    expect(silences[30]).toBeLessThan(0.5);
    expect(silences[31]).toBeGreaterThan(0.8);
  });

  it('is refused when an answer is not one token', async () => {
    const policy = { ...probe, no: ['No'] };
    await expect(open([], { policy })).rejects.toMatchObject({ code: 'model.unsupported' });
  });

  it('keeps room for the question', async () => {
    const { see, stream } = await open([], { contextSize: 60 });
    for (let frame = 0; frame < 12; frame++) await see();
    expect(stream.length).toBeLessThanOrEqual(60 - 7);
    expect(stream.evicted).toBeGreaterThan(0);
  });
});

describe('a decoder that is asked only where the picture changes', () => {
  const policy: PolicyManifest = { ...probe, rowChange: 0.3 };

  it('is asked about the frames that stand out', async () => {
    const { see, asked, contents } = await open(usual(9), { policy });
    for (let frame = 0; frame < 20; frame++) expect(await see()).toBe(1);
    expect(asked()).toBe(9);
    expect(await see(6)).toBeLessThan(1);
    expect(asked()).toBe(8);
    expect(await see(6)).toBe(1);
    expect(asked()).toBe(8);
    expect(contents().split('<|next|>')).toHaveLength(22);
  });

  it('hears slow changes once they have added up', async () => {
    const { see, asked } = await open(usual(9), { policy });
    for (const value of [1, 1.1, 1.2]) await see(6, value);
    expect(asked()).toBe(9);
    await see(6, 1.4);
    expect(asked()).toBe(8);
  });

  it('is asked about the first frame behind the words of a user', async () => {
    const { see, asked, stream } = await open(usual(9), { policy });
    await see();
    await see();
    stream.appendUser('Tell me when it is blue.');
    await see();
    await see();
    expect(asked()).toBe(8);
  });

  it('counts frames of which the budget gives it nothing as still ones', async () => {
    const rowBudget = {
      rowChange: 0.001,
      ticks: 0,
      wholeEveryFrames: 500,
      keep: 'frames',
    } as const;
    const { see, asked, stream } = await open(usual(300), { policy, manifest: { rowBudget } });
    // What changes all the time is usual after a while, and no longer when the screen has stood still.
    for (let frame = 0; frame < 60; frame++) await see(6, 1 + (frame % 2));
    const before = asked();
    await see(6, 5);
    expect(asked()).toBe(before);
    for (let frame = 0; frame < 70; frame++) await see(6, 5);
    expect(stream.keptPercent).toBeLessThan(60);
    expect(asked()).toBe(before);
    await see(6, 9);
    expect(asked()).toBe(before - 1);
  });

  it('needs no asking where the change alone decides', async () => {
    const { see, asked } = await open(usual(9), { policy: { kind: 'change', rowChange: 0.3 } });
    const silences: number[] = [];
    for (const value of [1, 1, 1, 1, 5, 5, 5]) silences.push(await see(6, value));
    expect(silences.map((silence) => silence < 0.5)).toEqual([
      ...[false, false, false, false, true, false, false],
    ]);
    expect(asked()).toBe(9);
  });
});

describe('a decoder with two scores', () => {
  it('is asked for what is new, and for the request only while there is one', async () => {
    const { see, asked, stream, contents } = await open(usual(9), { policy: scores });
    await see();
    expect(asked()).toBe(8);
    stream.appendUser('Tell me when it is blue.');
    await see();
    await see();
    expect(asked()).toBe(4);
    expect(contents()).not.toContain('New?');
  });

  it('lets news pile up until something is said', async () => {
    const { see, stream } = await open([...usual(30), 'Y', 'N', 'N'], { policy: scores });
    for (let frame = 0; frame < 30; frame++) await see();
    expect(await see()).toBeLessThan(0.5);
    expect(await see()).toBeLessThan(0.5);
    await stream.reply({ signal });
    await stream.rollback();
    expect(await see()).toBeGreaterThan(0.9);
  });

  it('remembers nothing of a frame that was given up', async () => {
    const silencesOf = async (isGivenUp: boolean): Promise<number[]> => {
      const { see, backend, stream } = await open([...usual(20), 'Y', 'N'], { policy: scores });
      for (let frame = 0; frame < 20; frame++) await see();
      if (isGivenUp) {
        const { length } = stream;
        const sequence = backend.sequences[0]!;
        const append = sequence.append.bind(sequence);
        // The engine fails while the question is put.
        sequence.append = (parts, options) =>
          options.probabilitiesOf
            ? Promise.reject(new AppError('engine.contextFull'))
            : append(parts, options);
        await expect(see(6)).rejects.toMatchObject({ code: 'engine.contextFull' });
        expect(stream.length).toBe(length);
        sequence.append = append;
      }
      return [await see(), await see()];
    };
    expect(await silencesOf(true)).toEqual(await silencesOf(false));
  });

  it('remembers each frame once when the engine is lost while the question is put', async () => {
    const silencesOf = async (lostAt: number): Promise<number[]> => {
      const answers = [...usual(20), 'Y', 'N', 'Y', 'N'];
      const engine = new FakeBackend(tinySpecialTokens, { favourites: answers });
      const backend = losing(engine, lostAt);
      const manifest = { ...untrained, policy: scores };
      const stream = await StreamingSequence.open(
        { backend, manifest, contextSize: 900 },
        { signal },
      );
      const silences: number[] = [];
      for (let frame = 0; frame < 24; frame++) {
        const rows = new Float32Array(2 * backend.rowWidth);
        const reading = await stream.appendFrame({ lines: [], rows }, { signal });
        silences.push(reading.silenceProbability);
      }
      expect(engine.sequences).toHaveLength(Number.isFinite(lostAt) ? 2 : 1);
      return silences;
    };
    expect(await silencesOf(21)).toEqual(await silencesOf(Infinity));
  });
});

/** An engine that is lost at one question, counted from 1, and comes back. */
function losing(engine: FakeBackend, lostAt: number): StreamBackend {
  let asked = 0;
  const create = async (): Promise<LlmSequence> => {
    const sequence = await engine.createSequence({ contextSize: 900 });
    const append = sequence.append.bind(sequence);
    sequence.append = (parts, options) =>
      options.probabilitiesOf && ++asked === lostAt
        ? Promise.reject(new AppError('engine.lost'))
        : append(parts, options);
    return sequence;
  };
  const recovery = { create, newStateFile: () => 'none', saveEveryPositions: Infinity };
  return {
    tokenize: (text, options) => engine.tokenize(text, options),
    detokenize: (tokens) => engine.detokenize(tokens),
    createSequence: () => RecoveringSequence.create(recovery, { signal }),
    ...{ specialTokens: engine.specialTokens, canShift: true, rowWidth: engine.rowWidth },
  };
}
