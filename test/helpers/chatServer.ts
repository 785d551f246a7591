/**
 * A server on this machine that takes chat completions as OpenAI's API reference has them, and refuses whatever is not as it says. It is no
 * model: a rule of the test answers from what was really sent. On demand it misbehaves as real ones do.
 */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';

export interface HeardPicture {
  readonly width: number;
  readonly height: number;
  /** Mean colour, 0 … 255 each. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** One request that was as it should be. */
export interface Heard {
  readonly body: ChatBody;
  readonly bytes: number;
  readonly authorization: string | undefined;
  /** What was sent in its order: texts as they are, pictures as what is in them. */
  readonly parts: readonly (string | HeardPicture)[];
  /** The last text. */
  readonly question: string;
}

/** What the rule says; `yes` is how sure it is of that word. */
export type Said = string | { readonly yes: number };

/** What happens instead of an answer. */
export type Trouble =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** It answers nothing, and waits. */
  | 'mute'
  /** It breaks off in the middle. */
  | 'cut'
  | 'html'
  | 'otherJson';

export interface ChatServerOptions {
  readonly models?: readonly object[];
  /** False: its list is empty, though it has them. */
  readonly listsModels?: boolean;
  readonly answer?: (heard: Heard) => Said;
  readonly trouble?: (heard: Heard, index: number) => Trouble | undefined;
  /** What of the API it has. */
  readonly logprobs?: 'told' | 'ignored' | 'refused';
  readonly pictures?: 'seen' | 'ignored' | 'refused';
  readonly maxPictures?: number;
  readonly maxBytes?: number;
  readonly key?: string;
}

export interface ChatTestServer extends AsyncDisposable {
  readonly origin: string;
  /** With the model of the default list. */
  readonly address: string;
  readonly heard: Heard[];
  /** What was wrong with requests. */
  readonly problems: string[];
  /** Requests that were closed before they were answered. */
  readonly closed: number[];
  /** May be changed while it runs. */
  options: ChatServerOptions;
}

const text = z.strictObject({ type: z.literal('text'), text: z.string() });
const picture = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({
    url: z.string().regex(/^data:image\/jpeg;base64,[A-Za-z0-9+/]+={0,2}$/),
    detail: z.enum(['auto', 'low', 'high']).optional(),
  }),
});
const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({ role: z.literal('assistant'), content: z.string().min(1) }),
  z.strictObject({ role: z.literal('user'), content: z.array(z.union([text, picture])).min(1) }),
]);
/** @source OpenAI API reference, "Create chat completion": the part that makes sense here; every other field is refused */
const chatBody = z
  .strictObject({
    model: z.string().min(1),
    messages: z.array(message).min(1),
    max_tokens: z.number().int().positive(),
    temperature: z.number().min(0).max(2),
    logprobs: z.boolean().optional(),
    top_logprobs: z.number().int().min(0).max(20).optional(),
    stream: z.boolean().optional(),
    stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
  })
  .refine((body) => body.top_logprobs === undefined || body.logprobs === true, {
    message: 'top_logprobs without logprobs',
  })
  .refine((body) => body.stream_options === undefined || body.stream === true, {
    message: 'stream_options without stream',
  })
  // Templates of Llama, Mistral and Gemma refuse anything else.
  .refine(
    ({ messages }) =>
      messages
        .filter(({ role }) => role !== 'system')
        .every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant')) &&
      messages.at(-1)?.role === 'user' &&
      messages.slice(1).every(({ role }) => role !== 'system'),
    { message: 'user and assistant must alternate, behind one system message at most' },
  );
type ChatBody = z.output<typeof chatBody>;

const usualModels = [
  { id: 'eyes', object: 'model', created: 1, owned_by: 'test', max_model_len: 32_768 },
];

