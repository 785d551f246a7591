/** The C interface of llama.cpp, called through koffi: known releases only, with the struct layout probed at start. */
import koffi, { type TypeObject } from 'koffi';
import { AppError } from '../base/errors.ts';
import { releases, signatures, type ReleaseLayout, type StructName } from './llamaLayouts.ts';

/** Address of something native; null is the null pointer. */
export type Pointer = bigint | null;

type Native<Type> = Type extends 'void'
  ? undefined
  : Type extends 'void*'
    ? Pointer | NodeJS.ArrayBufferView
    : Type extends 'str'
      ? string
      : Type extends 'bool'
        ? boolean
        : Type extends StructName
          ? Record<string, unknown>
          : number;
type Returned<Type> = Type extends 'void*' ? Pointer : Native<Type>;
type Parameters<Types extends readonly unknown[]> = {
  -readonly [Index in keyof Types]: Native<Types[Index]>;
};

/** Every bound C function under its own name. Pointers of parameters may be views over JavaScript memory. */
export type LlamaCalls = {
  readonly [Name in keyof typeof signatures]: (
    ...args: Parameters<(typeof signatures)[Name][1]>
  ) => Returned<(typeof signatures)[Name][0]>;
};

export interface LlamaLibrary {
  readonly path: string;
  /** What `llama_version()` said. */
  readonly release: string;
  readonly calls: LlamaCalls;
  readonly structs: Readonly<Record<StructName, TypeObject>>;
}

/**
 * A llama decode runs on koffi's pool threads; their default of 128 KiB is only just enough and 64 KiB ends in a segmentation
 * fault.
 * @source measured with a two-layer model
 */
const asyncStackBytes = 8 << 20;

let isConfigured = false;

/**
 * Binds the library at `path`, which must be the very file that node-llama-cpp has loaded, so that its backends are there.
 * @throws AppError engine.libraryUnknown for a release that is not in the table, or one whose defaults are not where expected.
 */
export function openLlamaLibrary(
  path: string,
  known: ReadonlyMap<string, ReleaseLayout> = releases,
): LlamaLibrary {
  if (!isConfigured) koffi.config({ async_stack_size: asyncStackBytes });
  isConfigured = true;
  const library = koffi.load(path);
  const version = library.func('llama_version', 'str', []) as unknown as () => string;
  const release = version();
  const layout = known.get(release);
  if (!layout) {
    throw new AppError(
      'engine.libraryUnknown',
      `The llama.cpp library is release ${release}; this version knows ${[...known.keys()].join(', ')}.`,
      { data: { path, release } },
    );
  }
  const structs = Object.fromEntries(
    Object.entries(layout.structs).map(([name, fields]) => [name, koffi.struct(fields)]),
  ) as Record<StructName, TypeObject>;
  const type = (name: string): string | TypeObject =>
    name in structs ? structs[name as StructName] : name;
  const calls = Object.fromEntries(
    Object.entries(signatures).map(([name, [result, parameters]]) => [
      name,
      library.func(name, type(result), parameters.map(type)),
    ]),
  ) as unknown as LlamaCalls;
  probeDefaults(calls, layout, { path, release });
  return { path, release, calls, structs };
}

/** Runs a native call on a pool thread; the event loop goes on. Arguments must stay alive until it resolves. */
export function callAsync<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Result,
  ...args: Args
): Promise<Result> {
  const start = (call as unknown as { async: (...args: unknown[]) => void }).async;
  return new Promise((resolve, reject) => {
    start(...args, (error: Error | null, result: Result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** A view over native memory that lives as long as that memory does. */
export function floatsAt(pointer: Pointer, count: number): Float32Array {
  return new Float32Array(koffi.view(pointer, count * Float32Array.BYTES_PER_ELEMENT));
}

function probeDefaults(
  calls: LlamaCalls,
  layout: ReleaseLayout,
  data: Readonly<Record<string, unknown>>,
): void {
  const found = {
    llama_model_params: calls.llama_model_default_params(),
    llama_context_params: calls.llama_context_default_params(),
  };
  for (const name of ['llama_model_params', 'llama_context_params'] as const) {
    for (const [field, expected] of Object.entries(layout.defaults[name])) {
      if (found[name][field] === expected) continue;
      throw new AppError(
        'engine.libraryUnknown',
        'The llama.cpp library does not have the memory layout of its release.',
        { data: { ...data, field: `${name}.${field}`, expected, found: found[name][field] } },
      );
    }
  }
}
