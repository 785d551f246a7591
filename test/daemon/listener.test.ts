/** Who is let in, and what becomes of a connection that cannot even be judged. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, type Log } from '../../daemon/base/log.ts';
import { handshakeOf, shakeHands } from '../../daemon/client/connect.ts';
import { preparePaths, type DaemonPaths } from '../../daemon/client/paths.ts';
import { Listener } from '../../daemon/listener.ts';

let home: string;
let paths: DaemonPaths;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'codealong-listener-'));
  paths = preparePaths({ home });
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const { signal } = new AbortController();

describe('a listener', () => {
  it('closes a connection while its own secret cannot be read, and lets the next one in', async () => {
    const errors: string[] = [];
    const log: Log = { ...silentLog, error: (message) => void errors.push(message) };
    const came = Promise.withResolvers<string>();
    using listener = new Listener({
      ...{ paths, log, idleExitMs: 60_000 },
      onClient: (socket) => {
        came.resolve('came');
        socket.destroy();
      },
    });
    expect(await listener.open()).toBe(true);
    mkdirSync(paths.token);
    const refused = connect(paths.socket).resume();
    await once(refused, 'close');
    expect(errors).toHaveLength(1);

    rmSync(paths.token, { recursive: true });
    const welcome = connect(paths.socket);
    const greeting = shakeHands(welcome, handshakeOf(paths), { signal });
    expect(await came.promise).toBe('came');
    await expect(greeting).rejects.toMatchObject({ code: 'connection.refused' });
  });

  it('stays for longer than a timer can wait', async () => {
    using listener = new Listener({
      ...{ paths, log: silentLog, idleExitMs: Infinity },
      onClient: () => undefined,
    });
    expect(await listener.open()).toBe(true);
    let reason: string | undefined;
    void listener.closed.then((why) => {
      reason = why;
    });
    // Node would end a timer that is too long after a millisecond.
    await sleep(50);
    expect(reason).toBeUndefined();
  });
});
