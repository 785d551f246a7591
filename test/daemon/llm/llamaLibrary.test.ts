import { beforeAll, describe, expect, it } from 'vitest';
import { releases, type ReleaseLayout } from '../../../daemon/llm/llamaLayouts.ts';
import { openLlamaLibrary, type LlamaLibrary } from '../../../daemon/llm/llamaLibrary.ts';
import { openRuntime } from '../../../daemon/llm/llamaRuntime.ts';

let library: LlamaLibrary;
let layout: ReleaseLayout;
beforeAll(async () => {
  ({ library } = await openRuntime('cpu', () => undefined));
  layout = releases.get(library.release)!;
});

describe('a library that might compute wrong is refused', () => {
  it('when its release is not in the table', () => {
    const others = new Map([['9.9.9', layout]]);
    expect(() => openLlamaLibrary(library.path, others)).toThrow(
      expect.objectContaining({
        code: 'engine.libraryUnknown',
        message: `The llama.cpp library is release ${library.release}; this version knows 9.9.9.`,
      }),
    );
  });

  it('when a struct has one field more than the table says', () => {
    const { llama_context_params: context, ...rest } = layout.structs;
    const { n_ctx, n_batch, ...others } = context;
    const shifted = {
      ...rest,
      llama_context_params: { n_ctx, n_batch, n_new: 'uint32', ...others },
    };
    const known = new Map([[library.release, { ...layout, structs: shifted } as ReleaseLayout]]);
    expect(() => openLlamaLibrary(library.path, known)).toThrow(
      expect.objectContaining({ code: 'engine.libraryUnknown' }),
    );
  });

  it('and the right one is not', () => {
    expect(openLlamaLibrary(library.path).release).toBe(library.release);
  });
});
