/** The way to the daemon that lasts: connected with the first need, and again after the daemon has gone. */
import type { NotificationMethod, RequestMethod } from '../../protocol/index.ts';
import { isAppError } from '../base/errors.ts';
import type { DaemonConnection } from '../client/connection.ts';

/** What of a connection is needed here. */
export type Link = Pick<DaemonConnection, 'request' | 'onNotification' | 'closed' | 'close'>;

export class DaemonLink implements Disposable {
  readonly #connect: () => Promise<Link>;
  #link: Promise<Link> | undefined;

  /** @param connect starts the daemon when needed */
  constructor(connect: () => Promise<Link>) {
    this.#connect = connect;
  }

  /**
   * Asks and waits. A daemon that goes away meanwhile is started anew and asked once more: every request here only reads.
   * @throws AppError with the daemon's code; the signal's reason after an abort
   */
  async request<Params, Result>(
    method: RequestMethod<Params, Result>,
    params: Params,
    options: { signal: AbortSignal },
  ): Promise<Result> {
    try {
      return await (await this.#open()).request(method, params, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isAppError(error, 'connection.lost')) throw error;
      this.#link = undefined;
      return (await this.#open()).request(method, params, options);
    }
  }

  /** Calls back until disposed; a connection that is made anew meanwhile is not listened to. */
  async onNotification<Params>(
    method: NotificationMethod<Params>,
    handler: (params: Params) => void,
  ): Promise<Disposable> {
    return (await this.#open()).onNotification(method, handler);
  }

  [Symbol.dispose](): void {
    this.#link?.then(
      (link) => {
        link.close();
      },
      () => undefined,
    );
    this.#link = undefined;
  }

  #open(): Promise<Link> {
    if (this.#link) return this.#link;
    const opening = this.#connect();
    const forget = (): void => {
      if (this.#link === opening) this.#link = undefined;
    };
    opening.then((link) => link.closed.then(forget), forget);
    this.#link = opening;
    return opening;
  }
}
