/** The shipped decoder computes what PyTorch computed when it was exported: tokens, silence, replies. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import type { EngineProcess } from '../../daemon/engine/engineProcess.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import type { LlmSequence, TokenId } from '../../daemon/llm/backend.ts';
import {
  advance,
  initialStreamState,
  neutralise,
  type StreamLine,
} from '../../daemon/llm/streamTemplate.ts';
import { ReplayingSequence } from '../../daemon/llm/replayingSequence.ts';
import { StreamingSequence } from '../../daemon/llm/streamingSequence.ts';
import type { PackManifest } from '../../daemon/weights/manifest.ts';
import { collect, signal, someRows, startEngine } from '../helpers/engine.ts';

const pack = resolve(import.meta.dirname, '../../models/live-tiny');
const goldenFile = resolve(import.meta.dirname, '../golden/streamTemplate.json');
const isThere = existsSync(join(pack, 'decoder.gguf'));
if (!isThere && process.env['CI']) throw new Error('models/live-tiny has no decoder.gguf');

interface ParityFrame {
  readonly lines: StreamLine[];
  /** Offset into parity.bin. */
  readonly rows: number;
  readonly silence: number;
  readonly reply?: { readonly tokens: TokenId[]; readonly text: string };
}

interface Parity {
  readonly rows: { readonly count: number; readonly width: number };
  readonly tolerances: { readonly probability: number };
  readonly streams: Record<
    string,
    { readonly instruction: string; readonly frames: ParityFrame[] }
  >;
}

interface Golden {
  readonly conversations: {
    readonly name: string;
    readonly ids: TokenId[];
    readonly steps: { readonly pieces: { readonly kind: string; readonly text: string }[] }[];
  }[];
  readonly recall: {
    readonly name: string;
    readonly prompt: string;
    readonly ids: TokenId[];
    readonly reply: { readonly rows: number[]; readonly text: string; readonly ids: TokenId[] };
  }[];
}

const stack = new DisposalStack();
let backend: LlamaBackend;
let channel: EngineProcess;
let manifest: PackManifest;

beforeAll(async () => {
  if (!isThere) return;
  manifest = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8')) as PackManifest;
  const folder = mkdtempSync(join(tmpdir(), 'codealong-decoder-'));
  stack.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  channel = stack.use(startEngine());
  const model = { path: join(pack, manifest.files.decoder.path), device: 'cpu' } as const;
  backend = await LlamaBackend.open({ channel, model, stateFolder: join(folder, 's') }, { signal });
  stack.use(backend);
});
afterAll(() => stack[Symbol.asyncDispose]());

const withPack = describe.skipIf(!isThere);

withPack('the decoder file', () => {
  it('is the one the manifest describes', () => {
    expect(backend.rowWidth).toBe(manifest.decoder.embeddingWidth);
    expect(backend.vocabularySize).toBe(manifest.decoder.vocabularySize);
    expect(backend.trainedContext).toBeGreaterThanOrEqual(manifest.decoder.contextTokens);
    expect(backend.canShift).toBe(true);
  });
});

withPack('tokens', () => {
  const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
  const rowId = 4;

  it.each(golden.conversations)('of "$name" are those of the training', async ({ steps, ids }) => {
    const found: TokenId[] = [];
    const frameTokens = manifest.vision?.frameTokens ?? 0;
    for (const { kind, text } of steps.flatMap(({ pieces }) => pieces)) {
      if (kind === 'rows') found.push(...Array<TokenId>(frameTokens).fill(rowId));
      else if (kind === 'text') {
        found.push(...(await backend.tokenize(text, { parseSpecial: true, signal })));
      } else {
        const said = neutralise(text, backend.specialTokens);
        found.push(...(await backend.tokenize(said, { parseSpecial: false, signal })));
      }
    }
    expect(found).toEqual(ids);
  });

  it.each(golden.recall)('of "$name" are those of the training', async ({ prompt, ids, reply }) => {
    expect(await backend.tokenize(prompt, { parseSpecial: true, signal })).toEqual(ids);
    const { refs } = manifest.stream.recall!;
    const references = reply.rows.map((row) => refs[row]!).join('');
    const said = neutralise(reply.text, backend.specialTokens);
    const cited = await backend.tokenize(references, { parseSpecial: true, signal });
    const words = await backend.tokenize(said, { parseSpecial: false, signal });
    expect([...cited, ...words]).toEqual(reply.ids);
  });
});

