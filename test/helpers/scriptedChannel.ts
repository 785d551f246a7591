/** An engine without a process: it answers what the test tells it to, and can be lost and started again. */
import { AppError } from '../../daemon/base/errors.ts';
import type { CallOptions, EngineChannel } from '../../daemon/llm/engineChannel.ts';

/** What a method answers or throws, by `method`. */
export type Answers = Record<string, (args: never) => unknown>;

export class ScriptedChannel implements EngineChannel {
  incarnation = 0;
  restarts = 0;
  /** Method names, in order. */
  readonly calls: string[] = [];
  /** May be changed at any time. */
  readonly answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  /** As when the process was killed. */
  lose(): void {
    this.incarnation++;
    this.restarts++;
  }

  async call(
    _service: string,
    method: string,
    args: unknown,
    { signal, incarnation = this.incarnation }: CallOptions,
  ): Promise<unknown> {
    signal.throwIfAborted();
    if (incarnation !== this.incarnation) throw new AppError('engine.lost');
    this.calls.push(method);
    const answer = this.answers[method];
    if (!answer) throw new Error(`no answer to ${method}`);
    return await answer(args as never);
  }
}

/** What an engine says of a decoder that it has loaded. */
export const loadedModel = {
  model: 1,
  vocabularySize: 2048,
  rowWidth: 192,
  trainedContext: 2048,
  canShift: true,
  specialTokens: [],
  release: 'b1',
  libraryPath: '/lib/libllama.so',
  devices: [],
  deviceLayers: 0,
};
