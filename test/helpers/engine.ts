/** A real engine process with a tiny random model, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../daemon/base/clock.ts';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import { EngineProcess, type EngineProcessOptions } from '../../daemon/engine/engineProcess.ts';
import type { LlmSequence, TokenId } from '../../daemon/llm/backend.ts';
import { LlamaBackend, type LlamaBackendOptions } from '../../daemon/llm/llamaBackend.ts';
import { writeTinyModel, type TinyModelOptions } from './writeGguf.ts';

export const signal: AbortSignal = new AbortController().signal;

export const engineScript = resolve(import.meta.dirname, '../../daemon/engine/engineMain.ts');

export function startEngine(options: Partial<EngineProcessOptions> = {}): EngineProcess {
  return new EngineProcess({
    nodePath: process.execPath,
    scriptPath: engineScript,
    clock: systemClock,
    log: () => undefined,
    ...options,
  });
}

/** Everything of one test; disposing frees the model, the folder, and the engine unless it was given. */
export interface TestEngine extends AsyncDisposable {
  readonly engine: EngineProcess;
  readonly backend: LlamaBackend;
  readonly folder: string;
  readonly modelPath: string;
}

export async function openTinyBackend(
  model: TinyModelOptions = {},
  options: Partial<LlamaBackendOptions> = {},
  given?: EngineProcess,
): Promise<TestEngine> {
  const stack = new DisposalStack();
  const folder = mkdtempSync(join(tmpdir(), 'codealong-engine-'));
  stack.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const modelPath = join(folder, 'decoder.gguf');
  writeTinyModel(modelPath, model);
  const engine = given ?? stack.use(startEngine());
  const backend = await LlamaBackend.open(
    {
      channel: engine,
      model: { path: modelPath, device: 'cpu', threads: 1, batchSize: 64 },
      stateFolder: join(folder, 'states'),
      ...options,
    },
    { signal },
  );
  stack.use(backend);
  return {
    engine,
    backend,
    folder,
    modelPath,
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

/** Deterministic ordinary token ids of the byte vocabulary. */
export function someTokens(count: number, seed = 1): TokenId[] {
  return Array.from({ length: count }, (_, i) => 8 + ((seed * 31 + i * 37) % 256));
}

/** Deterministic embedding rows of about the size of a token's. */
export function someRows(count: number, width: number, seed = 1): Float32Array {
  return Float32Array.from(
    { length: count * width },
    (_, i) => Math.sin(seed * 97 + i * 1.7) * 0.3,
  );
}

/** Probabilities of every token after the last position. */
export async function allProbabilities(
  sequence: LlmSequence,
  vocabularySize: number,
): Promise<readonly number[]> {
  const reading = await sequence.append([], {
    probabilitiesOf: Array.from({ length: vocabularySize }, (_, id) => id),
    signal,
  });
  return [...(reading?.probabilities.values() ?? [])];
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
