/** The door to a server of OpenAI's API: what it has and can do, questions with patience, answers as they come. */
import { serverPlace, type ServedModel, type ServerPlace } from '../../protocol/index.ts';
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import {
  askServer,
  authorization,
  readAnswer,
  readPieces,
  ServerOutage,
  ServerRefusal,
} from '../base/foreignServer.ts';
import { chatBody, hasPictures, type ChatRequest } from './chat.ts';
import {
  EventReader,
  lastEvent,
  readChatAnswer,
  readChatDelta,
  readModels,
  readYesNo,
  UnreadableAnswer,
  type ChatAnswer,
  type ChatDelta,
  type ListedModel,
} from './chatAnswer.ts';
import { eyeTest, wordTest } from './eyeTest.ts';

export interface ChatServerParts {
  readonly served: ServedModel;
  /** Goes along where nobody on the way can read it. */
  readonly key?: string | undefined;
  readonly clock: Clock;
  /** How long it is waited for, ms. */
  readonly limits?: ChatLimits;
}

export interface ChatLimits {
  /** For the beginning of an answer: a long prompt that is new to the server takes so long. */
  readonly answerMs: number;
  /** For the next piece of one. */
  readonly silenceMs: number;
}

const usualLimits: ChatLimits = { answerMs: 60_000, silenceMs: 30_000 };
const maxAnswerCharacters = 1_000_000;
/** Waits after failures, ms; the last one is kept to. */
const backOffMs = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** Nobody is made to wait longer by a server, ms. */
const longestWaitMs = 300_000;

/** What a model on a server can do, as far as was found out by trying. */
export interface ServerAbilities {
  /** What the server calls it. */
  readonly model: string;
  /** Positions that it holds, where that is told. */
  readonly contextTokens: number | undefined;
  /** seen: it tells a red picture from a blue one. unseen: it takes them, and does not. refused: it takes none. */
  readonly pictures: 'seen' | 'unseen' | 'refused';
  /** Whether it tells how sure it is. */
  readonly tellsProbabilities: boolean;
}

export interface AskingOptions {
  /** Aborting closes the request. */
  readonly signal: AbortSignal;
  /** How long an outage is waited out, ms; a failure is told at once when left out. */
  readonly patienceMs?: number;
}

export class ChatServer {
  readonly place: ServerPlace;
  readonly #parts: ChatServerParts;
  readonly #limits: ChatLimits;
  readonly #url: (path: string) => string;
  readonly #headers: Readonly<Record<string, string>>;
  #abilities: ServerAbilities | undefined;
  #model: string;
  /** Failures in a row. */
  #failures = 0;
  #retryAtMs = -Infinity;
  #requests = 0;
  #pictures = 0;

