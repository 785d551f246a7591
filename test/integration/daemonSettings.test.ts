/** What the client that starts the daemon sets for all: it reaches watching, playing and the doctor, and a mistake is named. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectDaemon } from '../../daemon/client/connect.ts';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import {
  doctor,
  openMedia,
  sessionState,
  startSession,
  stop,
  type WireError,
} from '../../protocol/index.ts';
import { noAbort, repositoryRoot } from '../helpers/daemonHome.ts';
import { createTemporaryFolder, makeClip, movingPicture } from '../helpers/fixtures.ts';

const options = { signal: noAbort };

function open(home: string, settings: readonly string[]): Promise<DaemonConnection> {
  const program = {
    script: path.join(repositoryRoot, 'daemon', 'main.ts'),
    packageFolder: repositoryRoot,
    arguments: ['--idle-exit-ms', '1000', ...settings],
  };
  return connectDaemon({ home, program }, options);
}

/** Leaves nothing behind that would write into the folder. */
async function end(connection: DaemonConnection): Promise<void> {
  await connection.request(stop, {}, options);
  await connection.closed;
}

describe('the setting of ffmpeg', () => {
  it('that does not run is named by all who would use it', async () => {
    await using folder = await createTemporaryFolder();
    const video = await makeClip(folder.path('clip.mp4'), movingPicture);
    const source = { kind: 'file', path: video } as const;
    const missing = folder.path('no ffmpeg');
    using connection = await open(folder.path('home'), ['--ffmpeg', missing]);
    const { checks } = await connection.request(doctor, {}, options);
    expect(checks.find(({ name }) => name === 'ffmpeg')).toMatchObject({
      status: 'missing',
      detail: `The ffmpeg that the settings name does not run: "${missing}".`,
    });
    expect(checks.find(({ name }) => name === 'playable copies')).toBeUndefined();
    const failure = { code: 'ffmpeg.missing', message: expect.stringContaining(missing) as string };
    await expect(connection.request(openMedia, { source }, options)).rejects.toMatchObject(failure);
    const ended = new Promise<WireError | undefined>((resolve) => {
      connection.onNotification(sessionState, ({ error }) => {
        resolve(error);
      });
    });
    await connection.request(startSession, { source, options: {} }, options);
    expect(await ended).toMatchObject(failure);
    await end(connection);
  });

  it('is used by all, also when it is found by its name', async () => {
    await using folder = await createTemporaryFolder();
    const video = await makeClip(folder.path('clip.mp4'), movingPicture);
    using connection = await open(folder.path('home'), ['--ffmpeg', 'ffmpeg']);
    const { checks } = await connection.request(doctor, {}, options);
    expect(checks.find(({ name }) => name === 'ffmpeg')?.status).toBe('ok');
    const source = { kind: 'file', path: video } as const;
    const media = await connection.request(openMedia, { source }, options);
    expect(media).toMatchObject({ state: 'ready', width: 320, height: 240 });
    expect((await fetch(media.videoUrl!)).status).toBe(200);
    await end(connection);
  });
});

it.each([
  ['--copies-max-bytes', 'plenty'],
  ['--idle-exit-ms', '-1'],
])('a number that is none, %s %s, is told in the failure to start', async (name, value) => {
  await using folder = await createTemporaryFolder();
  const starting = open(folder.path('home'), [`${name}=${value}`]);
  await expect(starting).rejects.toMatchObject({
    code: 'daemon.startFailed',
    data: { output: expect.stringContaining(`${name} takes a number, not "${value}"`) as string },
  });
});
