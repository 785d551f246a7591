/** The kind of recall that runs on a server: numbered rows and pictures in, numbers of rows and a sentence out. */
import { formatMediaTime } from '../../protocol/index.ts';
import { ServerRefusal } from '../base/foreignServer.ts';
import { picturePart, textPart, type ChatMessage } from '../endpoint/chat.ts';
import type { ChatServer, ServerAbilities } from '../endpoint/chatServer.ts';
import { isNotSeen, readCitedRows } from '../endpoint/citedAnswer.ts';
import type { RecallReply } from '../llm/recall.ts';
import { GroundedText } from './groundedText.ts';
import { defaultPrompts, servedPrompts } from './prompts.ts';
import type { RecallModel, RecallOptions, RecallQuestion } from './recall.ts';

export interface ServedRecallParts {
  readonly name: string;
  readonly server: Pick<ChatServer, 'connect' | 'stream' | 'explained'>;
  readonly relevance?: RecallModel['relevance'];
}

/** Rows of a question: some two thousand positions. */
const maxRows = 40;
const maxPictures = 4;
const maxCited = 5;
const maxListed = 12;
/** Whoever has asked something waits so long for a server that is away, ms. */
const patienceMs = 10_000;
const maxTokens = 300;

export class ServedRecall implements RecallModel {
  readonly name: string;
  readonly notSeenReply = defaultPrompts.notSeen;
  readonly limits: RecallModel['limits'] = { maxRows, order: 'time', pictures: maxPictures };
  readonly prompts = defaultPrompts;
  readonly relevance?: NonNullable<RecallModel['relevance']>;
  readonly #server: ServedRecallParts['server'];

  constructor({ name, server, relevance }: ServedRecallParts) {
    this.name = name;
    this.#server = server;
    if (relevance) this.relevance = relevance;
  }

  /** @throws AppError endpoint.* */
  async recall(request: RecallQuestion, { signal, onText }: RecallOptions): Promise<RecallReply> {
    const evidence = request.evidence.slice(0, maxRows);
    if (evidence.length === 0) return { rows: [], shares: [], text: '', notSeen: 1 };
    const options = { signal, patienceMs };
    const abilities = await this.#server.connect(options);
    const asked = { ...request, evidence };
    const rows = asked.about ?? (asked.isSilent ? await this.#choose(asked, options) : undefined);
    if (asked.about || !rows)
      return this.#say(asked, rows, abilities, { ...options, ...(onText ? { onText } : {}) });
    return {
      rows,
      shares: sharesOf(rows, evidence.length),
      text: '',
      notSeen: rows.length ? 0 : 1,
    };
  }

  async #choose(
    asked: RecallQuestion,
    options: { readonly signal: AbortSignal; readonly patienceMs: number },
  ): Promise<readonly number[]> {
    const system = servedPrompts.choosing(maxListed);
    let line = '';
    for await (const text of this.#lines(messagesOf(system, asked, false), options)) {
      line += text;
      if (/\S.*\n/s.test(line)) break;
    }
    return readCitedRows(firstLine(line), asked.evidence.length);
  }

  /** @param about the rows, where they were chosen before */
  async #say(
    asked: RecallQuestion,
    about: readonly number[] | undefined,
    { pictures }: ServerAbilities,
    { onText, ...options }: RecallOptions & { readonly patienceMs: number },
  ): Promise<RecallReply> {
    const { evidence, question } = asked;
    const most = asked.isList ? maxListed : maxCited;
    const system = about ? servedPrompts.phrasing : servedPrompts.answering(most);
    const messages = messagesOf(system, asked, pictures !== 'refused' && !about, about);
    let rows = about;
    let head = '';
    let text: GroundedText | undefined;
    const begin = (named: readonly number[]): GroundedText =>
      new GroundedText([question, ...named.map((row) => evidence[row]!.text)], onText);
    if (about) text = begin(about);
    for await (const piece of this.#lines(messages, options)) {
      if (text) {
        if (!text.add(piece)) break;
        continue;
      }
      head += piece;
      const [, line, rest] = /^\s*(\S.*?)\n(.*)$/s.exec(head) ?? [];
      if (line === undefined) continue;
      rows = readCitedRows(line, evidence.length).slice(0, most);
      if (rows.length === 0) break;
      text = begin(rows);
      if (!text.add(rest!)) break;
    }
    options.signal.throwIfAborted();
    // Some say the rows alone.
    rows ??= isNotSeen(head) ? [] : readCitedRows(firstLine(head), evidence.length).slice(0, most);
    const shares = sharesOf(rows, evidence.length);
    return { rows, shares, text: text?.finish() ?? '', notSeen: rows.length > 0 ? 0 : 1 };
  }

  async *#lines(
    messages: readonly ChatMessage[],
    options: { readonly signal: AbortSignal; readonly patienceMs: number },
  ): AsyncGenerator<string> {
    try {
      for await (const { text } of this.#server.stream({ messages, maxTokens }, options)) {
        if (text !== '') yield text;
      }
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      throw this.#server.explained(error);
    }
  }
}

/** The rows by number, as quotations; pictures before them, each behind its time. */
function messagesOf(
  system: string,
  { evidence, times = [], pictures = [], earlier = [], question }: RecallQuestion,
  takesPictures: boolean,
  about?: readonly number[],
): ChatMessage[] {
  const timeOf = (ms: number | undefined): string =>
    ms === undefined ? '' : `${formatMediaTime(ms)} `;
  const rows = evidence.map((row, index) => {
    const place = row.kind === 'screen' ? row.region : 'guidance';
    return `[${index + 1}] ${timeOf(times[index])}${place}: ${JSON.stringify(row.text)}`;
  });
  const shown = takesPictures ? pictures : [];
  const named = about ? ` (rows ${about.map((row) => row + 1).join(', ')})` : '';
  return [
    { role: 'system', content: system },
    ...earlier.flatMap((turn): ChatMessage[] => [
      { role: 'user', content: [textPart(turn.question)] },
      { role: 'assistant', content: turn.answer },
    ]),
    {
      role: 'user',
      content: [
        ...shown.flatMap(({ atMs, jpeg }) => [
          textPart(`${timeOf(atMs)}The screen:`),
          picturePart(jpeg.toString('base64')),
        ]),
        textPart(['Rows:', ...rows, '', `Question: ${question}${named}`].join('\n')),
      ],
    },
  ];
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

const sharesOf = (rows: readonly number[], count: number): number[] =>
  Array.from({ length: count }, (_, row) => (rows.includes(row) ? 1 : 0));
