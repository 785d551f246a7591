/**
 * The hub: serves the model of this daemon to the daemons of many users, over HTTP on this machine; the operator's proxy brings TLS. A stream
 * stays where it was opened, by its id.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import type { LoadedPack } from '../assistant/collaborators.ts';
import type { RecallQuestion } from '../assistant/recall.ts';
import type { EncodedFrame, StreamingModel } from '../assistant/streamingModel.ts';
import type { Clock } from '../base/clock.ts';
import { isAppError, isCancellation } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { mediaMs } from '../../protocol/index.ts';
import { hubSchemas, unpackPicture, type HubDescription } from '../endpoint/hubWire.ts';
import { FairQueue, QueueFull, type FairQueueLimits } from './fairQueue.ts';
import type { HubTokens } from './tokens.ts';

export interface HubLimits extends FairQueueLimits {
  /** Streams that one user may have open. */
  readonly maxStreams: number;
  /** A stream that nobody asks for anything is let go after so long, ms. */
  readonly idleMs: number;
  readonly maxBodyBytes: number;
}

/** One engine does one thing at a time; a window has a voice, four requests and a question at most. */
export const usualHubLimits: HubLimits = {
  ...{ slots: 1, maxWaiting: 16, maxStreams: 16 },
  ...{ idleMs: 600_000, maxBodyBytes: 32_000_000 },
};

export interface HubServerParts {
  readonly pack: (options: { signal: AbortSignal }) => Promise<LoadedPack>;
  readonly tokens: HubTokens;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: HubLimits;
}

interface Stream {
  readonly user: string;
  readonly model: StreamingModel;
  /** Ends with the stream. */
  readonly life: AbortController;
  usedMs: number;
  isBusy: boolean;
  /** What it looked at last, and what came of it. */
  encoded?: EncodedFrame;
  last?: { readonly number: number; readonly ptsMs: number; readonly answer: object };
  /** A reply stands behind the last frame. */
  hasReply: boolean;
}

/** An answer that is no success. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The stream still does what it was asked before: later it is free again. */
class Busy extends Error {}

interface Asked {
  readonly user: string;
  readonly signal: AbortSignal;
  readonly body: () => Promise<unknown>;
  /** Sends a line of an answer that comes piece by piece. */
  readonly tell: (line: object) => void;
}

export class HubServer implements AsyncDisposable {
  readonly #parts: HubServerParts;
  readonly #limits: HubLimits;
  readonly #queue: FairQueue;
  readonly #streams = new Map<string, Stream>();
  /** Lives of streams that are being opened, and whose they are: they take a place already. */
  readonly #opening = new Map<AbortController, string>();
  /** Of each user, requests that are not answered yet. */
  readonly #asking = new Map<string, number>();
  readonly #server: Server;
  readonly #life = new AbortController();

  constructor(parts: HubServerParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? usualHubLimits;
    this.#queue = new FairQueue(this.#limits);
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  /** @returns the address, for clients on this machine and for the proxy */
  async listen(port: number, host = '127.0.0.1'): Promise<string> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    void this.#letIdleGo();
    return `http://${host}:${(this.#server.address() as AddressInfo).port}/hub/v1`;
  }

