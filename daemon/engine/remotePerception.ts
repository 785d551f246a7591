/** Host side of perception: one pack's encoder and readers, which outlive an engine because they hold nothing themselves. */
import { randomUUID } from 'node:crypto';
import type { EngineChannel } from '../llm/engineChannel.ts';
import { retryWhenLost } from '../llm/recoveringSequence.ts';
import type { Frame, Picture } from '../media/frameSource.ts';
import type { FrameEmbedding, ScreenLine } from '../perception/perception.ts';
import { perceptionServiceName, type PerceptionMethods } from './perceptionService.ts';

export class RemotePerception {
  readonly #channel: EngineChannel;
  readonly #folder: string;

  /** @param folder of the model pack */
  constructor(channel: EngineChannel, folder: string) {
    this.#channel = channel;
    this.#folder = folder;
  }

  /** @returns one embedding per picture. @throws AppError of the codes perception.*, engine.crashLoop */
  encode(
    pictures: readonly Picture[],
    options: { signal: AbortSignal },
  ): Promise<readonly FrameEmbedding[]> {
    return this.#call('encode', { folder: this.#folder, pictures }, options);
  }

  /** A reader of one stream's screen; frames must come in order. */
  openStream(): RemoteLineReader {
    const folder = this.#folder;
    const streamId = randomUUID();
    return {
      readLines: (frame, options) => this.#call('read', { folder, streamId, frame }, options),
      [Symbol.asyncDispose]: () => {
        const { signal } = new AbortController();
        return this.#call('endStream', { folder, streamId }, { signal });
      },
    };
  }

  #call<Method extends keyof PerceptionMethods>(
    method: Method,
    args: PerceptionMethods[Method]['args'],
    { signal }: { signal: AbortSignal },
  ): Promise<PerceptionMethods[Method]['result']> {
    // Looking twice at a picture is harmless: whatever died with the engine is asked again.
    return retryWhenLost(
      () =>
        this.#channel.call(perceptionServiceName, method, args, { signal }) as Promise<
          PerceptionMethods[Method]['result']
        >,
    );
  }
}

/** One stream's screen, read in the engine. */
export interface RemoteLineReader extends AsyncDisposable {
  /** The lines that stand on screen now. */
  readLines(frame: Frame, options: { signal: AbortSignal }): Promise<readonly ScreenLine[]>;
}
