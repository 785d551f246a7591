/** A web server on this machine with a model pack, which does to its files what servers, proxies and cables do. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sampleManifest } from '../daemon/weights/packs.ts';

/** What happens to one request; what it leaves untouched goes on as usual. */
export type Mischief = (
  file: ServedFile,
  request: IncomingMessage,
  response: ServerResponse,
) => 'answered' | undefined;

export interface ServedFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** First byte that is asked for. */
  readonly from: number;
}

export interface PackServer extends AsyncDisposable {
  /** Address of the manifest. */
  readonly manifest: string;
  readonly origin: string;
  readonly decoder: Buffer;
  /** `path` of every request, with its range. */
  readonly asked: string[];
  /** Replaced at any time. */
  mischief: Mischief;
  /** Served beside the pack, by path. */
  readonly others: Map<string, string | Buffer>;
}

export const wellBehaved: Mischief = () => undefined;

/** The manifest of a pack of two files whose contents mean nothing. */
export function packOf(
  decoder: Buffer,
  extra: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const vision = Buffer.from('vision');
  const entry = (path: string, bytes: Buffer) => ({
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  });
  const files = {
    decoder: entry('weights/decoder.gguf', decoder),
    vision: entry('vision.onnx', vision),
  };
  return { ...sampleManifest('served'), files, ...extra };
}

/** @param extra of its manifest */
export async function servePack(
  extra: Readonly<Record<string, unknown>> = {},
): Promise<PackServer> {
  const decoder = randomBytes(300_000);
  const asked: string[] = [];
  const others = new Map<string, string | Buffer>();
  const contents: Readonly<Record<string, Buffer>> = {
    'manifest.json': Buffer.from(JSON.stringify(packOf(decoder, extra))),
    'weights/decoder.gguf': decoder,
    'vision.onnx': Buffer.from('vision'),
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://here');
    const path = pathname.replace('/packs/served/', '');
    const other = others.get(path) ?? '';
    const bytes = contents[path] ?? (typeof other === 'string' ? Buffer.from(other) : other);
    asked.push([path, request.headers.range].filter(Boolean).join(' '));
    const [, from = '0'] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const file = { path, bytes, from: Number(from) };
    if (served.mischief(file, request, response) === 'answered') return;
    if (bytes.length === 0) {
      response.writeHead(404).end();
      return;
    }
    sendFrom(file, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const served: PackServer = {
    ...{ origin, decoder, asked, others, mischief: wellBehaved },
    manifest: `${origin}/packs/served/manifest.json`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return served;
}

/** As a good server does: a part where one is asked for. */
export function sendFrom({ bytes, from }: ServedFile, response: ServerResponse): void {
  const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(from > 0 ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': bytes.length - from,
    ...(from > 0 ? range : {}),
  });
  response.end(bytes.subarray(from));
}