withPack('the parity fixture', () => {
  const parity = isThere
    ? (JSON.parse(readFileSync(join(pack, 'parity.json'), 'utf8')) as Parity)
    : undefined;
  const names = Object.keys(parity?.streams ?? {});

  it.each(names)('stream "%s" gives the same silence and the same replies', async (name) => {
    const { streams, rows, tolerances } = parity!;
    const data = readFileSync(join(pack, 'parity.bin'));
    const rowsAt = (offset: number): Float32Array =>
      new Float32Array(data.buffer.slice(data.byteOffset + offset), 0, rows.count * rows.width);
    const rules = { manifest: manifest.stream, specialTokens: backend.specialTokens };
    const tokenize = (text: string): Promise<TokenId[]> =>
      backend.tokenize(text, { parseSpecial: true, signal });
    const [silenceToken = -1] = await tokenize(manifest.stream.silenceToken!);
    const stopTokens = await tokenize(manifest.stream.endOfTurn);
    const contextSize = manifest.decoder.contextTokens;
    // The exporting program keeps its cache in float32.
    const exact = { contextSize, cacheType: 'f32', signal } as const;
    await using sequence: LlmSequence = await backend.createSequence(exact);

    const { instruction, frames } = streams[name]!;
    let { state } = advance(rules, initialStreamState, { role: 'user', text: instruction });
    for (const [index, frame] of frames.entries()) {
      const step = advance(rules, state, { role: 'stream', lines: frame.lines });
      const [text] = step.pieces;
      if (text?.kind !== 'text') throw new Error('a frame begins with text');
      const reading = await sequence.append(
        [
          { kind: 'tokens', tokens: await tokenize(text.text) },
          { kind: 'rows', rows: rowsAt(frame.rows) },
        ],
        { probabilitiesOf: [silenceToken], signal },
      );
      const difference = Math.abs(reading!.probabilities.get(silenceToken)! - frame.silence);
      expect(difference, `frame ${index}`).toBeLessThan(tolerances.probability);
      state = step.state;
      if (!frame.reply) continue;

      const speaking = advance(rules, state, { role: 'assistant' });
      const [seam] = speaking.pieces;
      if (seam?.kind !== 'text') throw new Error('a reply begins with a seam');
      await sequence.append([{ kind: 'tokens', tokens: await tokenize(seam.text) }], { signal });
      const maxTokens = manifest.stream.maxReplyTokens;
      const reply = { maxTokens, stopTokens, temperature: 0, signal };
      const said = await collect(sequence.generate(reply));
      expect(said, `reply at frame ${index}`).toEqual(frame.reply.tokens);
      expect(await backend.detokenize(said, { signal })).toBe(frame.reply.text);
      state = speaking.state;
    }
  });
});

withPack('the picture', () => {
  it('decides alone where the text is the same: the debugger runs, or it does not', async () => {
    const parity = JSON.parse(readFileSync(join(pack, 'parity.json'), 'utf8')) as Parity;
    const data = readFileSync(join(pack, 'parity.bin'));
    const { count, width } = parity.rows;
    const rowsAt = (offset: number): Float32Array =>
      new Float32Array(data.buffer.slice(data.byteOffset + offset), 0, count * width);
    const { debugging, notDebugging } = parity.streams;
    const { frames, instruction } = debugging!;
    const lines = (stream: { frames: ParityFrame[] }) => stream.frames.map((frame) => frame.lines);
    expect(lines(notDebugging!)).toEqual(lines(debugging!));

    /** @returns P(silence) after the last frame, shown with other rows */
    const watch = async (last: Float32Array): Promise<number> => {
      await using stream = await StreamingSequence.open(
        { backend, manifest: manifest.stream, contextSize: manifest.decoder.contextTokens },
        { signal },
      );
      stream.appendUser(instruction);
      let silence = 1;
      for (const [index, frame] of frames.entries()) {
        const rows = index === frames.length - 1 ? last : rowsAt(frame.rows);
        const reading = await stream.appendFrame({ lines: frame.lines, rows }, { signal });
        silence = reading.silenceProbability;
        if (frame.reply && index < frames.length - 1) await stream.reply({ signal });
      }
      return silence;
    };
    const { silenceThreshold } = manifest.stream;
    expect(await watch(rowsAt(frames.at(-1)!.rows))).toBeLessThan(silenceThreshold);
    const swapped = rowsAt(notDebugging!.frames.at(-1)!.rows);
    expect(await watch(swapped)).toBeGreaterThan(silenceThreshold);
  });
});

withPack('an engine that is killed in the middle of a reply', () => {
  it('comes back and says the same', async () => {
    const watch = async (onText: () => void): Promise<string[]> => {
      await using stream = await StreamingSequence.open(
        { backend, manifest: manifest.stream, contextSize: 1024 },
        { signal },
      );
      stream.appendUser('Narrate the coding session.');
      const rows = someRows(manifest.vision?.frameTokens ?? 0, backend.rowWidth);
      for (const line of ['$ npm test', 'Tests  4 passed', 'src/app.ts']) {
        await stream.appendFrame({ lines: [{ text: line, region: 'terminal' }], rows }, { signal });
      }
      const reply = await stream.reply({ signal, onText });
      const { text } = await stream.answer('Which file is open?', { signal, onText });
      return [reply.text, reply.ending, text, String(stream.length)];
    };
    const undisturbed = await watch(() => undefined);
    const before = backend.restarts;
    let pieces = 0;
    const disturbed = await watch(() => {
      pieces++;
      if (pieces === 2 || pieces === 7) process.kill(channel.pid!, 'SIGKILL');
    });
    expect(disturbed).toEqual(undisturbed);
    expect(backend.restarts).toBeGreaterThan(before);
  });
});

