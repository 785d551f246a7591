import { describe, expect, it } from 'vitest';
import { ChatServer, type ChatLimits } from '../../daemon/endpoint/chatServer.ts';
import { textPart, type ChatRequest } from '../../daemon/endpoint/chat.ts';
import { servedModel } from '../../protocol/index.ts';
import type { Clock } from '../../daemon/base/clock.ts';
import { systemClock } from '../../daemon/base/clock.ts';
import { startChatServer, type ChatServerOptions } from '../helpers/chatServer.ts';

const { signal } = new AbortController();
const question: ChatRequest = {
  messages: [{ role: 'user', content: [textPart('Say one two three.')] }],
  maxTokens: 10,
};

/** Sleeps no time, and remembers for how long it was to. */
function hastyClock() {
  const waits: number[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => systemClock.now(),
    monotonicMs: () => nowMs,
    sleep: (ms) => {
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
  return { clock, waits };
}

const open = (address: string, more: { key?: string; limits?: ChatLimits; clock?: Clock } = {}) =>
  new ChatServer({ served: servedModel(address)!, clock: systemClock, ...more });

describe('connecting', () => {
  it.each<[string, ChatServerOptions, object]>([
    ['all of it', {}, { pictures: 'seen', tellsProbabilities: true }],
    [
      'without probabilities',
      { logprobs: 'ignored' },
      { pictures: 'seen', tellsProbabilities: false },
    ],
    [
      'refusing probabilities',
      { logprobs: 'refused' },
      { pictures: 'seen', tellsProbabilities: false },
    ],
    ['without eyes', { pictures: 'refused' }, { pictures: 'refused', tellsProbabilities: true }],
    [
      'with neither',
      { pictures: 'refused', logprobs: 'refused' },
      { pictures: 'refused', tellsProbabilities: false },
    ],
    ['blind', { answer: () => ({ yes: 0.7 }) }, { pictures: 'unseen', tellsProbabilities: true }],
  ])('finds out what a server can do: %s', async (_, options, expected) => {
    await using server = await startChatServer(options);
    const abilities = await open(server.address).connect({ signal });
    expect(server.problems).toEqual([]);
    expect(abilities).toEqual({ model: 'eyes', contextTokens: 32_768, ...expected });
  });

  it.each([
    [[{ id: 'only', meta: { n_ctx_train: 4096 } }], '', { model: 'only', contextTokens: 4096 }],
    [[{ id: 'a' }, { id: 'b' }], '#b', { model: 'b', contextTokens: undefined }],
  ])('takes the model that is meant: %j', async (models, name, expected) => {
    await using server = await startChatServer({ models });
    const found = await open(`${server.origin}/v1${name}`).connect({ signal });
    expect(found).toMatchObject(expected);
  });

  it.each([
    [[{ id: 'a' }, { id: 'b' }], '', 'several models; it has a, b'],
    [[{ id: 'a' }], '#c', 'no model "c"; it has a'],
    [[], '', 'lists no model.'],
  ])('says which there are: %j', async (models, name, sentence) => {
    await using server = await startChatServer({ models });
    await expect(open(`${server.origin}/v1${name}`).connect({ signal })).rejects.toMatchObject({
      ...{ code: 'endpoint.noModel', message: expect.stringContaining(sentence) as string },
    });
  });

  it.each(['', '/', '/v1/', '/v1/chat/completions'])('knows the address as %j', async (path) => {
    await using server = await startChatServer();
    expect(await open(`${server.origin}${path}#eyes`).connect({ signal })).toBeDefined();
  });

  it('tries a model that is named and not listed', async () => {
    await using server = await startChatServer({ listsModels: false });
    expect(await open(server.address).connect({ signal })).toMatchObject({
      ...{ model: 'eyes', contextTokens: undefined },
    });
  });

  it('asks a server only once', async () => {
    await using server = await startChatServer();
    const opened = open(server.address);
    await opened.connect({ signal });
    const before = server.heard.length;
    await opened.connect({ signal });
    expect(server.heard).toHaveLength(before);
  });
});

describe('a key', () => {
  it('opens the server, and stands in no error', async () => {
    await using server = await startChatServer({ key: 'sk-right' });
    await open(server.address, { key: 'sk-right' }).connect({ signal });
    const refused = await open(server.address, { key: 'sk-wrong' })
      .connect({ signal })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'endpoint.keyRefused' });
    server.options = {
      trouble: () => ({ status: 400, body: 'your key is sk-right' }),
      key: 'sk-right',
    };
    const echoed = await open(server.address, { key: 'sk-right' })
      .connect({ signal })
      .catch((error: unknown) => error);
    expect(echoed).toMatchObject({ code: 'endpoint.refused' });
    for (const error of [refused, echoed] as Error[]) {
      expect([error.message, JSON.stringify(error), String(error.cause)].join()).not.toMatch(/sk-/);
    }
  });
});

