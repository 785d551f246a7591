/** How a session that this connection follows came to its end. */
import { sessionState, type SessionState, type WireError } from '../../protocol/index.ts';
import type { DaemonConnection } from './connection.ts';

export interface SessionEnding {
  readonly state: SessionState;
  readonly error?: WireError;
}

/**
 * Listens from now on, so it is called before the session is started. Resolves when the session has ended; to undefined when the
 * daemon went away before that.
 */
export async function sessionEnding(
  connection: DaemonConnection,
): Promise<SessionEnding | undefined> {
  // The command line runs on Node 20, which has no Promise.withResolvers.
  const ended = new Promise<SessionEnding>((resolve) => {
    connection.onNotification(sessionState, resolve);
  });
  return Promise.race([ended, connection.closed.then(() => undefined)]);
}
