/** The door to a hub: one request for each thing that its model is asked. */
import type { z } from 'zod';
import { serverPlace, type ServedModel, type ServerPlace } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import {
  askServer,
  authorization,
  readAnswer,
  readPieces,
  ServerOutage,
  ServerRefusal,
} from '../base/foreignServer.ts';
import { parseObject } from '../base/json.ts';
import { UnreadableAnswer } from './chatAnswer.ts';
import { hubAnswers, type HubDescription } from './hubWire.ts';
import { Outages, type AskingOptions } from './outages.ts';

export interface HubConnectionParts {
  readonly served: ServedModel;
  readonly key?: string | undefined;
  readonly clock: Clock;
}

/** A hub's queue is waited for; its engine may have to load its model first, ms. */
const answerMs = 120_000;
const maxAnswerCharacters = 1_000_000;

export class HubConnection {
  readonly place: ServerPlace;
  readonly outages: Outages;
  readonly #address: string;
  readonly #headers: Readonly<Record<string, string>>;
  #description: HubDescription | undefined;
  #requests = 0;
  #pictures = 0;

  constructor({ served, key, clock }: HubConnectionParts) {
    this.place = serverPlace(served.address);
    this.outages = new Outages({ address: served.address, key, clock });
    this.#address = served.address.replace(/\/$/, '');
    const opens = authorization(served.address, key);
    this.#headers = { ...opens, 'content-type': 'application/json' };
  }

  get sent(): { readonly requests: number; readonly pictures: number } {
    return { requests: this.#requests, pictures: this.#pictures };
  }

  /** What runs there; asked once, and again when it may have been started anew. @throws AppError endpoint.* */
  async describe(options: AskingOptions): Promise<HubDescription> {
    try {
      this.#description ??= await this.ask('GET', 'model', hubAnswers.description, options);
      return this.#description;
    } catch (error) {
      throw this.outages.explained(error);
    }
  }

  /** @throws AppError endpoint.*; ServerRefusal */
  ask<Answer>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    answer: z.ZodType<Answer>,
    options: AskingOptions & { readonly body?: object },
  ): Promise<Answer> {
    return this.outages.patiently(options, async () => {
      const response = await this.#send(method, path, options);
      const text = await readAnswer(response, { maxCharacters: maxAnswerCharacters, ...options });
      return read(answer, text);
    });
  }

  /**
   * An answer that comes in lines. Only its beginning is waited for with patience.
   * @param onWords hears them as they come
   * @returns what the last line says they are
   * @throws as `ask`
   */
  async stream<Reply>(
    path: string,
    reply: z.ZodType<Reply>,
    {
      onWords,
      ...options
    }: AskingOptions & { readonly body?: object; readonly onWords?: (text: string) => void },
  ): Promise<Reply> {
    const response = await this.outages.patiently(options, () => this.#send('POST', path, options));
    let rest = '';
    try {
      const reading = { maxCharacters: maxAnswerCharacters, ...options };
      for await (const piece of readPieces(response, reading)) {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const told = parseObject(line);
          if (typeof told?.['words'] === 'string') onWords?.(told['words']);
          else if (told?.['reply'] !== undefined) return read(reply, JSON.stringify(told['reply']));
        }
      }
      throw new ServerOutage('its answer broke off');
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof ServerOutage) this.outages.failed(error);
      throw this.outages.told(error);
    }
  }

  async #send(
    method: string,
    path: string,
    { signal, body }: { readonly signal: AbortSignal; readonly body?: object },
  ): Promise<Response> {
    this.#requests++;
    if (body && 'picture' in body) this.#pictures++;
    const init = {
      method,
      headers: this.#headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    try {
      return await askServer(`${this.#address}/${path}`, init, { signal, timeoutMs: answerMs });
    } catch (error) {
      if (mayBeAnother(error)) this.#description = undefined;
      throw error;
    }
  }
}

/** A hub that was away, or that knows a stream no more, may have been started with another model. */
const mayBeAnother = (error: unknown): boolean =>
  (error instanceof ServerRefusal && error.status === 404) ||
  (error instanceof ServerOutage && !error.isBusy);

function read<Answer>(schema: z.ZodType<Answer>, text: string): Answer {
  const parsed = schema.safeParse(parseObject(text));
  if (parsed.success) return parsed.data;
  throw new UnreadableAnswer('it does not speak as a hub of this version does');
}
