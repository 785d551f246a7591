import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  askServer,
  authorization,
  readAnswer,
  readRetryAfter,
} from '../../../daemon/base/foreignServer.ts';
import { servedModel } from '../../../protocol/index.ts';

const { signal: never } = new AbortController();
const limits = { signal: never, timeoutMs: 10_000 };

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

describe('a key', () => {
  it.each([
    ['https://example.org/v1', true],
    ['http://127.0.0.1:8080/v1', true],
    ['http://localhost/v1', true],
    ['http://example.org/v1', false],
    ['http://127.0.0.1.example.org/v1', false],
  ])('goes only where nobody can read it: %s', (address, goes) => {
    const expected = goes ? { authorization: 'Bearer key' } : {};
    expect(authorization(address, 'key')).toEqual(expected);
  });
});

describe('what a server says of its refusal', () => {
  it.each([
    ['{"error":{"message":"a\tb"}}', 'a b'],
    [String.raw`{"error":{"message":"no \x here"}}`, String.raw`no \x here`],
    ['<h1>No</h1>', 'No'],
  ])('is told, however it is written: %j', async (body, said) => {
    await using server = await serve((_, response) => {
      response.writeHead(400).end(body);
    });
    const refusal = { name: 'ServerRefusal', message: `it refuses (400): ${said}` };
    await expect(askServer(server.url, {}, limits)).rejects.toMatchObject(refusal);
  });
});

describe('askServer', () => {
  it.each([
    [400, 'ServerRefusal', undefined],
    [404, 'ServerRefusal', undefined],
    [408, 'ServerOutage', false],
    [429, 'ServerOutage', true],
    [500, 'ServerOutage', false],
    [503, 'ServerOutage', true],
  ])('tells refusals from outages: %i', async (status, name, isBusy) => {
    await using server = await serve((_, response) => {
      response.writeHead(status, { 'retry-after': '7' }).end('{"error":{"message":"no \\"x\\""}}');
    });
    await expect(askServer(server.url, {}, limits)).rejects.toMatchObject({
      ...{ name, message: expect.stringContaining(String(status)) as string },
      ...(isBusy === undefined ? { status } : { isBusy, retryAfterMs: 7000 }),
    });
  });

  it('tells what a refusal says, and not the page around it', async () => {
    await using server = await serve(({ url }, response) => {
      const page = '<html><body><h1>Not\n Found</h1></body></html>';
      response.writeHead(404).end(url === '/api' ? '{"error":{"message":"no \\"x\\""}}' : page);
    });
    const asked = (url: string) => askServer(url, {}, limits);
    await expect(asked(`${server.url}api`)).rejects.toThrow('it refuses (404): no "x"');
    await expect(asked(server.url)).rejects.toThrow('it refuses (404): Not Found');
  });

  it('follows no redirect', async () => {
    const asked: (string | undefined)[] = [];
    await using server = await serve(({ url }, response) => {
      asked.push(url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await expect(askServer(server.url, {}, limits)).rejects.toMatchObject({ name: 'ServerOutage' });
    expect(asked).toEqual(['/']);
  });

  it('gives up on what does not answer, and on what falls silent', async () => {
    await using server = await serve(({ url }, response) => {
      if (url === '/slow') return;
      response.write('half');
    });
    await expect(
      askServer(`${server.url}slow`, {}, { signal: never, timeoutMs: 20 }),
    ).rejects.toMatchObject({ name: 'ServerOutage' });
    const begun = await askServer(server.url, {}, limits);
    await expect(
      readAnswer(begun, { maxCharacters: 100, signal: never, silenceMs: 20 }),
    ).rejects.toThrow('silent');
  });

  it('reads no endless answer', async () => {
    await using server = await serve((_, response) => {
      const more = (): void => {
        if (response.write('x'.repeat(10_000))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const begun = await askServer(server.url, {}, limits);
    await expect(readAnswer(begun, { maxCharacters: 50_000, signal: never })).rejects.toThrow(
      'too long',
    );
  });

  it('closes the request when it is aborted, also in the middle of its answer', async () => {
    const closed = Promise.withResolvers<undefined>();
    await using server = await serve((_, response) => {
      response.once('close', () => {
        closed.resolve(undefined);
      });
      response.write('half');
    });
    const controller = new AbortController();
    const begun = await askServer(server.url, {}, { ...limits, signal: controller.signal });
    const reading = readAnswer(begun, { maxCharacters: 100, signal: controller.signal });
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await closed.promise;
  });
});

describe('Retry-After', () => {
  const date = 'Sun, 22 Nov 2026 12:00:00 GMT';
  it.each([
    ['5', 5000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(readRetryAfter(header, date)).toBe(expected);
  });
});

describe('the address of a model', () => {
  it.each([
    ['https://gpu.team/v1#Qwen/Qwen3-VL-8B', 'https://gpu.team/v1', 'Qwen/Qwen3-VL-8B', false],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', undefined, true],
    ['http://127.0.0.1:8080#a#b', 'http://127.0.0.1:8080', 'a#b', true],
  ])('names the server and the model: %s', (text, address, model, isLocal) => {
    expect(servedModel(text)).toMatchObject({ address, isLocal, ...(model ? { model } : {}) });
  });

  it.each(['live-tiny', '/models/a', 'C:\\models\\a', 'https://me:key@a.org/v1', undefined])(
    'is no pack: %s',
    (text) => {
      expect(servedModel(text)).toBeUndefined();
    },
  );
});
