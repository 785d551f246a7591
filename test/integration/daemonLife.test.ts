/** A hundred clients come and go, politely or not; nothing of the daemon, its engine or its ffmpeg is left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectDaemon, handshakeOf } from '../../daemon/client/connect.ts';
import { preparePaths } from '../../daemon/client/paths.ts';
import { doctor, openMedia, startSession, type RequestMethod } from '../../protocol/index.ts';
import { commandLine, processIds, readProcess } from '../../scripts/processes.ts';
import { noAbort, repositoryRoot, until } from '../helpers/daemonHome.ts';
import { createTemporaryFolder, makeClip, movingPicture } from '../helpers/fixtures.ts';

const script = path.join(repositoryRoot, 'daemon', 'main.ts');
const clientScript = path.join(repositoryRoot, 'test', 'helpers', 'clientProcess.ts');
const shutdown: RequestMethod<object, null> = { method: 'shutdown' };

/** Whatever was started for this home, by whomever: children inherit the variable. */
function processesOf(mark: string): string[] {
  return processIds()
    .filter((pid) => pid !== process.pid && readProcess(pid, 'environ').includes(mark))
    .map(commandLine);
}

function frame(message: object): string {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

// Only Linux tells what other processes were started with.
describe.skipIf(process.platform !== 'linux')('the life of the daemon', () => {
  it('outlasts a hundred clients by its lease alone', { timeout: 300_000 }, async () => {
    await using folder = await createTemporaryFolder();
    const home = folder.path('home');
    const mark = `CODEALONG_TEST=${home}\0`;
    process.env['CODEALONG_TEST'] = home;
    // FFV1 plays in no editor: a copy is made of it.
    const video = await makeClip(folder.path('clip.mkv'), movingPicture.replace('=2', '=60'));
    const source = { kind: 'file', path: video } as const;
    const program = {
      script,
      packageFolder: repositoryRoot,
      arguments: ['--idle-exit-ms', '2000'],
    };
    const open = () => connectDaemon({ home, program }, { signal: noAbort });

    /** A client that works, and then goes as `leave` says. */
    const comesAndGoes = async (turn: number): Promise<void> => {
      const client = await open();
      const options = { signal: noAbort };
      if (turn % 3 === 0) await client.request(startSession, { source, options: {} }, options);
      if (turn % 3 === 1) await client.request(openMedia, { source }, options);
      if (turn % 2 === 0) {
        await client.request(shutdown, {}, options);
        client.notify({ method: 'exit' }, {});
        await client.closed;
      }
      client.close();
    };

    /** A connection that breaks off in the middle of a message. */
    const breaksOff = async (): Promise<void> => {
      const socket = connect(paths.socket);
      await once(socket, 'connect');
      const hello = { processId: null, initializationOptions: handshakeOf(paths) };
      socket.write(frame({ id: 1, method: 'initialize', params: hello }));
      const start = { id: 2, method: startSession.method, params: { source, options: {} } };
      socket.write(frame(start));
      socket.write(frame({ id: 3, method: openMedia.method, params: { source } }).slice(0, -5));
      await once(socket, 'data');
      socket.destroy();
    };

    const isKilled = async (): Promise<void> => {
      const child = spawn(
        process.execPath,
        [clientScript, '--home', home, '--script', script, '--video', video],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await exited;
    };

    const paths = preparePaths({ home });
    // On a slow machine a client takes longer to start than the daemon would wait for one.
    using last = await open();
    let most = 0;
    for (let turn = 0; turn < 100; turn++) {
      if (turn % 10 === 9) await isKilled();
      else if (turn > 0 && turn % 4 === 0) await breaksOff();
      else await comesAndGoes(turn);
      most = Math.max(most, processesOf(mark).length);
    }
    const report = await last.request(doctor, {}, { signal: noAbort });
    expect(report.checks.filter(({ status }) => status === 'missing')).toEqual([]);
    // Nobody watches or plays any more: the daemon and its engine are all there is.
    await until('the work of those who left ends', () => processesOf(mark).length <= 2);
    expect(processesOf(mark).join('\n')).toContain(script);
    expect(most).toBeGreaterThan(2);
    last.close();

    await until('the daemon and all that is its leave', () => processesOf(mark).length === 0);
    expect(existsSync(paths.socket)).toBe(false);
    expect(existsSync(paths.record)).toBe(false);
    expect(existsSync(paths.startLock)).toBe(false);
    const log = readFileSync(paths.log, 'utf8');
    expect(log.match(/"message":"listening"/g)).toHaveLength(1);
    expect(log.match(/"message":"a client came"/g)).toHaveLength(101);
    expect(log).toContain('"reason":"idle"');
    expect(log).not.toContain('"level":"error"');
  });
});
