import { describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import { DaemonLink, type Link } from '../../../daemon/mcp/daemonLink.ts';
import type { RequestMethod } from '../../../protocol/index.ts';

const echo: RequestMethod<string, string> = { method: 'echo' };
const { signal } = new AbortController();

/** A connection that fails as told. */
function fakeLink(failure?: () => Error): Link & { readonly end: () => void } {
  const closed = Promise.withResolvers<undefined>();
  return {
    request: <Params, Result>(_method: RequestMethod<Params, Result>, params: Params) => {
      const error = failure?.();
      return error ? Promise.reject(error) : Promise.resolve(params as unknown as Result);
    },
    onNotification: () => ({ [Symbol.dispose]: () => undefined }),
    closed: closed.promise.then(() => undefined),
    close: () => {
      closed.resolve(undefined);
    },
    end: () => {
      closed.resolve(undefined);
    },
  };
}

describe('the way to the daemon', () => {
  it('is found with the first need, and kept', async () => {
    let connected = 0;
    using link = new DaemonLink(() => {
      connected++;
      return Promise.resolve(fakeLink());
    });
    expect(connected).toBe(0);
    expect(
      await Promise.all(['a', 'b'].map((word) => link.request(echo, word, { signal }))),
    ).toEqual([...['a', 'b']]);
    expect(connected).toBe(1);
  });

  it('is found anew when the daemon has gone, and what was asked is asked again', async () => {
    const links = [fakeLink(() => new AppError('connection.lost')), fakeLink()];
    let connected = 0;
    using link = new DaemonLink(() => Promise.resolve(links[connected++]!));
    expect(await link.request(echo, 'a', { signal })).toBe('a');
    expect(connected).toBe(2);
  });

  it('is found anew after it has ended in between', async () => {
    const links = [fakeLink(), fakeLink()];
    let connected = 0;
    using link = new DaemonLink(() => Promise.resolve(links[connected++]!));
    await link.request(echo, 'a', { signal });
    links[0]!.end();
    await links[0]!.closed;
    await link.request(echo, 'a', { signal });
    expect(connected).toBe(2);
  });

  it('gives up when it is lost twice, and passes on what the daemon says', async () => {
    const lost = (): Error => new AppError('connection.lost');
    using link = new DaemonLink(() => Promise.resolve(fakeLink(lost)));
    await expect(link.request(echo, 'a', { signal })).rejects.toMatchObject({
      code: 'connection.lost',
    });
    using missing = new DaemonLink(() =>
      Promise.resolve(fakeLink(() => new AppError('source.notFound'))),
    );
    await expect(missing.request(echo, 'a', { signal })).rejects.toMatchObject({
      code: 'source.notFound',
    });
  });

  it('is tried again after it could not be found', async () => {
    let tries = 0;
    using link = new DaemonLink(() =>
      ++tries === 1
        ? Promise.reject(new AppError('daemon.startFailed'))
        : Promise.resolve(fakeLink()),
    );
    await expect(link.request(echo, 'a', { signal })).rejects.toMatchObject({
      code: 'daemon.startFailed',
    });
    expect(await link.request(echo, 'a', { signal })).toBe('a');
  });
});
