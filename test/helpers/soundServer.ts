/** A PulseAudio of a test's own: a microphone into which a test speaks, and an output that it plays on. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { systemClock } from '../../daemon/base/clock.ts';
import { end } from '../../scripts/virtualDisplay.ts';
import { createTemporaryFolder, type TemporaryFolder } from './fixtures.ts';

/** Says what is to be installed; undefined when it is. */
export const noSoundServer: string | undefined =
  spawnSync('pulseaudio', ['--version']).status === 0
    ? undefined
    : ' (not run: apt-get install pulseaudio)';

const running = new AbortController().signal;

export class SoundServer implements AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: TemporaryFolder;
  readonly #server: ChildProcess;
  readonly #players = new Set<ChildProcess>();

  private constructor(folder: TemporaryFolder, server: ChildProcess, socket: string) {
    this.#folder = folder;
    this.#server = server;
    this.env = { PULSE_SERVER: `unix:${socket}` };
  }

  static async start(): Promise<SoundServer> {
    const folder = await createTemporaryFolder();
    const socket = folder.path('server');
    const modules = [
      ...['module-null-sink sink_name=played', 'module-null-sink sink_name=mouth'],
      'module-remap-source source_name=mic master=mouth.monitor source_properties=device.description=Desk',
      // Last: who can connect finds the others.
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ];
    const own = {
      HOME: folder.path(''),
      XDG_RUNTIME_DIR: folder.path(''),
      DBUS_SESSION_BUS_ADDRESS: '',
    };
    const server = spawn(
      'pulseaudio',
      [
        ...[
          '-n',
          '--daemonize=no',
          '--use-pid-file=no',
          '--exit-idle-time=-1',
          '--disable-shm=yes',
        ],
        ...modules.flatMap((module) => ['-L', module]),
      ],
      { stdio: 'ignore', env: { ...process.env, ...own } },
    );
    while (!existsSync(socket)) {
      if (server.exitCode !== null) throw new Error('PulseAudio does not start');
      await systemClock.sleep(20, { signal: running });
    }
    return new SoundServer(folder, server, socket);
  }

  /** Something with syllables begins to be played, muted until it is told otherwise. @param sink mouth: into the microphone */
  async play(sink: 'mouth' | 'played'): Promise<void> {
    await this.setMuted(sink, true);
    const tone = 'sine=f=440,volume=volume=6dB,tremolo=f=4:d=0.9';
    const player = spawn(
      'ffmpeg',
      [
        ...['-loglevel', 'error', '-re', '-f', 'lavfi', '-i', tone],
        ...['-f', 'pulse', '-device', sink, 'speech'],
      ],
      { stdio: 'ignore', env: { ...process.env, ...this.env } },
    );
    this.#players.add(player);
  }

  async setMuted(sink: 'mouth' | 'played', isMuted: boolean): Promise<void> {
    const env = { ...process.env, ...this.env };
    const mixer = spawn('pactl', ['set-sink-mute', sink, isMuted ? '1' : '0'], { env });
    await once(mixer, 'exit');
  }

  async kill(): Promise<void> {
    await end(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#players].map(end));
    await end(this.#server);
    await this.#folder[Symbol.asyncDispose]();
  }
}
