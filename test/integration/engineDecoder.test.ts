/** The decoder in a real engine process: exactness of rows, shifts and saved states, and what is refused. */
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LlmSequence, SequencePart, TokenId } from '../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import {
  allProbabilities,
  collect,
  largestDifference,
  openTinyBackend,
  signal,
  someRows,
  someTokens,
  type TestEngine,
} from '../helpers/engine.ts';
import { writeTinyModel } from '../helpers/writeGguf.ts';

let test: TestEngine;
beforeAll(async () => {
  test = await openTinyBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const tokens = (ids: readonly TokenId[]): SequencePart => ({ kind: 'tokens', tokens: ids });
const rows = (values: Float32Array): SequencePart => ({ kind: 'rows', rows: values });

async function filled(
  appends: readonly (readonly SequencePart[])[],
  { backend } = test,
  options: { cacheType?: 'f16' | 'f32' } = {},
): Promise<LlmSequence> {
  const sequence = await backend.createSequence({ contextSize: 256, ...options, signal });
  for (const parts of appends) await sequence.append(parts, { signal });
  return sequence;
}

const probabilities = (sequence: LlmSequence, { backend } = test): Promise<readonly number[]> =>
  allProbabilities(sequence, backend.vocabularySize);

const relativeDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((p, i) => Math.abs(p / b[i]! - 1)));

// Tokens beside rows go the way through the embedding table, tokens alone do not.
describe.each(['f32', 'f16', 'bf16', 'q8_0'] as const)('a table stored as %s', (embedding) => {
  it('gives rows that compute exactly like their tokens', async () => {
    await using tiny = await openTinyBackend({ embedding }, {}, test.engine);
    const { backend } = tiny;
    const picture = rows(someRows(4, backend.rowWidth));
    const ids = someTokens(40);
    await using separate = await filled([[tokens(ids)], [picture]], tiny);
    await using together = await filled([[tokens(ids), picture]], tiny);
    expect(
      largestDifference(await probabilities(separate, tiny), await probabilities(together, tiny)),
    ).toBe(0);
  });
});

describe('an append', () => {
  // Between 2 and 63 rows a decode the same kernels run. One row takes another matrix product, and from 64 rows on flash
  // attention works in tiles that round to f16; so other splits agree up to rounding, which an f32 cache keeps small.
  it.each([
    ['f32', 1e-5],
    ['f16', 5e-2],
  ] as const)('gives the same in any split, %s cache', async (cacheType, tolerance) => {
    const width = test.backend.rowWidth;
    const [a, b] = [someTokens(7, 3), someTokens(90, 5)];
    const [c, d] = [someRows(4, width, 2), someRows(6, width, 4)];
    const options = { cacheType };
    await using whole = await filled([[tokens(a), rows(c), tokens(b), rows(d)]], test, options);
    const expected = await probabilities(whole);
    const splits: SequencePart[][][] = [
      [[tokens(a)], [rows(c)], [tokens(b)], [rows(d)]],
      [
        [tokens(a.slice(0, 3))],
        [tokens(a.slice(3)), rows(c.subarray(0, width))],
        [rows(c.subarray(width)), tokens(b)],
        [rows(d)],
      ],
      [[tokens(a), rows(c)], ...b.map((id) => [tokens([id])]), [rows(d)]],
    ];
    for (const split of splits) {
      await using sequence = await filled(split, test, options);
      expect(sequence.length).toBe(whole.length);
      expect(relativeDifference(await probabilities(sequence), expected)).toBeLessThan(tolerance);
    }
  });

  it('reads probabilities that add up to 1', async () => {
    await using sequence = await filled([[tokens(someTokens(9))]]);
    const all = await probabilities(sequence);
    expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    const reading = await sequence.append([], { probabilitiesOf: [5], signal });
    expect(reading?.mostLikely).toBe(all.indexOf(Math.max(...all)));
  });

  it('leaves the sequence as it was when there is no room', async () => {
    await using sequence = await filled([[tokens(someTokens(200))]]);
    const before = await probabilities(sequence);
    const tooMuch = sequence.append([tokens(someTokens(57))], { signal });
    await expect(tooMuch).rejects.toMatchObject({ code: 'engine.contextFull' });
    expect(sequence.length).toBe(200);
    expect(await probabilities(sequence)).toEqual(before);
    await sequence.append([tokens(someTokens(56))], { signal });
    expect(sequence.length).toBe(256);
  });

  it.each([
    ['a token outside the vocabulary', () => [tokens([1_000_000])]],
    ['rows of another width', () => [rows(new Float32Array(test.backend.rowWidth + 1))]],
    ['rows that are not numbers', () => [rows(new Float32Array(test.backend.rowWidth).fill(NaN))]],
  ])('refuses %s and goes on', async (_, parts) => {
    await using sequence = await filled([[tokens(someTokens(5))]]);
    await expect(sequence.append(parts(), { signal })).rejects.toMatchObject({
      code: 'engine.decodeFailed',
    });
    expect(sequence.length).toBe(5);
    await sequence.append([tokens(someTokens(3))], { signal });
    await using undisturbed = await filled([[tokens(someTokens(5))], [tokens(someTokens(3))]]);
    expect(await probabilities(sequence)).toEqual(await probabilities(undisturbed));
  });

  it('does nothing when it was cancelled before', async () => {
    await using sequence = await filled([[tokens(someTokens(5))]]);
    const aborted = AbortSignal.abort();
    await expect(
      sequence.append([tokens(someTokens(3))], { signal: aborted }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(sequence.length).toBe(5);
  });
});

describe('dropping positions', () => {
  // One layer: a key then depends on its own position alone, so a fresh prefill of what was kept must give the same.
  it.each([
    ['f32', 1e-5],
    ['f16', 6e-3],
  ] as const)('equals a fresh prefill of the rest, %s cache', async (cacheType, tolerance) => {
    await using tiny = await openTinyBackend({ layers: 1 }, {}, test.engine);
    const width = tiny.backend.rowWidth;
    const picture = rows(someRows(10, width));
    const [head, gone, tail] = [someTokens(4, 1), someTokens(20, 2), someTokens(11, 3)];
    const more = [tokens(someTokens(3, 9))];
    const options = { cacheType };
    await using evicted = await filled(
      [[tokens(head), tokens(gone), picture, tokens(tail)]],
      tiny,
      options,
    );
    await evicted.removeRange(4, 24, { signal });
    expect(evicted.length).toBe(25);
    await evicted.append(more, { signal });
    await using fresh = await filled([[tokens(head), picture, tokens(tail)], more], tiny, options);
    const [a, b] = [await probabilities(evicted, tiny), await probabilities(fresh, tiny)];
    expect(relativeDifference(a, b)).toBeLessThan(tolerance);
  });

  it('from the end equals never having appended them', async () => {
    const more = [tokens(someTokens(4, 8))];
    await using cut = await filled([[tokens(someTokens(30))], [tokens(someTokens(9, 7))]]);
    await cut.truncate(30, { signal });
    await expect(cut.append([], { probabilitiesOf: [1], signal })).rejects.toMatchObject({
      code: 'engine.decodeFailed',
    });
    await cut.append(more, { signal });
    await using fresh = await filled([[tokens(someTokens(30))], more]);
    expect(await probabilities(cut)).toEqual(await probabilities(fresh));
  });
});

describe('a copy', () => {
  it('goes its own way', async () => {
    await using sequence = await filled([[tokens(someTokens(30))]]);
    const before = await probabilities(sequence);
    await using copy = await sequence.fork({ signal });
    expect(await probabilities(copy)).toEqual(before);
    await copy.append([tokens(someTokens(20, 4))], { signal });
    expect(await probabilities(sequence)).toEqual(before);
    await sequence.append([tokens(someTokens(20, 4))], { signal });
    expect(await probabilities(copy)).toEqual(await probabilities(sequence));
  });

  it('of an empty sequence is empty', async () => {
    await using sequence = await filled([]);
    await using copy = await sequence.fork({ signal });
    expect(copy.length).toBe(0);
    await copy.append([tokens([9])], { signal });
    expect(copy.length).toBe(1);
  });
});

describe('a saved state', () => {
  it('continues in another process as if nothing had happened', async () => {
    const file = join(test.folder, 'moved.state');
    const start = [tokens(someTokens(60)), rows(someRows(4, test.backend.rowWidth))];
    const more = [tokens(someTokens(5, 6))];
    await using sequence = await filled([start]);
    await sequence.save(file, { signal });
    await using other = await openTinyBackend();
    await using restored = await filled([], other);
    await restored.restore(file, { signal });
    expect(restored.length).toBe(64);
    // Even the output after the last position is there, without a decode.
    expect(await probabilities(restored, other)).toEqual(await probabilities(sequence));
    await restored.append(more, { signal });
    await sequence.append(more, { signal });
    expect(await probabilities(restored, other)).toEqual(await probabilities(sequence));
  });

  it('is refused by another model, cache type and context size, and when it is cut off', async () => {
    const file = join(test.folder, 'refused.state');
    await using sequence = await filled([[tokens(someTokens(20))]]);
    await sequence.save(file, { signal });
    const mismatch = { code: 'engine.stateMismatch' };
    await using foreign = await openTinyBackend({ seed: 7 }, {}, test.engine);
    await using ofAnotherModel = await filled([], foreign);
    await expect(ofAnotherModel.restore(file, { signal })).rejects.toMatchObject(mismatch);
    await using ofAnotherType = await filled([], test, { cacheType: 'f32' });
    await expect(ofAnotherType.restore(file, { signal })).rejects.toMatchObject(mismatch);
    await using smaller = await test.backend.createSequence({ contextSize: 128, signal });
    await expect(smaller.restore(file, { signal })).rejects.toMatchObject(mismatch);

    await using target = await filled([[tokens(someTokens(3))]]);
    await expect(target.restore(`${file}.none`, { signal })).rejects.toMatchObject(mismatch);
    truncateSync(file, 3000);
    await expect(target.restore(file, { signal })).rejects.toMatchObject(mismatch);
    writeFileSync(file, 'not a state');
    await expect(target.restore(file, { signal })).rejects.toMatchObject(mismatch);
    await target.append([tokens([9])], { signal });
    expect(test.engine.restarts).toBe(0);
  });
});

describe('generation', () => {
  const free = { maxTokens: 24, stopTokens: [], signal };
  const prompt = [tokens(someTokens(12, 5))];

  it('is greedy at temperature 0: each token is the most likely one', async () => {
    await using sequence = await filled([prompt]);
    await using witness = await filled([prompt]);
    for await (const token of sequence.generate({ ...free, temperature: 0 })) {
      const reading = await witness.append([], { probabilitiesOf: [], signal });
      expect(token).toBe(reading?.mostLikely);
      await witness.append([tokens([token])], { signal });
      expect(sequence.length).toBe(witness.length);
    }
    expect(sequence.length).toBeGreaterThan(20);
  });

  it('ends before a stop token, which is not kept', async () => {
    await using sequence = await filled([prompt]);
    const all = await collect(sequence.generate({ ...free, temperature: 0 }));
    const stop = all[6]!;
    await using stopped = await filled([prompt]);
    const some = await collect(stopped.generate({ ...free, temperature: 0, stopTokens: [stop] }));
    expect(some).toEqual(all.slice(0, all.indexOf(stop)));
    expect(stopped.length).toBe(12 + some.length);
  });

  it('repeats itself with the same seed only', async () => {
    const say = async (seed: number): Promise<TokenId[]> => {
      await using sequence = await filled([prompt]);
      const sampling = { temperature: 1.2, topK: 50, topP: 0.95, seed };
      return await collect(sequence.generate({ ...free, ...sampling }));
    };
    expect(await say(1)).toEqual(await say(1));
    expect(await say(1)).not.toEqual(await say(2));
  });

  it.each([0, 0.9])('stays within a grammar at temperature %f', async (temperature) => {
    await using sequence = await filled([prompt]);
    const grammar = 'root ::= "file: " [a-e]+ "." [jt] "s"';
    const options = { ...free, maxTokens: 60, temperature, seed: 3, grammar };
    const text = await test.backend.detokenize(await collect(sequence.generate(options)), {
      signal,
    });
    expect(text).toMatch(
      temperature === 0 ? /^file: [a-e]+(\.([jt]s?)?)?$/ : /^file: [a-e]+\.[jt]s$/,
    );
  });

  it('tells how likely each token was before the grammar, and the one that ended it', async () => {
    await using first = await filled([prompt]);
    const stop = (await collect(first.generate({ ...free, temperature: 0 })))[3]!;
    const picks: number[] = [];
    const asked = { ...free, temperature: 0, onPick: (one: number) => void picks.push(one) };
    await using sequence = await filled([prompt]);
    await using witness = await filled([prompt]);
    const said = await collect(sequence.generate({ ...asked, stopTokens: [stop] }));
    const expected: number[] = [];
    for (const token of [...said, stop]) {
      const reading = await witness.append([], { probabilitiesOf: [token], signal });
      expected.push(reading!.probabilities.get(token)!);
      await witness.append([tokens([token])], { signal });
    }
    expect(picks).toEqual(expected);

    picks.length = 0;
    await using bound = await filled([prompt]);
    await collect(bound.generate({ ...asked, grammar: 'root ::= "abc"' }));
    expect(picks.length).toBeGreaterThan(1);
    // A model that knows nothing would hardly have said this.
    for (const one of picks.slice(0, -1)) expect(one).toBeLessThan(0.5);
  });

  it('refuses a grammar that is none', async () => {
    await using sequence = await filled([prompt]);
    const broken = sequence.generate({ ...free, temperature: 0, grammar: 'root ::= (' });
    await expect(collect(broken)).rejects.toMatchObject({ code: 'engine.decodeFailed' });
  });

  it('stops within one token when it is cancelled', async () => {
    await using sequence = await filled([prompt]);
    const controller = new AbortController();
    const seen: TokenId[] = [];
    const run = async (): Promise<void> => {
      const options = { ...free, temperature: 0, signal: controller.signal };
      for await (const token of sequence.generate(options)) {
        seen.push(token);
        if (seen.length === 3) controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toHaveLength(3);
    expect(sequence.length).toBe(15);
  });
});

describe('text', () => {
  it.each(['def add(a, b): return a', 'naïve 日本語 → 🙂', '  two\n\tlines , kept', ''])(
    'survives the way to tokens and back: %j',
    async (text) => {
      const ids = await test.backend.tokenize(text, { parseSpecial: false, signal });
      expect(await test.backend.detokenize(ids, { signal })).toBe(text);
    },
  );

  it('holds special tokens only where they are asked for', async () => {
    const parsed = await test.backend.tokenize('<s><|user|>a', { parseSpecial: true, signal });
    expect(parsed.slice(0, 2)).toEqual([0, 2]);
    const plain = await test.backend.tokenize('<s>', { parseSpecial: false, signal });
    expect(plain).toHaveLength(3);
    expect(test.backend.specialTokens).toContain('<|next|>');
  });
});

describe('a model that cannot be run is refused with a sentence', () => {
  const open = (path: string): Promise<LlamaBackend> =>
    LlamaBackend.open(
      {
        channel: test.engine,
        model: { path, device: 'cpu' },
        stateFolder: join(test.folder, 'refused'),
      },
      { signal },
    );
  it.each([
    ['random bytes', Buffer.alloc(5000, 200)],
    ['a broken header', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(100, 255)])],
    ['nothing', Buffer.alloc(0)],
  ])('%s', async (name, bytes) => {
    const path = join(test.folder, 'broken.gguf');
    writeFileSync(path, bytes);
    await expect(open(path), name).rejects.toMatchObject({ code: 'engine.modelUnreadable' });
  });

  it('a file that was cut off', async () => {
    const path = join(test.folder, 'cut.gguf');
    writeTinyModel(path);
    truncateSync(path, 100_000);
    await expect(open(path)).rejects.toMatchObject({ code: 'engine.modelUnreadable' });
  });

  it('a missing file', async () => {
    const missing = open(join(test.folder, 'none.gguf'));
    await expect(missing).rejects.toMatchObject({ code: 'engine.modelUnreadable' });
  });

  it('positions in several planes, with the reason', async () => {
    const path = join(test.folder, 'qwen2vl.gguf');
    writeTinyModel(path, { architecture: 'qwen2vl' });
    await expect(open(path)).rejects.toMatchObject({
      code: 'model.unsupported',
      message: expect.stringContaining('M-RoPE') as string,
    });
  });

  it('another architecture', async () => {
    const path = join(test.folder, 'gemma.gguf');
    writeTinyModel(path, { architecture: 'gemma3' });
    await expect(open(path)).rejects.toMatchObject({
      code: 'model.unsupported',
      message: 'Decoders of the architecture "gemma3" cannot be run.',
    });
  });

  it('a context that is longer than it was trained for', async () => {
    const tooLong = test.backend.createSequence({ contextSize: 513, signal });
    await expect(tooLong).rejects.toMatchObject({ code: 'model.unsupported' });
    expect(test.engine.restarts).toBe(0);
  });
});
