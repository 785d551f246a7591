/**
 * What guidance may name: only what stood on screen, whatever the decoder has learned. A decoder that has learned nothing stands for
 * the worst one that somebody may train.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { namesIn } from '../../daemon/assistant/guidance.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import { defaultLoopRule } from '../../daemon/llm/replyGeneration.ts';
import { StreamingSequence } from '../../daemon/llm/streamingSequence.ts';
import { spellForDecoder } from '../../daemon/perception/decoderSpelling.ts';
import type { PackManifest } from '../../daemon/weights/manifest.ts';
import type { StreamManifest } from '../../daemon/weights/streamManifest.ts';
import { sentenceParts, type GuidanceRow } from '../../protocol/index.ts';
import { signal, someRows, startEngine } from '../helpers/engine.ts';
import { RealDaemon, sample, shippedPack } from '../helpers/realDaemon.ts';
import { writeShuffledModel } from '../helpers/shuffledGguf.ts';

const isThere = existsSync(path.join(shippedPack, 'decoder.gguf'));
if (!isThere && process.env['CI']) throw new Error('models/live-tiny has no decoder.gguf');
const withPack = describe.skipIf(!isThere);

const folder = mkdtempSync(path.join(tmpdir(), 'codealong-grounding-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface QuotingPack {
  readonly model: string;
  readonly decoder: string;
  readonly stream: StreamManifest;
}

/** A copy of the shipped pack with some things changed. @param isUntrained its decoder has learned nothing */
function quotingPack(
  name: string,
  change: Partial<StreamManifest>,
  isUntrained = false,
): QuotingPack {
  const model = path.join(folder, name);
  cpSync(shippedPack, model, { recursive: true });
  const file = path.join(model, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as PackManifest;
  const decoder = path.join(model, manifest.files.decoder.path);
  if (isUntrained) writeShuffledModel(decoder, decoder);
  const sha256 = createHash('sha256').update(readFileSync(decoder)).digest('hex');
  const stream = { ...manifest.stream, ...change };
  const files = { ...manifest.files, decoder: { ...manifest.files.decoder, sha256 } };
  writeFileSync(file, JSON.stringify({ ...manifest, name, files, stream }));
  return { model, decoder, stream };
}

/** Any sentence of the pack's words, however unlikely. */
const anySentence = { grounding: { quote: '`', recentLines: 120 }, minReplyLikelihood: 0 };
/** Almost only quotations are left to say. */
const fewSentences = {
  grounding: { quote: '`', recentLines: 120, sentences: ['Ran {}.', '{} failed with {}.'] },
};
/** Speaks at nearly every frame. */
const talkative = { silenceThreshold: 0.99 };

withPack('guidance on a recorded tutorial', () => {
  it.each([
    ['the decoder', {}, 3],
    ['the decoder in sentences of its own', anySentence, 3],
  ] as const)('quotes nothing that was not read, by %s', async (name, change, least) => {
    const { model, stream } = quotingPack(name.replaceAll(' ', '-'), change);
    await using daemon = new RealDaemon();
    const { told, stats } = await daemon.watch(sample, undefined, { model, ...talkative });
    const said = told.filter((row): row is GuidanceRow => row.kind === 'guidance');
    expect(said.length).toBeGreaterThan(2);
    let quoted = 0;
    for (const { text, atMs } of said) {
      for (const part of sentenceParts(text)) {
        if (!part.isQuoted) {
          expect(namesIn(part.text, new Set(stream.plainWords)), text).toEqual([]);
          continue;
        }
        quoted++;
        const shows = told.some(
          (row) =>
            row.kind === 'screenText' &&
            row.startMs <= atMs &&
            spellForDecoder(row.text).includes(part.text),
        );
        expect(shows, `${part.text} of ${text}`).toBe(true);
      }
    }
    expect(quoted).toBeGreaterThanOrEqual(least);
    expect(stats).toMatchObject({ guidanceCount: said.length, repliesUngrounded: 0 });
  });

  it('may be anything where somebody measures without', async () => {
    const change = { minReplyLikelihood: 1 };
    const { model } = quotingPack('free', change);
    await using daemon = new RealDaemon();
    const bound = await daemon.watch(sample, undefined, { model, ...talkative });
    expect(bound.stats).toMatchObject({ guidanceCount: 0, repliesUngrounded: 0 });
    expect(bound.stats!.repliesWithheld).toBeGreaterThan(0);
    const free = await daemon.watch(sample, undefined, { model, isUngrounded: true, ...talkative });
    expect(free.stats).toMatchObject({ repliesWithheld: 0, repliesUngrounded: 0 });
    expect(free.stats!.guidanceCount).toBeGreaterThan(2);
  });
});

withPack('a decoder that has learned nothing', () => {
  const screens = [
    ['$ pytest -x', 'def load_user(id):', '1 failed, 3 passed'],
    ['import { larder } from "./larder.js";', 'README.md'],
    ['PROBLEMS  OUTPUT  TERMINAL', 'npm ERR! code ENOENT'],
    ['export function spoilsWithin(larder, days) {'],
  ];

  it.each([
    ['finished', {}, defaultLoopRule],
    // Three tokens, whatever they are, count as a loop here; two are all that may be said.
    ['looping', {}, { repeats: 1, minTokens: 3 }],
    ['cut', { maxReplyTokens: 2 }, defaultLoopRule],
  ] as const)(
    'quotes nothing that was not read; a reply that is %s and taken back leaves no trace',
    async (ending, change, loopRule) => {
      await using engine = startEngine();
      const { decoder, stream: manifest } = quotingPack(
        ending,
        { ...fewSentences, ...change },
        true,
      );
      const parts = {
        ...{ channel: engine, model: { path: decoder, device: 'cpu' } as const },
        stateFolder: path.join(folder, `${ending}-states`),
      };
      await using backend = await LlamaBackend.open(parts, { signal });
      const open = (): Promise<StreamingSequence> =>
        StreamingSequence.open({ backend, manifest, contextSize: 2048, loopRule }, { signal });
      await using stream = await open();
      await using silent = await open();
      const endings: string[] = [];
      let quoted = 0;
      for (let frame = 0; frame < 8; frame++) {
        const lines = (screens[frame] ?? []).map((text) => ({ text, region: 'terminal' }));
        const picture = { lines, rows: someRows(4, backend.rowWidth, frame) };
        const reading = await stream.appendFrame(picture, { signal });
        // Whatever was said before: nothing of it is left.
        expect(reading).toEqual(await silent.appendFrame(picture, { signal }));
        const before = stream.length;
        const reply = await stream.reply({ signal });
        if (reply.ending === 'finished') await stream.rollback();
        expect(stream.length).toBe(before);
        endings.push(reply.ending);
        expect(reply.likelihood).toBeGreaterThan(0);
        expect(reply.likelihood).toBeLessThan(0.5);
        const read = screens.slice(0, frame + 1).flat();
        for (const { text, isQuoted } of sentenceParts(reply.text)) {
          if (!isQuoted) continue;
          quoted++;
          expect(
            read.some((line) => line.includes(text)),
            reply.text,
          ).toBe(true);
        }
      }
      expect(endings).toContain(ending);
      if (ending === 'finished') expect(quoted).toBeGreaterThan(4);
    },
  );
});
