/** A server on this machine that takes speech as whisper.cpp's and OpenAI's do, and refuses whatever is not as their APIs say. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that was as it should be. */
export interface Heard {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly seconds: number;
}

export interface TranscriberServer extends AsyncDisposable {
  readonly origin: string;
  readonly heard: Heard[];
  /** What was wrong with requests. */
  readonly problems: string[];
}

/** @param answer of a request that is as it should be: a status and a body; by default one segment of the length of the sound */
export async function startTranscriber(
  answer: (heard: Heard) => { readonly status?: number; readonly body: unknown } = ({
    seconds,
  }) => ({
    body: {
      ...{ task: 'transcribe', language: 'english', duration: seconds, text: ' Heard.' },
      segments: [{ id: 0, start: 0, end: seconds, text: ' Heard.', no_speech_prob: 0.01 }],
    },
  }),
): Promise<TranscriberServer> {
  const heard: Heard[] = [];
  const problems: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const one = await readRequest(request);
      heard.push(one);
      const { status = 200, body } = answer(one);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    } catch (error) {
      problems.push((error as Error).message);
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: (error as Error).message }));
    }
  };
  const server = createServer((request, response) => {
    void take(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    problems,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** @source whisper.cpp, examples/server; OpenAI API reference, "Create transcription" @throws Error that says what is wrong */
async function readRequest(request: IncomingMessage): Promise<Heard> {
  const { method, url = '', headers } = request;
  const check = (isSo: boolean, what: string): void => {
    if (!isSo) throw new Error(what);
  };
  check(method === 'POST', `method ${method}`);
  check(/^\/(?:inference|v1\/audio\/transcriptions)$/.test(url), `path ${url}`);
  const type = headers['content-type'] ?? '';
  check(/^multipart\/form-data; boundary=\S+$/.test(type), `type ${type}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const parts = readParts(Buffer.concat(chunks).toString('latin1'), type.split('boundary=')[1]!);
  const names = ['file', 'response_format', 'temperature'];
  if (url.startsWith('/v1/')) names.push('model');
  const sent = parts.map(({ name }) => name).sort();
  check(sent.join() === names.sort().join(), `fields ${sent.join()}`);
  const fields = Object.fromEntries(parts.map(({ name, content }) => [name, content]));
  check(fields['response_format'] === 'verbose_json', 'another format');
  const { head = '', content = '' } = parts.find(({ name }) => name === 'file') ?? {};
  check(/filename="[^"]+\.wav"/.test(head) && /^content-type: audio\/wav$/im.test(head), 'no file');
  delete fields['file'];
  const wav = Buffer.from(content, 'latin1');
  check(
    wav.toString('latin1', 0, 4) === 'RIFF' && wav.toString('latin1', 8, 16) === 'WAVEfmt ',
    'no WAV',
  );
  check(wav.readUInt32LE(4) === wav.length - 8, 'length of RIFF');
  check(wav.readUInt32LE(16) === 16 && wav.readUInt16LE(20) === 1, 'not PCM');
  check(wav.readUInt16LE(22) === 1, 'not mono');
  check(wav.readUInt32LE(24) === 16_000 && wav.readUInt32LE(28) === 32_000, 'not 16 kHz');
  check(wav.readUInt16LE(32) === 2 && wav.readUInt16LE(34) === 16, 'not 16 bits');
  check(wav.toString('latin1', 36, 40) === 'data', 'no data');
  check(wav.readUInt32LE(40) === wav.length - 44, 'length of data');
  return {
    ...{ path: url, fields },
    ...{ authorization: headers.authorization, seconds: (wav.length - 44) / 32_000 },
  };
}

/** @source RFC 7578, RFC 2046 5.1 @throws Error when anything stands between the parts */
function readParts(
  body: string,
  boundary: string,
): readonly { readonly name: string; readonly head: string; readonly content: string }[] {
  const [before, ...parts] = body.split(`--${boundary}`);
  const after = parts.pop();
  if (before !== '' || after?.trim() !== '--') throw new Error('no multipart/form-data');
  return parts.map((part) => {
    const [, head = '', content = ''] = /^\r\n(.*?)\r\n\r\n(.*)\r\n$/s.exec(part) ?? [];
    const name = /^content-disposition: form-data; name="([^"]+)"/im.exec(head)?.[1];
    if (name === undefined) throw new Error('a part without a name');
    return { name, head, content };
  });
}