  /** Streams that are open. */
  get streamCount(): number {
    return this.#streams.size;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#queue.depth;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    for (const life of this.#opening.keys()) life.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
    await Promise.all([...this.#streams.keys()].map((id) => this.#close(id)));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    const { tokens, log } = this.#parts;
    try {
      const user = tokens.userOf(request.headers.authorization);
      if (user === undefined) throw new Refused(401, 'The token is not known.');
      await this.#forgetIdle();
      const asked: Asked = {
        ...{ user, signal: gone.signal },
        body: () => readBody(request, this.#limits.maxBodyBytes),
        tell: (line) => {
          if (!response.headersSent) response.writeHead(200, streamed);
          response.write(`${JSON.stringify(line)}\n`);
        },
      };
      const answer = await this.#counted(request, asked);
      if (response.headersSent) response.end();
      else send(response, 200, answer);
    } catch (error) {
      if (gone.signal.aborted || isCancellation(error)) {
        response.destroy();
        return;
      }
      if (response.headersSent) {
        // What was begun cannot be answered otherwise any more.
        response.destroy();
        return;
      }
      if (error instanceof QueueFull || error instanceof Busy) {
        const message = error instanceof Busy ? 'The stream is busy.' : 'Too much waits already.';
        send(response, 429, { error: { message } }, { 'retry-after': '1' });
      } else if (error instanceof Refused) {
        send(response, error.status, { error: { message: error.message } });
      } else {
        if (!isAppError(error)) log.error('a request of the hub failed', { error });
        const message = isAppError(error) ? error.message : 'Something went wrong.';
        // A model that is not right is not there later either: nobody is to ask again.
        const isModel = isAppError(error) && error.code.startsWith('model.');
        send(response, isModel ? 422 : 500, { error: { message } });
      }
    }
  }

  /** Before its body is read: what too many ask for is not held. @throws QueueFull */
  async #counted(request: IncomingMessage, asked: Asked): Promise<object> {
    // To let go of something is always possible.
    if (request.method !== 'POST') return this.#answer(request, asked);
    const { slots, maxWaiting } = this.#limits;
    const count = this.#asking.get(asked.user) ?? 0;
    if (count >= slots + maxWaiting) throw new QueueFull();
    this.#asking.set(asked.user, count + 1);
    try {
      return await this.#answer(request, asked);
    } finally {
      this.#asking.set(asked.user, this.#asking.get(asked.user)! - 1);
    }
  }

  async #answer({ method, url = '' }: IncomingMessage, asked: Asked): Promise<object> {
    const [, path = ''] = /^\/hub\/v1\/([^?]*)/.exec(url) ?? [];
    const [, id = '', verb = ''] = /^streams\/([\da-f-]{36})(?:\/(\w+))?$/.exec(path) ?? [];
    if (method === 'POST' && id !== '' && this.#find(id, asked).isBusy) throw new Busy();
    switch (`${method} ${id === '' ? path : `streams/${verb}`}`) {
      case 'GET model':
        return this.#describe(asked);
      case 'POST streams':
        return this.#open(asked);
      case 'POST recall':
        return this.#recall(asked);
      case 'POST streams/frames':
        return this.#look(id, asked);
      case 'POST streams/reply':
        return this.#reply(id, asked);
      case 'POST streams/recite': {
        const { text } = parse(hubSchemas.recite, await asked.body());
        return this.#with(id, asked, async (stream) => {
          await stream.model.recite(text, { signal: stream.life.signal });
          stream.hasReply = true;
          return { usage: stream.model.usage };
        });
      }
      case 'POST streams/rollback':
        return this.#with(id, asked, async (stream) => {
          if (stream.hasReply) await stream.model.rollback({ signal: stream.life.signal });
          stream.hasReply = false;
          return { usage: stream.model.usage };
        });
      case 'DELETE streams/':
        this.#find(id, asked);
        await this.#close(id);
        return {};
      default:
        throw new Refused(404, 'There is no such thing.');
    }
  }

  async #describe({ signal }: Asked): Promise<HubDescription> {
    const pack = await this.#parts.pack({ signal });
    const { name, frameRateFps, silenceThreshold, isDemonstration, recall, quote } = pack;
    const { requestSilenceThreshold, plainWords, minReplyLikelihood, refractoryMs } = pack;
    return {
      ...{ name, frameRateFps, silenceThreshold, isDemonstration },
      ...(requestSilenceThreshold === undefined ? {} : { requestSilenceThreshold }),
      ...(plainWords === undefined ? {} : { plainWords: [...plainWords] }),
      ...(quote === undefined ? {} : { quote }),
      ...(minReplyLikelihood === undefined ? {} : { minReplyLikelihood }),
      ...(refractoryMs === undefined ? {} : { refractoryMs }),
      recall: {
        notSeenReply: recall.notSeenReply,
        ...{ maxRows: recall.limits.maxRows, order: recall.limits.order },
        prompts: recall.prompts,
      },
    };
  }

  async #open(asked: Asked): Promise<object> {
    const { instruction, ...options } = parse(hubSchemas.open, await asked.body());
    const users = [
      ...[...this.#streams.values()].map(({ user }) => user),
      ...this.#opening.values(),
    ];
    const own = users.filter((user) => user === asked.user);
    if (own.length >= this.#limits.maxStreams) throw new QueueFull();
    const life = new AbortController();
    this.#opening.set(life, asked.user);
    const create = async (): Promise<StreamingModel> => {
      const pack = await this.#parts.pack(life);
      const told = instruction === undefined ? {} : { instruction };
      return pack.createModel({ ...options, ...told, signal: life.signal });
    };
    try {
      const model = await this.#queue.run(asked.user, create, asked);
      if (asked.signal.aborted || life.signal.aborted) {
        // Nobody would ever learn its id.
        await model[Symbol.asyncDispose]();
        throw new Refused(410, 'Nobody waits for the stream any more.');
      }
      const id = randomUUID();
      const usedMs = this.#parts.clock.monotonicMs();
      const unused = { usedMs, isBusy: false, hasReply: false };
      this.#streams.set(id, { user: asked.user, model, life, ...unused });
      return { id };
    } finally {
      this.#opening.delete(life);
    }
  }

  async #look(id: string, asked: Asked): Promise<object> {
    const { number, ptsMs, lines, picture } = parse(hubSchemas.frame, await asked.body());
    return this.#with(id, asked, async (stream) => {
      const { last } = stream;
      if (last?.number === number && last.ptsMs === ptsMs) return last.answer;
      // What is live passes over a frame whose answer got lost: the one after it comes under the same number.
      if (number !== last?.number && number !== (last?.number ?? -1) + 1) {
        throw new Refused(409, 'A frame is missing.');
      }
      const frame = picture && (await unpackPicture(picture).catch(refuse));
      // Once begun it is done, whoever waits for it: half a frame would spoil the stream.
      const { signal } = stream.life;
      const [fresh] = frame
        ? await stream.model.encode([{ ...frame, ptsMs: mediaMs(ptsMs) }], { signal })
        : [];
      const known = fresh ?? stream.encoded;
      if (!known) throw new Refused(400, 'The first frame needs a picture.');
      stream.encoded = { ...known, ptsMs: mediaMs(ptsMs) };
      const { silenceProbability } = await stream.model.appendFrame(stream.encoded, lines, {
        signal,
      });
      const answer = { silenceProbability, usage: stream.model.usage };
      stream.last = { number, ptsMs, answer };
      stream.hasReply = false;
      return answer;
    });
  }

  #reply(id: string, asked: Asked): Promise<object> {
    return this.#with(id, asked, async (stream) => {
      // A reply that nobody hears is not written to its end, and takes itself back.
      const signal = AbortSignal.any([asked.signal, stream.life.signal]);
      const reply = await stream.model.reply({
        signal,
        onText: (words) => {
          asked.tell({ words });
        },
      });
      stream.hasReply = reply.ending === 'finished';
      asked.tell({ reply, usage: stream.model.usage });
      return {};
    });
  }

  async #recall(asked: Asked): Promise<object> {
    const request = parse(hubSchemas.recall, await asked.body()) as RecallQuestion;
    const { signal, user, tell } = asked;
    const recall = async (): Promise<object> => {
      const pack = await this.#parts.pack({ signal });
      const onText = (words: string): void => {
        tell({ words });
      };
      tell({ reply: await pack.recall.recall(request, { signal, onText }) });
      return {};
    };
    return this.#queue.run(user, recall, { signal });
  }

  /** In its turn; one thing at a time with each stream. */
  async #with(
    id: string,
    asked: Asked,
    work: (stream: Stream) => Promise<object>,
  ): Promise<object> {
    const stream = this.#find(id, asked);
    if (stream.isBusy) throw new Busy();
    stream.isBusy = true;
    try {
      return await this.#queue.run(asked.user, () => work(stream), asked);
    } finally {
      stream.isBusy = false;
      stream.usedMs = this.#parts.clock.monotonicMs();
    }
  }

  /** Nobody learns of the streams of others. */
  #find(id: string, { user }: Asked): Stream {
    const stream = this.#streams.get(id);
    if (stream?.user !== user) throw new Refused(404, 'There is no such stream any more.');
    return stream;
  }

  /** Also while nobody asks for anything. */
  async #letIdleGo(): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#life;
    for (;;) {
      try {
        await clock.sleep(this.#limits.idleMs, { signal });
        await this.#forgetIdle();
      } catch (error) {
        if (signal.aborted) return;
        log.error('an idle stream could not be let go', { error });
      }
    }
  }

  async #forgetIdle(): Promise<void> {
    const horizonMs = this.#parts.clock.monotonicMs() - this.#limits.idleMs;
    for (const [id, { usedMs, isBusy }] of [...this.#streams]) {
      if (!isBusy && usedMs < horizonMs) await this.#close(id);
    }
  }

  async #close(id: string): Promise<void> {
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.#streams.delete(id);
    stream.life.abort();
    await stream.model[Symbol.asyncDispose]();
  }
}

const streamed = { 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' };

function parse<Value>(schema: z.ZodType<Value>, body: unknown): Value {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refused(400, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
}

function refuse(error: unknown): never {
  throw new Refused(400, error instanceof Error ? error.message : 'not valid');
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Refused(413, 'The request is too large.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    throw new Refused(400, 'The request is no JSON.');
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
