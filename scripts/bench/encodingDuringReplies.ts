/** Whether looking goes on while the decoder speaks: the vision encoder at full speed, with replies beside it and without. */
import type { RecallModel } from '../../daemon/assistant/recall.ts';
import { isCancellation } from '../../daemon/base/errors.ts';
import type { RecallEvidence } from '../../daemon/llm/streamTemplate.ts';
import type { Bench } from './bench.ts';
import { questions } from './settings.ts';
import { encodeFor } from './stages.ts';
import { mean } from './statistics.ts';
import type { Measurement } from './table.ts';

/** As many rows as a question has at most, of the usual length. */
const evidence = Array.from({ length: 24 }, (_, i): RecallEvidence => ({
  ...{ kind: 'screen', region: 'editor', text: `const value${i} = await load(${i * 37});` },
}));

/** Stretches with replies, one after the other, and stretches without take turns. */
export async function measureEncodingDuringReplies(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const { pack, settings } = bench;
  const alone: number[] = [];
  const besideReplies: number[] = [];
  let replies = 0;
  const encode = (): Promise<number> => encodeFor(bench, settings.replyStretchMs, { signal });
  const encodeBesideReplies = async (): Promise<number> => {
    const enough = new AbortController();
    const speaking = speakUntil(pack.recall, AbortSignal.any([signal, enough.signal]));
    try {
      return await encode();
    } finally {
      enough.abort();
      replies += await speaking;
    }
  };
  for (let pair = 0; pair < settings.replyPairs; pair++) {
    // The other one first each time, so that a machine that gets slower or faster favours neither.
    if (pair % 2 === 0) alone.push(await encode());
    besideReplies.push(await encodeBesideReplies());
    if (pair % 2 === 1) alone.push(await encode());
  }
  return [
    {
      ...{ key: 'encodedDuringReplies', name: 'Frames encoded during replies ÷ without' },
      ...{ unit: 'share', sample: mean(besideReplies) / mean(alone) },
      note: `goal ≥ 95 %; at full speed, ${replies} replies back to back`,
    },
  ];
}

/** @returns how many replies were begun */
async function speakUntil(model: RecallModel, signal: AbortSignal): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    const question = questions[count++ % questions.length]!;
    await model.recall({ evidence, question }, { signal }).catch(ignoreCancellation);
  }
  return count;
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
