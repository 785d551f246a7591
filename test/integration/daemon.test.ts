/** The daemon as a process: who starts it, who is let in, when it leaves. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DaemonHome, noAbort, until } from '../helpers/daemonHome.ts';
import { handshakeOf, shakeHands } from '../../daemon/client/connect.ts';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import { readToken } from '../../daemon/client/paths.ts';
import {
  ask,
  daemonStatus,
  doctor,
  leaving,
  mediaMs,
  readLog,
  restart,
  retire,
  startSession,
  stop,
} from '../../protocol/index.ts';

const source = (name: string) => ({ kind: 'file', path: `/videos/${name}` }) as const;

async function works(connection: DaemonConnection): Promise<void> {
  const report = await connection.request(doctor, {}, { signal: noAbort });
  expect(report.checks.length).toBeGreaterThan(0);
}

/** A connection that says what no client would. @returns resolves when the daemon has closed it */
function intruder(home: DaemonHome, bytes: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(home.paths.socket, () => {
      socket.write(bytes);
    });
    socket.on('error', reject).on('close', () => {
      resolve();
    });
    socket.resume();
  });
}

function frame(message: unknown): string {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

describe('start', () => {
  it('serves ten clients that come in the same instant from one process', async () => {
    await using home = new DaemonHome();
    const connections = await Promise.all(Array.from({ length: 10 }, () => home.connect()));
    await Promise.all(connections.map(works));
    expect(home.journal().filter((event) => event === 'born')).toHaveLength(1);
    for (const connection of connections) connection.close();
  });

  it('replaces the socket and the lock that a killed daemon and a killed client left behind', async () => {
    await using home = new DaemonHome();
    using first = await home.connect();
    const [pid] = home.daemons();
    process.kill(pid!, 'SIGKILL');
    await first.closed;
    await home.gone();
    expect(existsSync(home.paths.socket)).toBe(true);
    writeFileSync(home.paths.startLock, String(pid));
    using second = await home.connect();
    await works(second);
    expect(home.daemons()).toHaveLength(2);
  });

  it('keeps what is private private', async () => {
    await using home = new DaemonHome();
    using connection = await home.connect();
    await works(connection);
    const mode = (file: string): number => statSync(file).mode & 0o777;
    expect(mode(home.paths.socket)).toBe(0o600);
    expect(mode(home.paths.token)).toBe(0o600);
    expect(mode(home.paths.log)).toBe(0o600);
    expect(mode(home.paths.runFolder)).toBe(0o700);
  });

  it('says why the daemon could not be started', async () => {
    await using home = new DaemonHome();
    const failing = home.connect({ idleExitMs: '--no-such-option' });
    await expect(failing).rejects.toMatchObject({ code: 'daemon.startFailed' });
    expect(existsSync(home.paths.startLock)).toBe(false);
  });
});

describe('admission', () => {
  it('closes a connection that does not open with the handshake, and only that', async () => {
    await using home = new DaemonHome();
    using guest = await home.connect();
    await intruder(home, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await intruder(home, 'x'.repeat(10_000));
    await intruder(home, frame({ jsonrpc: '2.0', id: 1, method: 'codealong/doctor', params: {} }));
    await intruder(home, 'Content-Length: 999999999\r\n\r\n{');
    await intruder(home, 'Content-Length: 4\r\n\r\nnope');
    await works(guest);
  });

  it('closes a connection that stops in the middle of its first message', async () => {
    await using home = new DaemonHome();
    using guest = await home.connect();
    await intruder(home, 'Content-Length: 400\r\n\r\n{"jsonrpc"');
    await works(guest);
  });

  it.each([
    ['a wrong token', { token: 'guessed' }],
    ['another build', { buildId: '0123456789abcdef' }],
    ['another protocol', { protocolVersion: 999 }],
  ])('refuses %s', async (_what, wrong) => {
    await using home = new DaemonHome();
    using guest = await home.connect();
    const shown = { ...handshakeOf(home.paths), ...wrong };
    const socket = connect(home.paths.socket);
    const refused = shakeHands(socket, shown, { signal: noAbort });
    await expect(refused).rejects.toMatchObject({ code: 'connection.refused' });
    await works(guest);
  });

  it('gives up on a socket that never lets it in', async () => {
    await using home = new DaemonHome();
    const stranger = createServer((socket) => {
      socket.destroy();
    }).listen(home.paths.socket);
    await expect(home.connect()).rejects.toMatchObject({ code: 'connection.refused' });
    stranger.close();
  });

  it('survives garbage after a good handshake', async () => {
    await using home = new DaemonHome();
    using guest = await home.connect();
    const handshake = handshakeOf(home.paths);
    const opening = frame({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: null, capabilities: {}, initializationOptions: handshake },
    });
    await intruder(home, `${opening}Content-Length: 5\r\n\r\nnope!`);
    await works(guest);
  });
});

describe('requests', () => {
  it('aborts the work and the sessions of a client that goes away', async () => {
    await using home = new DaemonHome();
    using other = await home.connect();
    const client = await home.connect();
    const start = { source: source('endless.mp4'), options: {} };
    await client.request(startSession, start, { signal: noAbort });
    const asking = client.request(
      ask,
      { source: source('short.mp4'), question: 'slow', atMs: mediaMs(1) },
      { signal: noAbort },
    );
    await until('the question arrives', () => home.journal().includes('asked slow'));
    client.close();
    await expect(asking).rejects.toMatchObject({ code: 'connection.lost' });
    await until('the work is aborted', () => home.journal().includes('aborted slow'));
    await until('the session is stopped', () => home.journal().includes('stopped session-1'));
    await works(other);
  });

  it('lives on after a bug, whose stack is in the log', async () => {
    await using home = new DaemonHome();
    using client = await home.connect();
    const failing = client.request(
      ask,
      { source: source('short.mp4'), question: 'bug' },
      { signal: noAbort },
    );
    const error: unknown = await failing.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal' });
    const { incidentId } = (error as { data: { incidentId: string } }).data;
    const { lines } = await client.request(readLog, {}, { signal: noAbort });
    const line = lines.find((one) => one.includes(incidentId));
    expect(line).toContain('TypeError: a bug in the fake');
    expect(line).toContain('fakeService.ts');
  });
});

describe('end', () => {
  it('leaves when the last lease has ended, and takes its files along', async () => {
    await using home = new DaemonHome();
    const first = await home.connect();
    const second = await home.connect();
    first.close();
    await works(second);
    second.close();
    await home.gone();
    expect(existsSync(home.paths.socket)).toBe(false);
    expect(existsSync(home.paths.record)).toBe(false);
    expect(existsSync(home.paths.startLock)).toBe(false);
    expect(home.journal().at(-1)).toBe('disposed');
    expect(home.log()).toContain('"reason":"idle"');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('drains and leaves on %s', async (name) => {
    await using home = new DaemonHome();
    using client = await home.connect({ idleExitMs: '600000' });
    const heard: string[] = [];
    client.onNotification(leaving, ({ reason }) => {
      heard.push(reason);
    });
    const start = { source: source('endless.mp4'), options: {} };
    await client.request(startSession, start, { signal: noAbort });
    process.kill(home.daemons()[0]!, name);
    await client.closed;
    expect(heard).toEqual(['stopped']);
    await home.gone();
    expect(home.journal()).toContain('stopped session-1');
    expect(home.journal().at(-1)).toBe('disposed');
    expect(existsSync(home.paths.socket)).toBe(false);
  });

  it.each([
    ['restart', restart],
    ['stopped', stop],
  ] as const)('tells every client %s, lets go of everything, then closes', async (reason, end) => {
    await using home = new DaemonHome();
    using other = await home.connect({ idleExitMs: '600000' });
    using client = await home.connect();
    const heard: string[] = [];
    for (const each of [other, client]) {
      each.onNotification(leaving, (told) => {
        heard.push(told.reason);
      });
    }
    const status = await client.request(daemonStatus, {}, { signal: noAbort });
    expect(status).toMatchObject({ pid: home.daemons()[0], clients: 2, sessions: 0 });
    await client.request(end, {}, { signal: noAbort });
    await Promise.all([other.closed, client.closed]);
    expect(heard).toEqual([reason, reason]);
    expect(home.journal().at(-1)).toBe('disposed');
    using next = await home.connect();
    await works(next);
    expect(home.daemons()).toHaveLength(2);
  });

  it('leaves in time when a client does not read', async () => {
    await using home = new DaemonHome();
    using client = await home.connect({ idleExitMs: '600000' });
    const chatty = { source: source('chatty.mp4'), options: {} };
    const deaf = connect(home.paths.socket);
    const hello = { processId: null, initializationOptions: handshakeOf(home.paths) };
    deaf.write(frame({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello }));
    const start = { jsonrpc: '2.0', id: 2, method: startSession.method, params: chatty };
    deaf.write(frame(start));
    await until('it talks', () => home.journal().includes('started chatty.mp4'));
    await client.request(stop, {}, { signal: noAbort });
    await client.closed;
    await home.gone();
    deaf.destroy();
  });

  it('leaves at its last lease when a client of another build has come', async () => {
    await using home = new DaemonHome();
    const old = await home.connect({ idleExitMs: '600000' });
    using fresh = await home.connect({ buildId: 'aaaaaaaaaaaaaaaa' });
    expect(home.daemons()).toHaveLength(2);
    await works(old);
    await works(fresh);
    old.close();
    const [oldPid] = home.daemons();
    await until('the old build leaves', () => !existsSync(home.paths.record));
    expect(home.log()).toContain('"reason":"retired"');
    expect(oldPid).toBeGreaterThan(0);
    await works(fresh);
  });

  it('leaves at once when it retires without a lease, and the next client starts another', async () => {
    await using home = new DaemonHome();
    const client = await home.connect({ idleExitMs: '600000' });
    await client.request(retire, {}, { signal: noAbort });
    client.close();
    using next = await home.connect();
    await works(next);
    expect(home.daemons()).toHaveLength(2);
  });

  it('lets one token serve every daemon of a home', async () => {
    await using home = new DaemonHome();
    const token = readToken(home.paths);
    using client = await home.connect();
    await works(client);
    expect(readToken(home.paths)).toBe(token);
  });
});