  constructor(parts: ChatServerParts) {
    const { address } = parts.served;
    this.#parts = parts;
    this.#model = parts.served.model ?? '';
    this.#limits = parts.limits ?? usualLimits;
    this.place = serverPlace(address);
    const base = new URL(address);
    const folder = base.pathname.replace(/\/(?:chat\/completions\/?)?$/, '');
    this.#url = (path) => {
      const url = new URL(base);
      url.pathname = `${folder === '' ? '/v1' : folder}/${path}`;
      return url.href;
    };
    this.#headers = { ...authorization(address, parts.key), 'content-type': 'application/json' };
  }

  /** It did not answer when it was asked last. */
  get isAway(): boolean {
    return this.#failures > 0;
  }

  /** It is away, and is not to be asked just yet. */
  get isResting(): boolean {
    return this.#parts.clock.monotonicMs() < this.#retryAtMs;
  }

  /** What was sent so far. */
  get sent(): { readonly requests: number; readonly pictures: number } {
    return { requests: this.#requests, pictures: this.#pictures };
  }

  /**
   * Finds out what is there, once: asks for the models, and shows the one that is meant two small pictures.
   * @throws AppError endpoint.*
   */
  async connect(options: AskingOptions): Promise<ServerAbilities> {
    this.#abilities ??= await this.#explore(options);
    return this.#abilities;
  }

  /** @throws AppError endpoint.*; ServerRefusal when it refuses this request, which another one may mend */
  ask(request: ChatRequest, options: AskingOptions): Promise<ChatAnswer> {
    return this.#patiently(options, async () => {
      const response = await this.#send(request, { isStreamed: false, signal: options.signal });
      return readChatAnswer(await this.#read(response, options.signal));
    });
  }

  /**
   * The answer, as it comes. It ends with its last word; leaving it early closes the request. Only its beginning is waited for with patience.
   * @throws as `ask`; AppError endpoint.away when it breaks off
   */
  async *stream(request: ChatRequest, options: AskingOptions): AsyncGenerator<ChatDelta> {
    const { signal } = options;
    const response = await this.#patiently(options, () =>
      this.#send(request, { isStreamed: true, signal }),
    );
    const events = new EventReader();
    let isFinished = false;
    try {
      const { silenceMs } = this.#limits;
      for await (const piece of readPieces(response, { signal, silenceMs })) {
        for (const data of events.read(piece)) {
          if (data === lastEvent) return;
          const delta = readChatDelta(data);
          isFinished ||= delta.finish !== undefined;
          yield delta;
        }
      }
      if (!isFinished) throw new ServerOutage('its answer broke off');
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ServerOutage) this.#failed(error);
      throw this.#told(error);
    }
  }

  /** A refusal that nothing mends, as it is told to people; anything else as it is. */
  explained(error: unknown): unknown {
    if (!(error instanceof ServerRefusal)) return error;
    return this.#expected('endpoint.refused', error.message.replace(/^it /, ''), error);
  }

  /** Whatever fails by an outage is done again, as long as the patience lasts. @throws as `ask` */
  async #patiently<Value>(
    { signal, patienceMs = 0 }: AskingOptions,
    work: () => Promise<Value>,
  ): Promise<Value> {
    const { clock } = this.#parts;
    const startMs = clock.monotonicMs();
    for (;;) {
      try {
        const value = await work();
        this.#failures = 0;
        this.#retryAtMs = -Infinity;
        return value;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServerOutage)) throw this.#told(error);
        const waitMs = this.#failed(error);
        if (clock.monotonicMs() - startMs + waitMs > patienceMs) throw this.#told(error);
        await clock.sleep(waitMs, { signal });
      }
    }
  }

  /** @returns how long it is to be left alone */
  #failed({ retryAfterMs }: ServerOutage): number {
    const wantedMs = Math.min(retryAfterMs ?? 0, longestWaitMs);
    const waitMs = Math.max(wantedMs, backOff(backOffMs, this.#failures++));
    this.#retryAtMs = this.#parts.clock.monotonicMs() + waitMs;
    return waitMs;
  }

  #send(
    request: ChatRequest,
    { isStreamed, signal }: { readonly isStreamed: boolean; readonly signal: AbortSignal },
  ): Promise<Response> {
    this.#requests++;
    if (hasPictures(request.messages)) this.#pictures++;
    const body = chatBody(request, { model: this.#model, isStreamed });
    const init = { method: 'POST', body, headers: this.#headers };
    const timeoutMs = this.#limits.answerMs;
    return askServer(this.#url('chat/completions'), init, { signal, timeoutMs });
  }

  #read(response: Response, signal: AbortSignal): Promise<string> {
    const { silenceMs } = this.#limits;
    return readAnswer(response, { maxCharacters: maxAnswerCharacters, silenceMs, signal });
  }

  async #explore(options: AskingOptions): Promise<ServerAbilities> {
    const { id: model, contextTokens } = await this.#choose(options);
    this.#model = model;
    const tried = (request: Omit<ChatRequest, 'maxTokens'>): Promise<ChatAnswer | undefined> =>
      this.ask({ ...request, maxTokens: 1 }, options).catch(ignoreRefusal);
    const found = { model, contextTokens };
    for (const wantsAlternatives of [true, false]) {
      const onRed = await tried({ messages: eyeTest.red, wantsAlternatives });
      if (!onRed) continue;
      const onBlue = await tried({ messages: eyeTest.blue, wantsAlternatives });
      const [red = 0, blue = 1] = [onRed, onBlue].map((answer) => answer && readYesNo(answer));
      const pictures = red > blue ? 'seen' : 'unseen';
      return { ...found, pictures, tellsProbabilities: onRed.alternatives !== undefined };
    }
    const sure = await tried({ messages: wordTest, wantsAlternatives: true });
    // What is wrong with the simplest question of all is told.
    if (!sure) await this.ask({ messages: wordTest, maxTokens: 1 }, options).catch(this.#explain);
    return { ...found, pictures: 'refused', tellsProbabilities: sure?.alternatives !== undefined };
  }

  /** The model that is meant, as the server lists it. @throws AppError endpoint.* */
  async #choose(options: AskingOptions): Promise<ListedModel> {
    const { model } = this.#parts.served;
    const { host } = this.place;
    const listed = await this.#patiently(options, async () => {
      const timeoutMs = this.#limits.answerMs;
      const init = { headers: this.#headers };
      const response = await askServer(this.#url('models'), init, { ...options, timeoutMs });
      return readModels(await this.#read(response, options.signal));
    }).catch((error: unknown) => {
      // Some have no list; then the model is what it was called.
      const isUnlisted = error instanceof ServerRefusal && [404, 405].includes(error.status);
      if (isUnlisted && model !== undefined) return [{ id: model, contextTokens: undefined }];
      return this.#explain(error);
    });
    const wanted = model === undefined && listed.length === 1 ? listed[0]!.id : model;
    const found = listed.find(({ id }) => id === wanted);
    if (found) return found;
    const names = listed.slice(0, 5).map(({ id }) => id);
    const has = names.length === 0 ? 'it lists none' : `it has ${names.join(', ')}`;
    const which = model === undefined ? 'several models' : `no model "${model}"`;
    throw new AppError('endpoint.noModel', `The server ${host} has ${which}; ${has}.`);
  }

  /** As it is told to people. */
  #told(error: unknown): unknown {
    const { host } = this.place;
    if (error instanceof ServerOutage) {
      if (error.isBusy) return this.#expected('endpoint.busy', 'takes no more requests', error);
      return this.#expected('endpoint.away', `does not answer: ${error.message}`, error);
    }
    if (error instanceof UnreadableAnswer) {
      return this.#expected('endpoint.unreadable', error.message.replace(/^it /, ''), error);
    }
    if (error instanceof ServerRefusal && [401, 403].includes(error.status)) {
      const message = `The server ${host} does not accept the key, or wants one.`;
      return new AppError('endpoint.keyRefused', message);
    }
    return error;
  }

  readonly #explain = (error: unknown): never => {
    throw this.explained(error);
  };

  /** A server may say the key that it was shown: nobody else is. */
  #expected(
    code: 'endpoint.away' | 'endpoint.busy' | 'endpoint.refused' | 'endpoint.unreadable',
    why: string,
    cause: Error,
  ): AppError {
    const { key } = this.#parts;
    const safe = key === undefined ? why : why.replaceAll(key, '…');
    const sentence = `The server ${this.place.host} ${safe.replace(/[.\s]+$/, '')}.`;
    return new AppError(code, sentence, safe === why ? { cause } : {});
  }
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof ServerRefusal)) throw error;
}
