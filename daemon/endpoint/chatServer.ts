/** The door to a server of OpenAI's API: what it has and can do, questions with patience, answers as they come. */
import { serverPlace, type ServedModel, type ServerPlace } from '../../protocol/index.ts';
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
  type ChatAnswer,
  type ChatDelta,
  type ListedModel,
} from './chatAnswer.ts';
import { eyeTest, wordTest } from './eyeTest.ts';
import { Outages, type AskingOptions } from './outages.ts';

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

export class ChatServer {
  readonly place: ServerPlace;
  readonly #parts: ChatServerParts;
  readonly #limits: ChatLimits;
  readonly #url: (path: string) => string;
  readonly #headers: Readonly<Record<string, string>>;
  #abilities: ServerAbilities | undefined;
  #model: string;
  readonly #outages: Outages;
  #requests = 0;
  #pictures = 0;

  constructor(parts: ChatServerParts) {
    const { address } = parts.served;
    this.#parts = parts;
    this.#model = parts.served.model ?? '';
    this.#limits = parts.limits ?? usualLimits;
    this.place = serverPlace(address);
    this.#outages = new Outages({ address, key: parts.key, clock: parts.clock });
    const base = new URL(address);
    const folder = base.pathname.replace(/\/(?:chat\/completions\/?)?$/, '');
    this.#url = (path) => {
      const url = new URL(base);
      url.pathname = `${folder === '' ? '/v1' : folder}/${path}`;
      return url.href;
    };
    this.#headers = { ...authorization(address, parts.key), 'content-type': 'application/json' };
  }

  /** As in `Outages`. */
  get isAway(): boolean {
    return this.#outages.isAway;
  }

  get isResting(): boolean {
    return this.#outages.isResting;
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
    return this.#outages.patiently(options, async () => {
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
    const response = await this.#outages.patiently(options, () =>
      this.#send(request, { isStreamed: true, signal }),
    );
    const events = new EventReader();
    let isFinished = false;
    try {
      const reading = { maxCharacters: maxAnswerCharacters, silenceMs: this.#limits.silenceMs };
      for await (const piece of readPieces(response, { ...reading, signal })) {
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
      if (error instanceof ServerOutage) this.#outages.failed(error);
      throw this.#outages.told(error);
    }
  }

  /** As `Outages.explained`. */
  explained(error: unknown): unknown {
    return this.#outages.explained(error);
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
    const { id: model, contextTokens, unlisted } = await this.#choose(options);
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
    if (!sure) {
      await this.ask({ messages: wordTest, maxTokens: 1 }, options).catch((error: unknown) => {
        throw error instanceof ServerRefusal && unlisted ? unlisted : this.explained(error);
      });
    }
    return { ...found, pictures: 'refused', tellsProbabilities: sure?.alternatives !== undefined };
  }

  /**
   * The model that is meant, as the server lists it. One that is named and not listed may be there all the same: not every server lists what
   * it has. `unlisted` is then what to say when it is not.
   * @throws AppError endpoint.*
   */
  async #choose(options: AskingOptions): Promise<ListedModel & { readonly unlisted?: AppError }> {
    const { model } = this.#parts.served;
    const { host } = this.place;
    const listed = await this.#outages
      .patiently(options, async () => {
        const timeoutMs = this.#limits.answerMs;
        const init = { headers: this.#headers };
        const response = await askServer(this.#url('models'), init, { ...options, timeoutMs });
        return readModels(await this.#read(response, options.signal));
      })
      .catch((error: unknown) => {
        const isUnlisted = error instanceof ServerRefusal && [404, 405].includes(error.status);
        if (isUnlisted && model !== undefined) return [];
        throw this.explained(error);
      });
    const wanted = model === undefined && listed.length === 1 ? listed[0]!.id : model;
    const found = listed.find(({ id }) => id === wanted);
    if (found) return found;
    const names = listed.slice(0, 5).map(({ id }) => id);
    const has = names.length === 0 ? 'it lists none' : `it has ${names.join(', ')}`;
    const several = names.length === 0 ? 'lists no model' : `has several models; ${has}`;
    const which = model === undefined ? several : `has no model "${model}"; ${has}`;
    const unlisted = new AppError('endpoint.noModel', `The server ${host} ${which}.`);
    if (model === undefined) throw unlisted;
    return { id: model, contextTokens: undefined, unlisted };
  }
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof ServerRefusal)) throw error;
}
