/** An X11 display of our own, with windows in it: for tests and measures. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { commandLine, descendantsOf, processesWith } from './processes.ts';

export const screenSize: ScreenSize = { width: 800, height: 600 };

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** @throws Error that says what to install when this machine has no Xvfb or xterm */
export class VirtualDisplay implements AsyncDisposable {
  readonly name: string;
  readonly #server: ChildProcess;
  readonly #windows = new Set<ChildProcess>();

  private constructor(server: ChildProcess, name: string) {
    this.#server = server;
    this.name = name;
  }

  /** @param options.lacks an extension of X11 that its server does without */
  static async start({
    width = screenSize.width,
    height = screenSize.height,
    lacks,
  }: Partial<ScreenSize> & { readonly lacks?: string } = {}): Promise<VirtualDisplay> {
    const without = lacks === undefined ? [] : ['-extension', lacks];
    // It tells the number that it has found free on descriptor 3, and closes it.
    const server = spawn(
      'Xvfb',
      ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', ...without],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const missing = once(server, 'error').then(() => {
      throw new Error('install Xvfb: apt-get install xvfb x11-utils x11-xserver-utils xterm');
    });
    const number = await Promise.race([text(server.stdio[3] as NodeJS.ReadableStream), missing]);
    return new VirtualDisplay(server, `:${number.trim()}`);
  }

  /** A white terminal that shows some lines; resolves once it is drawn. */
  async openTerminal(
    title: string,
    lines: readonly string[],
    { x = 40, y = 50, size = '60x12', name = 'xterm' } = {},
  ): Promise<ChildProcess> {
    // What it is told it writes, so that it does what terminals can be told: to move, for one.
    const script = `printf '%s\\n' "$@"; echo drawn >&3; while read -r said <&4; do printf "$said"; done; exec sleep 600`;
    const place = ['-geometry', `${size}+${x}+${y}`, '-T', title, '-name', name];
    const look = ['-bg', 'white', '-fg', 'black', ...place, '-xrm', '*allowWindowOps: true'];
    const terminal = spawn(
      'xterm',
      [...look, '-fa', 'Monospace', '-fs', '11', '-e', 'sh', '-c', script, 'sh', ...lines],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        env: { ...process.env, DISPLAY: this.name },
      },
    );
    this.#windows.add(terminal);
    const missing = once(terminal, 'error').then(() => {
      throw new Error('install xterm: apt-get install xterm');
    });
    await Promise.race([once(terminal.stdio[3] as NodeJS.ReadableStream, 'data'), missing]);
    return terminal;
  }

  /** The X server's process id. */
  get pid(): number {
    return this.#server.pid!;
  }

  /** Writes a line into a terminal. */
  type(terminal: ChildProcess, line: string): void {
    (terminal.stdio[4] as NodeJS.WritableStream).write(`${line}\\n\n`);
  }

  /** Gives a terminal another title. */
  rename(terminal: ChildProcess, title: string): void {
    (terminal.stdio[4] as NodeJS.WritableStream).write(`\\033]0;${title}\\007\n`);
  }

  /** Makes a terminal larger or smaller. */
  resize(terminal: ChildProcess, columns: number, rows: number): void {
    (terminal.stdio[4] as NodeJS.WritableStream).write(`\\033[8;${rows};${columns}t\n`);
  }

  /** Moves a terminal. @source xterm's control sequences, "Window manipulation" */
  move(terminal: ChildProcess, x: number, y: number): void {
    (terminal.stdio[4] as NodeJS.WritableStream).write(`\\033[3;${x};${y}t\n`);
  }

  /** The processes that capture it, and those of this process that take pictures which are given to them. */
  captures(): readonly number[] {
    const own = processesWith('x11grab').filter((pid) =>
      commandLine(pid).includes(`-i ${this.name} `),
    );
    const fed = descendantsOf(process.pid).filter((pid) =>
      commandLine(pid).includes('-pixel_format bgr0'),
    );
    return [...own, ...fed];
  }

  /** The display goes away under those who use it. */
  async kill(): Promise<void> {
    await end(this.#server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#windows].map(end));
    await end(this.#server);
  }
}

/** Ends a process that a test has started. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