describe('a key for a server beyond this machine', () => {
  it('is not sent over HTTP, and that is said', async () => {
    await using server = await startChatServer({ key: 'sk-right' });
    // A name of this machine that nobody can tell to be one without resolving it.
    const address = server.address.replace('127.0.0.1', '127.1');
    await expect(open(address, { key: 'sk-right' }).connect({ signal })).rejects.toMatchObject({
      code: 'endpoint.keyWithheld',
      message: expect.stringContaining('keys go over HTTPS or to this machine only') as string,
    });
  });
});

describe('an answer', () => {
  it('comes as it is written', async () => {
    await using server = await startChatServer({ answer: () => 'one two three' });
    const pieces: string[] = [];
    let finish: string | undefined;
    for await (const delta of open(server.address).stream(question, { signal })) {
      pieces.push(delta.text);
      finish ??= delta.finish;
    }
    expect(pieces.filter((piece) => piece !== '')).toEqual(['one', ' two', ' three']);
    expect(finish).toBe('stop');
    expect(server.problems).toEqual([]);
  });

  it.each([
    ['html', 'endpoint.unreadable'],
    ['otherJson', 'endpoint.unreadable'],
    ['cut', 'endpoint.away'],
    [{ status: 500 }, 'endpoint.away'],
    [{ status: 429 }, 'endpoint.busy'],
    [{ status: 307, headers: { location: '/v1/elsewhere' } }, 'endpoint.away'],
  ] as const)('that is none is an error: %j', async (trouble, code) => {
    await using server = await startChatServer({ trouble: () => trouble });
    await expect(open(server.address).ask(question, { signal })).rejects.toMatchObject({ code });
  });

  it('that breaks off is no whole one', async () => {
    await using server = await startChatServer({ answer: () => 'one two', trouble: () => 'cut' });
    const stream = open(server.address).stream(question, { signal });
    const read = async (): Promise<void> => {
      while (!(await stream.next()).done);
    };
    await expect(read()).rejects.toMatchObject({ code: 'endpoint.away' });
  });

  it('that does not come is given up', async () => {
    await using server = await startChatServer({ trouble: () => 'mute' });
    const limits = { answerMs: 30, silenceMs: 30 };
    await expect(open(server.address, { limits }).ask(question, { signal })).rejects.toMatchObject({
      code: 'endpoint.away',
    });
  });

  it('is closed by cancelling', async () => {
    await using server = await startChatServer({ trouble: () => 'mute' });
    const controller = new AbortController();
    const asking = open(server.address).ask(question, { signal: controller.signal });
    asking.catch(() => undefined);
    await expect.poll(() => server.heard).toHaveLength(1);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => server.closed).toEqual([0]);
  });

  it('is closed by whoever has heard enough', async () => {
    const many = Array.from({ length: 10_000 }, () => 'word'.repeat(50)).join(' ');
    await using server = await startChatServer({ answer: () => many });
    const long = { ...question, maxTokens: 10_000 };
    for await (const { text } of open(server.address).stream(long, { signal })) {
      if (text !== '') break;
    }
    await expect.poll(() => server.closed).toEqual([0]);
  });
});

describe('patience', () => {
  it('waits longer each time, and as long as the server wants', async () => {
    await using server = await startChatServer({
      answer: () => 'there',
      trouble: (_, index) => {
        if (index === 1) return { status: 429, headers: { 'retry-after': '7' } };
        return index < 3 ? { status: 503 } : undefined;
      },
    });
    const { clock, waits } = hastyClock();
    const opened = open(server.address, { clock });
    const answer = await opened.ask(question, { signal, patienceMs: Infinity });
    expect(answer.text).toBe('there');
    expect(waits).toEqual([500, 7000, 2000]);
    expect(opened.isAway).toBe(false);
  });

  it('ends', async () => {
    await using server = await startChatServer({ trouble: () => ({ status: 500 }) });
    const { clock, waits } = hastyClock();
    const opened = open(server.address, { clock });
    await expect(opened.ask(question, { signal, patienceMs: 4000 })).rejects.toMatchObject({
      code: 'endpoint.away',
    });
    expect(waits).toEqual([500, 1000, 2000]);
    expect(opened).toMatchObject({ isAway: true, isResting: true });
  });

  it('has none with a refusal', async () => {
    await using server = await startChatServer({ trouble: () => ({ status: 400 }) });
    const asked = open(server.address).ask(question, { signal, patienceMs: Infinity });
    await expect(asked).rejects.toMatchObject({ name: 'ServerRefusal' });
    expect(server.heard).toHaveLength(1);
  });
});
