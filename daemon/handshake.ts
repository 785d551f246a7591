/** Who may come in: the first message of a connection must be `initialize` with this build's handshake. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { z } from 'zod';
import type { Handshake } from '../protocol/index.ts';

const maxHeaderBytes = 4096;
/** An `initialize` of a large editor, with all its capabilities, has about 10 kB. */
const maxBodyBytes = 262_144;
const headerEnd = '\r\n\r\n';

const firstMessage = z.object({
  method: z.literal('initialize'),
  id: z.union([z.number(), z.string()]),
  params: z.object({
    initializationOptions: z.object({
      protocolVersion: z.number(),
      buildId: z.string(),
      token: z.string(),
    }),
  }),
});

/**
 * Waits for the first message and checks it. The socket is left paused with that message still in it, so that the connection
 * reads and answers it like any other.
 * @returns why the client is not let in, or undefined when it is
 */
export async function checkHandshake(
  socket: Socket,
  expected: Handshake,
  { signal }: { signal: AbortSignal },
): Promise<string | undefined> {
  const message = await readFirstMessage(socket, { signal });
  if (typeof message === 'string') return message;
  const parsed = firstMessage.safeParse(message.body);
  if (!parsed.success) return 'the first message is no initialize with a handshake';
  const shown = parsed.data.params.initializationOptions;
  if (!isSameSecret(shown.token, expected.token)) return 'wrong token';
  if (shown.protocolVersion !== expected.protocolVersion) return 'another protocol version';
  if (shown.buildId !== expected.buildId) return 'another build';
  return undefined;
}

/** Takes equally long whatever is shown, so that nobody learns the token piece by piece. */
function isSameSecret(shown: string, expected: string): boolean {
  const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
  return timingSafeEqual(digest(shown), digest(expected));
}

function readFirstMessage(
  socket: Socket,
  { signal }: { signal: AbortSignal },
): Promise<string | { readonly body: unknown }> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const settle = (outcome: string | { readonly body: unknown }): void => {
      socket.off('data', onData).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      socket.pause();
      if (typeof outcome !== 'string') socket.unshift(received);
      resolve(outcome);
    };
    const onData = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      const outcome = parseFirst(received);
      if (outcome !== undefined) settle(outcome);
    };
    const onClose = (): void => {
      settle('it left before its first message was complete');
    };
    const onAbort = (): void => {
      settle('its first message did not come in time');
    };
    socket.on('data', onData).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** @returns undefined as long as more bytes are needed, a sentence when it can never become a message */
function parseFirst(received: Buffer): string | { readonly body: unknown } | undefined {
  const end = received.indexOf(headerEnd);
  if (end < 0) return received.length > maxHeaderBytes ? 'no message header' : undefined;
  if (end > maxHeaderBytes) return 'the header is too long';
  const length = /^content-length: *(\d+)\s*$/im.exec(received.toString('latin1', 0, end))?.[1];
  if (length === undefined) return 'no message header';
  const bodyStart = end + headerEnd.length;
  const bodyEnd = bodyStart + Number(length);
  if (Number(length) > maxBodyBytes) return 'the first message is too long';
  if (received.length < bodyEnd) return undefined;
  try {
    return { body: JSON.parse(received.toString('utf8', bodyStart, bodyEnd)) as unknown };
  } catch {
    return 'the first message is no JSON';
  }
}
