/** A broadcast on this machine that can be made to fail: an HTTP server with an ffmpeg for each viewer. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { systemClock } from '../../../daemon/base/clock.ts';
import { createFfmpegFinder, FfmpegProcess } from '../../../daemon/media/ffmpegProcess.ts';
import { runVideoProgram, type Bench } from '../bench.ts';

const findVideoProgram = createFfmpegFinder(undefined);
const never = new AbortController().signal;

export class Broadcast implements AsyncDisposable {
  readonly #server: Server;
  readonly #videos: readonly string[];
  readonly #viewers = new Map<ServerResponse, FfmpegProcess>();
  #isStalled = false;
  #size = 0;

  private constructor(server: Server, videos: readonly string[]) {
    this.#server = server;
    this.#videos = videos;
  }

  static async start(bench: Bench, { signal }: { signal: AbortSignal }): Promise<Broadcast> {
    // Cheap to decode, and the same story in two sizes.
    const videos = await Promise.all(
      ['1280:720', '960:540'].map(async (size, index) => {
        const file = path.join(bench.folder, `broadcast-${index}.ts`);
        const picture = ['-vf', `scale=${size}`, '-c:v', 'libx264', '-preset', 'ultrafast'];
        const pace = ['-r', '4', '-g', '8', '-crf', '24', '-pix_fmt', 'yuv420p'];
        await runVideoProgram(['-y', '-i', bench.sample, '-an', ...picture, ...pace, file], {
          signal,
        });
        return file;
      }),
    );
    const server = createServer();
    const broadcast = new Broadcast(server, videos);
    server.on('request', (_request, response) => {
      void broadcast.#serve(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return broadcast;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/live.ts`;
  }

  /** No more pictures for a while; the connection stays. */
  async stall(durationMs: number): Promise<void> {
    this.#isStalled = true;
    await systemClock.sleep(durationMs, { signal: never });
    this.#isStalled = false;
    for (const { stdout } of this.#viewers.values()) stdout.resume();
  }

  /** Every connection breaks. */
  cut(): void {
    for (const response of this.#viewers.keys()) response.destroy();
  }

  /** Goes on in another size, in the middle of the connection. */
  resize(): void {
    this.#size = 1 - this.#size;
    this.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    this.#server.close();
    await Promise.all([...this.#viewers.values()].map((one) => one[Symbol.asyncDispose]()));
  }

  async #serve(response: ServerResponse): Promise<void> {
    const file = this.#videos[this.#size]!;
    const input = ['-re', '-stream_loop', '-1', '-i', file, '-c', 'copy', '-f', 'mpegts', '-'];
    const program = await findVideoProgram({ signal: never });
    const encoder = new FfmpegProcess(program, ['-nostdin', '-v', 'error', ...input]);
    this.#viewers.set(response, encoder);
    response.writeHead(200, { 'Content-Type': 'video/mp2t' });
    encoder.stdout.on('data', (chunk: Buffer) => {
      response.write(chunk);
      if (this.#isStalled) encoder.stdout.pause();
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      this.#viewers.delete(response);
      void encoder[Symbol.asyncDispose]();
    });
  }
}
