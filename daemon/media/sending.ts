/** Answers of the media server: whole files, parts of them, and bytes. */
import { open } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isAppError } from '../base/errors.ts';
import { parseRange } from './byteRange.ts';
import { statSourceFile } from './sourceFile.ts';

/** Large enough that a disk is busy with data, not with questions. */
const chunkBytes = 256 * 1024;

/** Sends bytes that stay what they are as long as their address exists, unless they are fleeting. */
export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  {
    bytes,
    type,
    isForPages = false,
    isFleeting = false,
  }: {
    readonly bytes: Uint8Array;
    readonly type: string;
    readonly isForPages?: boolean;
    readonly isFleeting?: boolean;
  },
): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': isFleeting || isForPages ? 'private, no-store' : 'private, max-age=3600',
    ...(isForPages ? { 'Access-Control-Allow-Origin': '*' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/**
 * Sends a file or the part that is asked for, no faster than it is taken. A file that is gone is 404; one that becomes shorter
 * meanwhile breaks the connection, so that nobody waits for the rest.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { path, type }: { readonly path: string; readonly type: string },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const file = await openOrGone(path);
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  await using owned = file;
  const facts = await owned.stat();
  const etag = etagOf(facts);
  const modified = facts.mtime.toUTCString();
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', etag);
  response.setHeader('Last-Modified', modified);
  // A private video has no place in a browser's cache on disk, and its file is as near.
  response.setHeader('Cache-Control', 'private, no-store');
  const { headers } = request;
  if (headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
    response.writeHead(304).end();
    return;
  }
  const condition = headers['if-range'];
  const isCurrent = condition === undefined || condition === etag || condition === modified;
  const range = parseRange(isCurrent ? headers.range : undefined, facts.size);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${facts.size}` }).end();
    return;
  }
  const { start, end } = range === 'whole' ? { start: 0, end: facts.size - 1 } : range;
  const length = end - start + 1;
  response.writeHead(range === 'whole' ? 200 : 206, {
    'Content-Type': type,
    'Content-Length': length,
    ...(range === 'whole' ? {} : { 'Content-Range': `bytes ${start}-${end}/${facts.size}` }),
  });
  if (request.method === 'HEAD' || length <= 0) {
    response.end();
    return;
  }
  const stream = owned.createReadStream({
    ...{ start, end, highWaterMark: chunkBytes },
    autoClose: false,
  });
  try {
    await pipeline(stream, exactly(length), response, { signal });
  } catch (error) {
    // The player has what it wants, or the file has changed: either way the connection is broken, which says it all.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Passes bytes through and fails when there are fewer. */
function exactly(length: number) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let sent = 0;
    for await (const chunk of source) {
      sent += chunk.length;
      yield chunk;
    }
    if (sent < length) throw new Error('a file became shorter while it was sent');
  };
}

/** Another content has another one, as far as a file system can tell. */
function etagOf({ size, mtimeMs, ino }: Stats): string {
  return `"${[size, mtimeMs * 1000, ino].map((part) => Math.round(part).toString(36)).join('-')}"`;
}

async function openOrGone(path: string) {
  try {
    await statSourceFile(path);
    return await open(path);
  } catch (error) {
    if (isAppError(error) || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}
