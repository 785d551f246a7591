/** Minutes that a question brings back: the shipped decoder makes of them what it made of them when they were seen, and answers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { LocalRecall } from '../../daemon/assistant/localRecall.ts';
import { pastStretches } from '../../daemon/assistant/pastFrames.ts';
import { answerQuestion, type Proposal } from '../../daemon/assistant/questionAnswering.ts';
import { noParts, type RetrievedRow } from '../../daemon/assistant/retrieval.ts';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import type { SequencePart, SequenceReading } from '../../daemon/llm/backend.ts';
import { LlamaBackend } from '../../daemon/llm/llamaBackend.ts';
import { StreamingSequence } from '../../daemon/llm/streamingSequence.ts';
import { pastPieces } from '../../daemon/llm/streamTemplate.ts';
import type { GivenFrame } from '../../daemon/timeline/givenFrames.ts';
import { TimelineStore } from '../../daemon/timeline/timelineStore.ts';
import type { PackManifest } from '../../daemon/weights/manifest.ts';
import type { PastManifest } from '../../daemon/weights/streamManifest.ts';
import { mediaMs, type ScreenTextRow } from '../../protocol/index.ts';
import { guidance, screenText } from '../daemon/timeline/rowSamples.ts';
import { signal, someRows, startEngine } from '../helpers/engine.ts';

const pack = resolve(import.meta.dirname, '../../models/live-tiny');
const isThere = existsSync(join(pack, 'decoder.gguf'));
if (!isThere && process.env['CI']) throw new Error('models/live-tiny has no decoder.gguf');

/** Numbers of 16 bits have eleven that count, and a decode rounds its cache to as many. */
const tolerance = 0.02;

const said = 'Ran `npm test`.';

it.skipIf(!isThere)(
  'a stored minute brings the probabilities of when it was seen, and questions rest on it, after the store was closed',
  async () => {
    await using stack = new DisposalStack();
    const folder = mkdtempSync(join(tmpdir(), 'codealong-past-'));
    stack.defer(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const file = join(pack, 'manifest.json');
    const { files, stream, vision } = JSON.parse(readFileSync(file, 'utf8')) as PackManifest;
    const channel = stack.use(startEngine());
    const model = { path: join(pack, files.decoder.path), device: 'cpu' } as const;
    const parts = { channel, model, stateFolder: join(folder, 'state') };
    const backend = stack.use(await LlamaBackend.open(parts, { signal }));
    const frames = Array.from({ length: 24 }, (_, index): GivenFrame => ({
      ptsMs: mediaMs(index * 500),
      lines: index % 6 === 2 ? [{ text: `$ npm run task${index}`, region: 'terminal' }] : [],
      rows: someRows(vision?.frameTokens ?? 1, backend.rowWidth, index + 1),
    }));
    const open = (): TimelineStore =>
      new TimelineStore({ file: join(folder, 'store.sqlite'), onDamage: () => undefined });
    const identity = { videoId: 'live-0123456789ab', model: 'm', frameRateFps: 2 };
    const videoOf = (store: TimelineStore) =>
      store.openVideo({ ...identity, silenceThreshold: 0.5 });

    const sequence = stack.use(
      await StreamingSequence.open({ backend, manifest: stream, contextSize: 1024 }, { signal }),
    );
    sequence.appendUser(stream.instruction!);
    const seen: number[] = [];
    {
      using store = open();
      const video = videoOf(store);
      for (const frame of frames) {
        const { lines, rows, ptsMs } = frame;
        const reading = await sequence.appendFrame({ lines, rows: rows! }, { signal });
        seen.push(reading.silenceProbability);
        video.keepFrame(frame);
        for (const { text } of lines) video.append(screenText(text, ptsMs, ptsMs + 3000));
        if (ptsMs !== 5000) continue;
        await sequence.recite(said, { signal });
        video.append(guidance(said, ptsMs, ptsMs));
      }
    }

    using store = open();
    const video = videoOf(store);
    const scope = { fromMs: mediaMs(0), untilMs: mediaMs(60_000) };
    const [row] = video.read({ kinds: ['screenText'] }) as ScreenTextRow[];
    const found: RetrievedRow = { row: row!, window: row!.windows[0]!, score: 1, parts: noParts };
    const past = { stretches: 1, lengthMs: 60_000, scope };
    const rules = { manifest: stream, specialTokens: backend.specialTokens };
    const silence = await backend.tokenize(stream.silenceToken!, { parseSpecial: true, signal });
    const readings = async (timeline: Parameters<typeof pastStretches>[1]): Promise<number[]> => {
      await using fork = await backend.createSequence({ contextSize: 1024, signal });
      let before: SequencePart[] = [];
      const read: number[] = [];
      for (const piece of pastPieces(rules, pastStretches([found], timeline, past)).pieces) {
        if (piece.kind === 'text') {
          const tokens = await backend.tokenize(piece.text, { parseSpecial: true, signal });
          before.push({ kind: 'tokens', tokens });
          continue;
        }
        const reading: SequenceReading | undefined = await fork.append([...before, piece], {
          ...{ probabilitiesOf: silence, signal },
        });
        before = [];
        read.push(reading!.probabilities.get(silence[0]!)!);
      }
      return read;
    };
    const again = await readings(video);
    expect(again).toHaveLength(frames.length);
    const apart = (values: readonly number[]): number =>
      Math.max(...values.map((value, index) => Math.abs(value - seen[index]!)));
    expect(apart(again)).toBeLessThan(tolerance);
    // Other rows, or a sentence that is missing, would have been noticed.
    const others = video.framesIn(scope.fromMs, scope.untilMs).map((frame, index) => {
      return { ...frame, rows: frames[(index + 1) % frames.length]!.rows };
    });
    expect(apart(await readings({ framesIn: () => others, read: () => [] }))).toBeGreaterThan(
      tolerance,
    );

    // The whole way: the decoder judges rows otherwise for a pack that asks for it, with either choice of stretches.
    const notSeen = async (asks: { readonly past?: PastManifest }): Promise<number> => {
      const manifest = { ...stream, recall: { ...stream.recall!, ...asks } };
      const recall = new LocalRecall({ name: 'm', backend, manifest });
      const proposals: Proposal[] = [];
      const onProposal = (proposal: Proposal): void => void proposals.push(proposal);
      const options = { timeline: video, model: recall, onProposal };
      await answerQuestion({ text: 'Which task was run?' }, options, { signal });
      return proposals[0]!.notSeen;
    };
    const without = await notSeen({});
    const chosen = { stretches: 1, seconds: 4 };
    expect(await notSeen({ past: chosen })).not.toBe(without);
    expect(await notSeen({ past: { ...chosen, candidates: 3 } })).not.toBe(without);
  },
);
