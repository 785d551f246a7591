/** What a server of OpenAI's API answers: whole, or piece by piece. Pure. */
import { asObject, parseObject, type JsonObject } from '../base/json.ts';

export interface ChatAnswer {
  readonly text: string;
  /** `length`: it was cut. */
  readonly finish: string | undefined;
  /** What the first token might have been, with its logarithmic probability; undefined when the server does not tell. */
  readonly alternatives: ReadonlyMap<string, number> | undefined;
  /** Positions that the prompt took. */
  readonly promptTokens: number | undefined;
}

/** The server speaks something else than OpenAI's API. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** @throws UnreadableAnswer */
export function readChatAnswer(body: string): ChatAnswer {
  const told = parseObject(body);
  const choice = firstChoice(told);
  const message = asObject(choice?.['message']);
  if (!told || !choice || !message) throw unreadable(body);
  const { content } = message;
  if (typeof content !== 'string' && content !== null && content !== undefined)
    throw unreadable(body);
  return {
    text: content ?? '',
    finish: finishOf(choice),
    alternatives: alternativesOf(choice),
    promptTokens: promptTokensOf(told),
  };
}

/** A piece of a streamed answer. */
export interface ChatDelta {
  readonly text: string;
  readonly finish: string | undefined;
  readonly promptTokens: number | undefined;
}

/** @param data of one event. @throws UnreadableAnswer */
export function readChatDelta(data: string): ChatDelta {
  const told = parseObject(data);
  const choice = firstChoice(told);
  // The last event has the usage and no choice.
  const isUsage = Array.isArray(told?.['choices']) && told['choices'].length === 0;
  if (!told || (!choice && !isUsage)) throw unreadable(data);
  const content = asObject(choice?.['delta'])?.['content'];
  return {
    text: typeof content === 'string' ? content : '',
    finish: choice && finishOf(choice),
    promptTokens: promptTokensOf(told),
  };
}

/** Cuts a stream of server-sent events. @source WHATWG HTML, 9.2.6; comments and other fields mean nothing here */
export class EventReader {
  #rest = '';

  /** @returns the data of the events that are whole now */
  read(piece: string): string[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => {
      const [, data] = /^data: ?(.*)$/s.exec(line) ?? [];
      return data === undefined ? [] : [data];
    });
  }
}

/** Says that a stream of events is over. */
export const lastEvent = '[DONE]';

/** A model that a server lists. */
export interface ListedModel {
  readonly id: string;
  /** Positions that it holds, where that is told. */
  readonly contextTokens: number | undefined;
}

/**
 * @throws UnreadableAnswer
 * @source "List models"; the size of the context by vLLM and SGLang (`max_model_len`), llama-server (`meta.n_ctx`, trained: `n_ctx_train`),
 *   LM Studio and others (`max_context_length`, `context_length`)
 */
export function readModels(body: string): readonly ListedModel[] {
  const data = parseObject(body)?.['data'];
  if (!Array.isArray(data)) throw unreadable(body);
  return data.flatMap((one: unknown): ListedModel[] => {
    const model = asObject(one);
    const meta = asObject(model?.['meta']);
    if (!model || typeof model['id'] !== 'string') return [];
    const sizes = [
      ...[model['max_model_len'], meta?.['n_ctx'], model['max_context_length']],
      ...[model['context_length'], meta?.['n_ctx_train']],
    ];
    const contextTokens = sizes.find((size) => typeof size === 'number' && size > 0);
    return [{ id: model['id'], contextTokens: contextTokens as number | undefined }];
  });
}

/**
 * How sure an answer of one word is.
 * @returns probability of yes against no, 0 … 1; undefined when it is neither
 */
export function readYesNo({ text, alternatives }: ChatAnswer): number | undefined {
  let [yes, no] = [0, 0];
  for (const [token, logProbability] of alternatives ?? []) {
    const word = wordOf(token);
    if (word === 'yes') yes += Math.exp(logProbability);
    if (word === 'no') no += Math.exp(logProbability);
  }
  if (yes + no > 0) return yes / (yes + no);
  const [said] = /^[^\p{L}]*\p{L}+/u.exec(text) ?? [];
  const word = said === undefined ? undefined : wordOf(said);
  if (word === 'yes') return 1;
  return word === 'no' ? 0 : undefined;
}

/** Tokens have a sign for the space before them: a space, `▁` or `Ġ`. */
const wordOf = (token: string): string => token.replace(/[^\p{L}]|Ġ/gu, '').toLowerCase();

function firstChoice(told: JsonObject | undefined): JsonObject | undefined {
  const choices = told?.['choices'];
  return Array.isArray(choices) ? asObject(choices[0]) : undefined;
}

function finishOf(choice: JsonObject): string | undefined {
  const reason = choice['finish_reason'];
  return typeof reason === 'string' ? reason : undefined;
}

function alternativesOf(choice: JsonObject): Map<string, number> | undefined {
  const content = asObject(choice['logprobs'])?.['content'];
  const top = Array.isArray(content) ? asObject(content[0])?.['top_logprobs'] : undefined;
  if (!Array.isArray(top)) return undefined;
  const alternatives = new Map<string, number>();
  for (const one of top) {
    const { token, logprob } = asObject(one) ?? {};
    if (typeof token === 'string' && typeof logprob === 'number') alternatives.set(token, logprob);
  }
  return alternatives.size === 0 ? undefined : alternatives;
}

function promptTokensOf(told: JsonObject): number | undefined {
  const tokens = asObject(told['usage'])?.['prompt_tokens'];
  return typeof tokens === 'number' ? tokens : undefined;
}

const unreadable = (said: string): UnreadableAnswer => {
  const begin = said.replace(/\s+/g, ' ').trim().slice(0, 80);
  return new UnreadableAnswer(`it does not speak OpenAI's API: ${begin}`);
};