/** By default it sees red, says yes to whatever speaks of "passed", and then quotes the newest line. */
export const usualAnswer = ({ question, parts }: Heard): Said => {
  const pictures = parts.filter((part) => typeof part === 'object');
  if (question.startsWith('Is this picture red?')) {
    const { red, blue } = pictures.at(-1) ?? { red: 0, blue: 0 };
    return { yes: red > blue + 50 ? 0.98 : 0.02 };
  }
  if (question.startsWith('Is blood red?')) return { yes: 0.99 };
  const last = parts.findLast((part) => typeof part === 'string' && part.startsWith('New text'));
  const lines = typeof last === 'string' ? last.split('\n').slice(1) : [];
  if (question.includes('yes or no')) {
    // What stands before the last picture is old.
    const isNew = parts.indexOf(last ?? '') >= parts.length - 3;
    return { yes: isNew && lines.some((line) => line.includes('passed')) ? 0.9 : 0.05 };
  }
  const quoted = /"(.*)"/.exec(lines.at(-1) ?? '')?.[1];
  return quoted === undefined ? 'SILENT' : `The screen shows ${quoted}.`;
};

export async function startChatServer(options: ChatServerOptions = {}): Promise<ChatTestServer> {
  const heard: Heard[] = [];
  const problems: string[] = [];
  const closed: number[] = [];
  const taken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await take(request, response);
    } catch (error) {
      if (!(error instanceof Refusal)) problems.push((error as Error).message);
      const status = error instanceof Refusal ? error.status : 400;
      sendJson(response, status, { error: { message: (error as Error).message, type: 'invalid' } });
    }
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { key, models = usualModels } = self.options;
    const { authorization } = request.headers;
    if (key !== undefined && authorization !== `Bearer ${key}`) {
      throw new Refusal(401, `Incorrect API key provided: ${authorization?.slice(7) ?? ''}`);
    }
    if (request.method === 'GET' && request.url === '/v1/models') {
      const { listsModels = true } = self.options;
      sendJson(response, 200, { object: 'list', data: listsModels ? models : [] });
      return;
    }
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      throw new Refusal(404, `no ${request.url}`);
    }
    const one = await readRequest(request, self.options, models);
    const index = heard.push(one) - 1;
    response.once('close', () => {
      if (!response.writableFinished) closed.push(index);
    });
    await respond(one, response, self.options, self.options.trouble?.(one, index));
  };
  const server = createServer((request, response) => {
    void taken(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: ChatTestServer = {
    ...{ origin, address: `${origin}/v1#eyes`, heard, problems, closed, options },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return self;
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

async function readRequest(
  request: IncomingMessage,
  {
    pictures = 'seen',
    logprobs = 'told',
    maxPictures = Infinity,
    maxBytes = Infinity,
  }: ChatServerOptions,
  models: readonly object[],
): Promise<Heard> {
  const bytes = await buffer(request);
  if (bytes.length > maxBytes) throw new Refusal(413, 'Request Entity Too Large');
  if (request.headers['content-type'] !== 'application/json') throw new Error('content-type');
  const parsed = chatBody.safeParse(JSON.parse(bytes.toString()));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const body = parsed.data;
  if (!models.some((model) => 'id' in model && model.id === body.model)) {
    throw new Refusal(404, `The model "${body.model}" does not exist`);
  }
  if (logprobs === 'refused' && body.logprobs) throw new Refusal(400, 'logprobs is not supported');
  const contents = body.messages.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content,
  );
  const sent = contents.filter(({ type }) => type === 'image_url').length;
  if (pictures === 'refused' && sent > 0) throw new Refusal(400, 'eyes is not a multimodal model');
  if (sent > maxPictures) throw new Refusal(400, `At most ${maxPictures} image(s) may be provided`);
  const parts: (string | HeardPicture)[] = [];
  for (const part of contents) {
    if (part.type === 'text') parts.push(part.text);
    else parts.push(await decodeJpeg(Buffer.from(part.image_url.url.split(',')[1]!, 'base64')));
  }
  const question = parts.findLast((part) => typeof part === 'string') ?? '';
  const { authorization } = request.headers;
  return { body, bytes: bytes.length, authorization, parts, question };
}

const known = new Map<string, Promise<HeardPicture>>();

/** @throws Error when it is no JPEG that ffmpeg decodes */
function decodeJpeg(bytes: Buffer): Promise<HeardPicture> {
  const key = bytes.toString('base64');
  const picture = known.get(key) ?? decodeAnew(bytes);
  known.set(key, picture);
  return picture;
}

async function decodeAnew(bytes: Buffer): Promise<HeardPicture> {
  const [start, end] = [bytes.readUInt16BE(0), bytes.readUInt16BE(bytes.length - 2)];
  if (start !== 0xffd8 || end !== 0xffd9) throw new Error('no JPEG');
  let at = 2;
  // @source ITU-T T.81, B.1.1.4: segments up to the frame header
  while (!(bytes[at + 1]! >= 0xc0 && bytes[at + 1]! <= 0xc2)) at += 2 + bytes.readUInt16BE(at + 2);
  const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
  const args = '-v error -xerror -f jpeg_pipe -i pipe:0 -f rawvideo -pix_fmt rgb24 pipe:1';
  const ffmpeg = spawn('ffmpeg', args.split(' '), { stdio: ['pipe', 'pipe', 'ignore'] });
  ffmpeg.stdin.end(bytes);
  const pixels = await buffer(ffmpeg.stdout);
  if (pixels.length !== width * height * 3) throw new Error('a JPEG that cannot be decoded');
  const sums = [0, 0, 0];
  for (const [index, value] of pixels.entries()) sums[index % 3]! += value;
  const [red, green, blue] = sums.map((sum) => sum / (width * height));
  return { width, height, red: red!, green: green!, blue: blue! };
}

async function respond(
  heard: Heard,
  response: ServerResponse,
  options: ChatServerOptions,
  trouble: Trouble | undefined,
): Promise<void> {
  if (trouble === 'mute') return;
  if (trouble === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Hello</body></html>');
    return;
  }
  if (trouble === 'otherJson') {
    sendJson(response, 200, { generated_text: 'yes' });
    return;
  }
  if (typeof trouble === 'object') {
    response.writeHead(trouble.status, trouble.headers).end(trouble.body ?? '');
    return;
  }
  const { answer = usualAnswer } = options;
  const said = answer(heard);
  const full = typeof said === 'string' ? said : said.yes >= 0.5 ? 'Yes' : 'No';
  const words = full.match(/\s*\S+/g) ?? [];
  const isCut = words.length > heard.body.max_tokens;
  const tokens = words.slice(0, heard.body.max_tokens);
  const finish_reason = isCut ? 'length' : 'stop';
  const usage = {
    prompt_tokens: heard.parts.reduce(
      (sum, part) => sum + (typeof part === 'string' ? Math.ceil(part.length / 4) : 400),
      0,
    ),
    ...{ completion_tokens: tokens.length, total_tokens: 0 },
  };
  const facts = { id: 'chatcmpl-1', created: 1, model: heard.body.model };
  if (!heard.body.stream) {
    if (trouble === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '999' });
      response.write('{"id":"chatcmpl-1","choi');
      setImmediate(() => {
        response.destroy();
      });
      return;
    }
    const logprobs =
      heard.body.logprobs && options.logprobs !== 'ignored' ? logprobsOf(said, full) : null;
    const message = { role: 'assistant', content: tokens.join(''), refusal: null };
    const choices = [{ index: 0, message, finish_reason, logprobs }];
    sendJson(response, 200, { ...facts, object: 'chat.completion', choices, usage });
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (choices: readonly object[], more: object = {}): void => {
    const event = { ...facts, object: 'chat.completion.chunk', choices, ...more };
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  response.write(': a comment, as proxies send them\n\n');
  chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]);
  for (const [index, content] of tokens.entries()) {
    if (trouble === 'cut' && index === 1) {
      setImmediate(() => {
        response.destroy();
      });
      return;
    }
    chunk([{ index: 0, delta: { content }, finish_reason: null }]);
    await turn();
  }
  chunk([{ index: 0, delta: {}, finish_reason }]);
  if (heard.body.stream_options?.include_usage) chunk([], { usage });
  response.end('data: [DONE]\n\n');
}

/** The first token with what else it might have been; the rest of the probability is nobody's. */
function logprobsOf(said: Said, full: string): object {
  const told = (token: string, probability: number): object => ({
    ...{ token, logprob: Math.log(probability), bytes: [...Buffer.from(token)] },
  });
  const { yes } = typeof said === 'string' ? { yes: 0.5 } : said;
  const top_logprobs =
    typeof said === 'string'
      ? [told(full.split(' ')[0]!, 0.9)]
      : [
          told('Yes', yes * 0.8),
          told(' yes', yes * 0.1),
          told('No', (1 - yes) * 0.8),
          told(' no', (1 - yes) * 0.1),
        ];
  return { content: [{ ...told(full, 0.8), top_logprobs }], refusal: null };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
