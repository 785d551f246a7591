/** Frames brought back from the store: the shipped decoder makes of them what it made of them when they were seen. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import type { SequencePart, SequenceReading } from '../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import { TimelineStore } from '../../daemon/timeline/timelineStore.ts';
import type { PackManifest } from '../../daemon/weights/manifest.ts';
import { mediaMs } from '../../protocol/index.ts';
import { signal, someRows, startEngine } from '../helpers/engine.ts';

const pack = resolve(import.meta.dirname, '../../models/live-tiny');
const isThere = existsSync(join(pack, 'decoder.gguf'));
if (!isThere && process.env['CI']) throw new Error('models/live-tiny has no decoder.gguf');

/** Numbers of 16 bits have eleven that count, and a decode rounds its cache to as many. */
const tolerance = 0.02;

it.skipIf(!isThere)(
  'a stored minute brings the probabilities of when it was seen, after the store was closed',
  async () => {
    await using stack = new DisposalStack();
    const folder = mkdtempSync(join(tmpdir(), 'codealong-rows-'));
    stack.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const file = join(pack, 'manifest.json');
    const { files, stream, vision } = JSON.parse(readFileSync(file, 'utf8')) as PackManifest;
    const channel = stack.use(startEngine());
    const model = { path: join(pack, files.decoder.path), device: 'cpu' } as const;
    const parts = { channel, model, stateFolder: join(folder, 'state') };
    const backend = stack.use(await LlamaBackend.open(parts, { signal }));
    const frames = Array.from({ length: 24 }, (_, index) => ({
      ptsMs: mediaMs(index * 500),
      rows: someRows(vision?.frameTokens ?? 1, backend.rowWidth, index + 1),
    }));
    const open = (): TimelineStore =>
      new TimelineStore({ file: join(folder, 'store.sqlite'), onDamage: () => undefined });
    const identity = { videoId: 'live-0123456789ab', model: 'm', frameRateFps: 2 };
    const videoOf = (store: TimelineStore) =>
      store.openVideo({ ...identity, silenceThreshold: 0.5 });
    {
      using store = open();
      for (const { ptsMs, rows } of frames) videoOf(store).keepPicture(ptsMs, rows);
    }
    using store = open();
    const video = videoOf(store);

    const seams = stream.seams as Readonly<Record<string, string>>;
    const tokens = async (text: string): Promise<SequencePart> => {
      return {
        kind: 'tokens',
        tokens: await backend.tokenize(text, { parseSpecial: true, signal }),
      };
    };
    const [begin, next] = [
      await tokens(seams['begin>stream']!),
      await tokens(seams['stream>stream']!),
    ];
    const watched = ['<|next|>', '<|assistant|>', '<|user|>'];
    const probabilitiesOf = await Promise.all(
      watched.map(
        async (text) => (await backend.tokenize(text, { parseSpecial: true, signal }))[0]!,
      ),
    );
    const read = async (rowsOf: (index: number) => Float32Array): Promise<SequenceReading[]> => {
      await using sequence = await backend.createSequence({ contextSize: 256, signal });
      const readings: SequenceReading[] = [];
      for (const index of frames.keys()) {
        const rows = { kind: 'rows', rows: rowsOf(index) } as const;
        const frame = [index === 0 ? begin : next, rows];
        readings.push((await sequence.append(frame, { probabilitiesOf, signal }))!);
      }
      return readings;
    };
    const seen = await read((index) => frames[index]!.rows);
    const broughtBack = await read((index) => video.pictureAt(frames[index]!.ptsMs)!);
    for (const [index, reading] of broughtBack.entries()) {
      expect(reading.mostLikely).toBe(seen[index]!.mostLikely);
      for (const [token, probability] of reading.probabilities) {
        expect(Math.abs(probability - seen[index]!.probabilities.get(token)!)).toBeLessThan(
          tolerance,
        );
      }
    }
    // Other rows would have been noticed.
    const others = await read((index) => frames[(index + 1) % frames.length]!.rows);
    const isOther = others.some((reading, index) =>
      [...reading.probabilities].some(
        ([token, probability]) =>
          Math.abs(probability - seen[index]!.probabilities.get(token)!) > tolerance,
      ),
    );
    expect(isOther).toBe(true);
  },
);
