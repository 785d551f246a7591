/** The only file that touches onnxruntime: opens a model with a named provider, runs it, frees its tensors. */
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { AppError } from '../base/errors.ts';
import { InFlightGuard } from '../base/lifetime.ts';

/** A dense float32 tensor, row-major. */
export interface DenseTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Providers of this build for this machine, in the runtime's words: cpu, webgpu, cuda, … */
function listProviders(): string[] {
  return listSupportedBackends().map(({ name }) => name);
}

/** A model with one input and one output. `run` blocks its thread, so it belongs into a worker. */
export class OrtSession implements AsyncDisposable {
  readonly #session: InferenceSession;
  readonly #guard = new InFlightGuard();
  #isReleased = false;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  /**
   * Opens a model file on exactly this provider.
   * @throws AppError model.unsupported when the provider is not there or cannot start, perception.modelUnreadable
   */
  static async open(file: string, provider: string): Promise<OrtSession> {
    const listed = listProviders();
    if (!listed.includes(provider)) {
      const sentence = `Pictures cannot be computed on "${provider}" here, only on ${listed.join(', ')}.`;
      throw new AppError('model.unsupported', sentence, { data: { provider, listed } });
    }
    try {
      const session = await InferenceSession.create(file, {
        executionProviders: [provider],
        // More threads spin against llama.cpp's and slow both down. @source the reading study, 2 busy cores
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 3,
        extra: {
          session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } },
        },
      });
      return new OrtSession(session);
    } catch (cause) {
      const code = provider === 'cpu' ? 'perception.modelUnreadable' : 'model.unsupported';
      throw new AppError(code, undefined, { cause, data: { file, provider } });
    }
  }

  run(input: DenseTensor): Promise<DenseTensor> {
    return this.#guard.run(async () => {
      const tensor = new Tensor('float32', input.data, [...input.dims]);
      const outputs = await this.#session.run({ [this.#session.inputNames[0]!]: tensor });
      const output = outputs[this.#session.outputNames[0]!]!;
      try {
        return { data: (output.data as Float32Array).slice(), dims: output.dims };
      } finally {
        output.dispose();
        tensor.dispose();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#guard.close();
    await this.#session.release();
  }
}
