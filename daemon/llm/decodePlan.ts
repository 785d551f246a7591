/** From parts to decodes: as few as a library allows whose batch holds either tokens or rows. */
import { AppError } from '../base/errors.ts';
import type { SequencePart, TokenId } from './backend.ts';

/** One native decode. */
export type DecodeInput =
  | { readonly kind: 'tokens'; readonly tokens: readonly TokenId[]; readonly count: number }
  | { readonly kind: 'rows'; readonly rows: Float32Array; readonly count: number };

/** What of a model the plan depends on. */
interface PlanModel {
  readonly rowWidth: number;
  readonly embedding:
    { read(tokens: readonly TokenId[], target: Float32Array, offset: number): void } | undefined;
}

/**
 * With an embedding table at hand, tokens beside rows become rows themselves and everything is one run; otherwise each change of
 * kind starts a new decode. Runs longer than `batchSize` are cut.
 * @throws AppError engine.decodeFailed for rows that are not a multiple of the row width or a token outside the vocabulary
 */
export function planDecodes(
  parts: readonly SequencePart[],
  model: PlanModel,
  batchSize: number,
): readonly DecodeInput[] {
  const filled = parts.filter((part) => lengthOf(part, model.rowWidth) > 0);
  const isMixed = new Set(filled.map(({ kind }) => kind)).size > 1;
  const runs = isMixed && model.embedding ? [toRows(filled, model)] : joinNeighbours(filled);
  return runs.flatMap((run) => cut(run, model.rowWidth, batchSize));
}

/** Positions that a part takes. */
function lengthOf(part: SequencePart, rowWidth: number): number {
  if (part.kind === 'tokens') return part.tokens.length;
  const count = part.rows.length / rowWidth;
  if (!Number.isInteger(count)) {
    throw new AppError('engine.decodeFailed', `Rows must be ${rowWidth} numbers wide.`);
  }
  return count;
}

function toRows(parts: readonly SequencePart[], { rowWidth, embedding }: PlanModel): SequencePart {
  const total = parts.reduce((sum, part) => sum + lengthOf(part, rowWidth), 0);
  const rows = new Float32Array(total * rowWidth);
  let offset = 0;
  for (const part of parts) {
    if (part.kind === 'rows') rows.set(part.rows, offset);
    else readTokens(embedding, part.tokens, rows, offset);
    offset += lengthOf(part, rowWidth) * rowWidth;
  }
  return { kind: 'rows', rows };
}

function readTokens(
  embedding: PlanModel['embedding'],
  tokens: readonly TokenId[],
  rows: Float32Array,
  offset: number,
): void {
  try {
    embedding?.read(tokens, rows, offset);
  } catch (error) {
    throw new AppError('engine.decodeFailed', undefined, { cause: error });
  }
}

function joinNeighbours(parts: readonly SequencePart[]): SequencePart[] {
  const runs: SequencePart[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (part.kind === 'tokens' && last?.kind === 'tokens') {
      runs[runs.length - 1] = { kind: 'tokens', tokens: [...last.tokens, ...part.tokens] };
    } else {
      runs.push(part);
    }
  }
  return runs;
}

function cut(part: SequencePart, rowWidth: number, batchSize: number): DecodeInput[] {
  const total = lengthOf(part, rowWidth);
  const starts = Array.from({ length: Math.ceil(total / batchSize) }, (_, i) => i * batchSize);
  return starts.map((start) => {
    const count = Math.min(batchSize, total - start);
    return part.kind === 'tokens'
      ? { kind: 'tokens', tokens: part.tokens.slice(start, start + count), count }
      : {
          kind: 'rows',
          rows: part.rows.subarray(start * rowWidth, (start + count) * rowWidth),
          count,
        };
  });
}
