/** What is asked of llama.cpp where a graphics card has no room left, which no device of the tests runs into. */
import { expect, it } from 'vitest';
import type { LlamaModel } from '../../../daemon/llm/llamaModel.ts';
import { LlamaSequence } from '../../../daemon/llm/llamaSequence.ts';

/** A model on a full card, and whether each context that was asked for had its cache there. */
function modelOnFullCard({ layers, hasMemory }: { layers: number; hasMemory: boolean }) {
  const asked: boolean[] = [];
  const calls = {
    llama_context_default_params: () => ({ offload_kqv: true }),
    llama_init_from_model: (_: unknown, { offload_kqv }: { offload_kqv: boolean }) => {
      asked.push(offload_kqv);
      return hasMemory && !offload_kqv ? 1n : null;
    },
    llama_get_memory: () => 2n,
  };
  const library = { calls };
  const model = { library, pointer: 3n, trainedContext: 64, rowWidth: 8, deviceLayers: layers };
  return { model: model as unknown as LlamaModel, asked };
}

const options = { contextSize: 64, threads: 1, batchSize: 16 };

it('leaves a cache that no card has room for in the memory of the machine', () => {
  const { model, asked } = modelOnFullCard({ layers: 2, hasMemory: true });
  expect(new LlamaSequence(model, options).length).toBe(0);
  expect(asked).toEqual([true, false]);
});

it.each([
  ['there neither', 2, [true, false]],
  ['on a machine without a card', 0, [true]],
])('is refused where there is no room %s', (_, layers, attempts) => {
  const { model, asked } = modelOnFullCard({ layers, hasMemory: false });
  expect(() => new LlamaSequence(model, options)).toThrow('There is not enough memory');
  expect(asked).toEqual(attempts);
});