withPack('a stream longer than the context', () => {
  it('goes on, within the context, with probabilities', async () => {
    const contextSize = 512;
    await using stream = await StreamingSequence.open(
      { backend, manifest: manifest.stream, contextSize },
      { signal },
    );
    stream.appendUser('Narrate the coding session.');
    const rows = someRows(manifest.vision?.frameTokens ?? 0, backend.rowWidth);
    for (let i = 0; i < 60; i++) {
      const frame = { lines: [{ text: `const value${i} = ${i};`, region: 'editor' }], rows };
      const { silenceProbability } = await stream.appendFrame(frame, { signal });
      expect(silenceProbability).toBeGreaterThanOrEqual(0);
      expect(silenceProbability).toBeLessThanOrEqual(1);
      expect(stream.length).toBeLessThanOrEqual(contextSize);
    }
    expect(stream.evicted).toBeGreaterThan(0);
  });
});

withPack('a saved state', () => {
  it('says in another context what it would have said, 20 of 20 times', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codealong-saved-'));
    stack.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const contextSize = manifest.decoder.contextTokens;
    const tokenize = (text: string): Promise<TokenId[]> =>
      backend.tokenize(text, { parseSpecial: true, signal });
    const { seams, silenceToken } = manifest.stream;
    const [silence = -1] = await tokenize(silenceToken!);
    const begin = await tokenize(`${seams['begin>user']}Narrate.${seams['user>stream']}`);
    const next = await tokenize(seams['stream>stream']);
    const speak = await tokenize(seams['stream>assistant']);
    const reply = { maxTokens: 20, stopTokens: [], temperature: 0, signal };
    await using watching: LlmSequence = await backend.createSequence({ contextSize, signal });
    await watching.append([{ kind: 'tokens', tokens: begin }], { signal });
    for (let moment = 0; moment < 20; moment++) {
      const lines = await tokenize(`<|screen|><|terminal|>$ npm run task${moment * 7}\n`);
      const rows = someRows(manifest.vision?.frameTokens ?? 0, backend.rowWidth, moment + 1);
      const parts = [
        { kind: 'tokens', tokens: [...(moment === 0 ? [] : next), ...lines] },
        { kind: 'rows', rows },
      ] as const;
      const before = await watching.append(parts, { probabilitiesOf: [silence], signal });
      const file = join(folder, `${moment}.state`);
      await watching.save(file, { signal });
      await using again = await backend.createSequence({ contextSize, signal });
      await again.restore(file, { signal });
      const after = await again.append([], { probabilitiesOf: [silence], signal });
      expect(after?.probabilities).toEqual(before?.probabilities);
      const said: TokenId[][] = [];
      for (const sequence of [watching, again]) {
        const { length } = sequence;
        await sequence.append([{ kind: 'tokens', tokens: speak }], { signal });
        said.push(await collect(sequence.generate(reply)));
        await sequence.truncate(length, { signal });
      }
      expect(said[1], `moment ${moment}`).toEqual(said[0]);
      expect(said[0]!.length).toBeGreaterThan(0);
    }
  });
});

withPack('a sequence that replays instead of shifting', () => {
  it('thinks exactly what one thinks that never held the dropped range', async () => {
    const contextSize = 512;
    const tokens = await backend.tokenize('$ npm test\nTests  4 passed\n', {
      ...{ parseSpecial: true, signal },
    });
    const rows = someRows(8, backend.rowWidth);
    const head = { kind: 'tokens', tokens } as const;
    const picture = { kind: 'rows', rows } as const;
    const all = { probabilitiesOf: Array.from({ length: 300 }, (_, id) => id), signal };
    await using fresh = await backend.createSequence({ contextSize, signal });
    // In the same steps: another batch rounds otherwise.
    await fresh.append([head], { signal });
    await fresh.append([picture, head], { signal });
    await using replaying = new ReplayingSequence(
      await backend.createSequence({ contextSize, signal }),
      backend.rowWidth,
    );
    await replaying.append([head], { signal });
    await replaying.append([picture, picture], { signal });
    await replaying.append([picture, head], { signal });
    await replaying.removeRange(tokens.length, tokens.length + 16, { signal });
    expect(replaying.length).toBe(fresh.length);
    const expected = await fresh.append([head], all);
    expect(await replaying.append([head], all)).toEqual(expected);
  });
});
