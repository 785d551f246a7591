/** Asking a server that is not ours: what it may be told, how long it is waited for, and what its answers mean. */
import { serverPlace } from '../../protocol/index.ts';
import { toError } from './errors.ts';

/** The server has understood the question and will not answer it: asking again is of no use. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';
  readonly status: number;

  constructor(status: number, said: string) {
    super(`it refuses (${status}): ${said}`);
    this.status = status;
  }
}

/** The server does not answer now; later it may. */
export class ServerOutage extends Error {
  override readonly name = 'ServerOutage';
  /** It answers, and has too much to do. */
  readonly isBusy: boolean;
  /** When it wants to be asked again, ms from now, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { readonly isBusy?: boolean; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.isBusy = options.isBusy ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Nobody is made to wait longer by a server, ms. */
export const longestWaitMs = 300_000;
/** Statuses below 500 that mean "later". @source RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4 */
const laterStatuses = [408, 425, 429];
/** Of what a server says about its refusal: more is a page. */
const maxSaidCharacters = 200;
const maxRefusalCharacters = 20_000;
const usualSilenceMs = 60_000;

/** Whether nobody on the way can read a key that goes there. */
export const isSafeForKeys = (address: string): boolean =>
  /^https:/i.test(address) || serverPlace(address).isLocal;

/** The header that opens a server. A key goes along only where nobody on the way can read it. */
export function authorization(
  address: string,
  key: string | undefined,
): Readonly<Record<string, string>> {
  return key !== undefined && isSafeForKeys(address) ? { authorization: `Bearer ${key}` } : {};
}

/**
 * Sends a request; what is sent goes where the user has said, and nowhere else: redirects are not followed unless `follow` says so,
 * which is for what tells the server nothing. Aborting closes it, also while its answer is read.
 * @returns an answer of success, its body yet to be read
 * @throws ServerRefusal; ServerOutage; the signal's reason
 */
export async function askServer(
  url: string,
  init: Pick<RequestInit, 'method' | 'body' | 'headers'>,
  {
    signal,
    timeoutMs,
    redirect = 'error',
  }: {
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
    readonly redirect?: 'error' | 'follow';
  },
): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new ServerOutage(`it did not answer within ${Math.round(timeoutMs / 1000)} s`));
  }, timeoutMs);
  let response: Response;
  try {
    const either = AbortSignal.any([signal, limit.signal]);
    response = await fetch(url, { ...init, redirect, signal: either });
  } catch (error) {
    signal.throwIfAborted();
    if (limit.signal.aborted) throw limit.signal.reason;
    throw outageOf(error);
  } finally {
    clearTimeout(timer);
  }
  const { status, headers } = response;
  if (response.ok) return response;
  const text = await readAnswer(response, { maxCharacters: maxRefusalCharacters, signal }).catch(
    () => '',
  );
  signal.throwIfAborted();
  const isLater = laterStatuses.includes(status);
  if (status >= 400 && status < 500 && !isLater) {
    throw new ServerRefusal(status, saidIn(text).slice(0, maxSaidCharacters));
  }
  throw new ServerOutage(`it answered ${status}`, {
    ...{ isBusy: status === 429 || status === 503 },
    retryAfterMs: readRetryAfter(headers.get('retry-after'), headers.get('date')),
  });
}

export interface ReadingOptions {
  readonly signal: AbortSignal;
  /** A longer text is no answer, whatever it is. */
  readonly maxCharacters: number;
  /** An answer that stands still for so long has broken off, ms. */
  readonly silenceMs?: number;
}

/** @throws ServerOutage when it breaks off, or is longer than it may be; the signal's reason */
export async function readAnswer(response: Response, options: ReadingOptions): Promise<string> {
  let text = '';
  for await (const piece of readPieces(response, options)) text += piece;
  return text;
}

/** The text of an answer as it comes; leaving early closes it. @throws ServerOutage when it breaks off; the signal's reason */
export async function* readPieces(
  response: Response,
  options: ReadingOptions,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let characters = 0;
  for await (const bytes of readBytes(response, options)) {
    const piece = decoder.decode(bytes, { stream: true });
    characters += piece.length;
    if (characters > options.maxCharacters) throw new ServerOutage('its answer is too long');
    yield piece;
  }
  yield decoder.decode();
}

/** The same for what is no text. */
export async function* readBytes(
  { body }: Response,
  { signal, silenceMs = usualSilenceMs }: Omit<ReadingOptions, 'maxCharacters'>,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    while (reader) {
      const { done, value } = await within(silenceMs, reader.read());
      if (done) break;
      yield value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw outageOf(error);
  } finally {
    // Does nothing to what was read to its end.
    reader?.cancel().catch(() => undefined);
  }
}

async function within<Value>(limitMs: number, work: Promise<Value>): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new ServerOutage('it fell silent in the middle of its answer'));
  }, limitMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a fetch that has failed means. Its own message never says more than that it failed. */
function outageOf(error: unknown): ServerOutage {
  if (error instanceof ServerOutage) return error;
  const { message, cause } = toError(error);
  const why = cause instanceof Error && cause.message !== '' ? cause.message : message;
  return new ServerOutage(why, { cause: error });
}

/** The sentence in an error of OpenAI's API, or the beginning of what else was said. */
function saidIn(text: string): string {
  const [, message] = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  return (message === undefined ? text.replace(/<[^>]*>/g, ' ') : unescaped(message))
    .replace(/\s+/g, ' ')
    .trim();
}

/** What stands between the quotes of a text in JSON; as it is when that is not how JSON writes texts. */
function unescaped(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}

/**
 * @param date the server's own clock, against which a moment counts
 * @returns ms from now; undefined when nothing was said, or nothing that makes sense
 * @source RFC 9110, 10.2.3: seconds, or a date
 */
export function readRetryAfter(header: string | null, date: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const waitMs = Date.parse(header) - Date.parse(date ?? '');
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
