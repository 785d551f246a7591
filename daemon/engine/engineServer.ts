/** Child side: hands each call to its service, and its answer or failure back. */
import type { FromEngine, ToEngine } from './messages.ts';
import { toFailure } from './failures.ts';

/** The methods of one service. Arguments and results are plain data and typed arrays. */
export type EngineService = Readonly<
  Record<string, (args: never, options: { readonly signal: AbortSignal }) => Promise<unknown>>
>;

/**
 * Answers calls, many at a time: a service that must not be called so puts them in a queue of its own.
 * @returns what to do with an incoming message
 */
export function createEngineServer(
  services: Readonly<Record<string, EngineService>>,
  send: (message: FromEngine) => void,
): (message: ToEngine) => void {
  const running = new Map<number, AbortController>();

  const answer = async (message: Extract<ToEngine, { kind: 'call' }>): Promise<void> => {
    const { id, service, method, args } = message;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = services[service]?.[method];
      if (!handler) throw new Error(`the engine has no method ${service}.${method}`);
      const value = await handler(args as never, { signal: controller.signal });
      send({ kind: 'result', id, value });
    } catch (error) {
      send({ kind: 'failure', id, failure: toFailure(error) });
    } finally {
      running.delete(id);
    }
  };

  return (message) => {
    if (message.kind === 'cancel') running.get(message.id)?.abort();
    else void answer(message);
  };
}
