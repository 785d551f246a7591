/** What a client hears beside its answers: how a video plays, how far work has come, and that the daemon leaves. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createFakeService, createSpokenService, statsAt } from '../helpers/fakeService.ts';
import { mediaAt } from '../helpers/fakeServices.ts';
import { setUpServer } from '../helpers/memoryServer.ts';
import type { ClientEvents, DaemonService } from '../../daemon/assistant/service.ts';
import { AppError } from '../../daemon/base/errors.ts';
import {
  ask,
  closeMedia,
  doctor,
  leaving,
  mediaChanged,
  mediaMs,
  openMedia,
  restart,
  startSession,
  stop,
  summarize,
  type NotificationMethod,
} from '../../protocol/index.ts';

const never = { signal: new AbortController().signal };
const video = (name: string) => ({ kind: 'file', path: `/videos/${name}` }) as const;
const source = video('short.mp4');

describe('a video that plays', () => {
  it('is told as it becomes ready, after the answer that opened it', async () => {
    const { client, media } = setUpServer();
    const seen: unknown[] = [];
    client.onNotification(mediaChanged, (changed) => {
      seen.push(changed);
    });
    const early = video('early.mp4');
    seen.push(await client.request(openMedia, { source: early }, never));
    media.openings[0]?.onChange(mediaAt(1));
    await vi.waitFor(() => {
      expect(seen).toHaveLength(3);
    });
    expect(seen).toEqual([
      mediaAt(0),
      { source: early, media: mediaAt(0.5) },
      { source: early, media: mediaAt(1) },
    ]);
    client.close();
  });

  it('is let go by closeMedia, which does nothing a second time', async () => {
    const { client, media } = setUpServer();
    const seen = vi.fn<() => void>();
    client.onNotification(mediaChanged, seen);
    await client.request(openMedia, { source }, never);
    const [opening] = media.openings;
    expect(opening?.signal.aborted).toBe(false);
    expect(await client.request(closeMedia, { source }, never)).toBeNull();
    expect(opening?.signal.aborted).toBe(true);
    opening?.onChange(mediaAt(1));
    expect(await client.request(closeMedia, { source }, never)).toBeNull();
    expect(seen).not.toHaveBeenCalled();
    client.close();
  });

  it('is open once: a second opening takes the place of the first', async () => {
    const { client, media } = setUpServer();
    await client.request(openMedia, { source }, never);
    await client.request(openMedia, { source }, never);
    expect(media.openings.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    client.close();
  });

  it('is let go when the client leaves, for each client alone', async () => {
    const first = setUpServer();
    const second = setUpServer({ media: first.media });
    await first.client.request(openMedia, { source }, never);
    await second.client.request(openMedia, { source }, never);
    first.client.close();
    await first.ended;
    expect(first.media.openings.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    second.client.close();
  });

  it('is let go when its opening fails or is cancelled', async () => {
    const { client, media } = setUpServer();
    const missing = client.request(openMedia, { source: video('missing.mp4') }, never);
    await expect(missing).rejects.toMatchObject({ code: 'source.notFound' });
    const controller = new AbortController();
    const slow = client.request(openMedia, { source: video('slow.mp4') }, controller);
    await vi.waitFor(() => {
      expect(media.openings).toHaveLength(2);
    });
    controller.abort();
    await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => {
      expect(media.openings.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    });
    client.close();
  });
});

interface Progress {
  readonly token: string | number;
  readonly value: {
    readonly kind: string;
    readonly message?: string;
    readonly percentage?: number;
  };
}
const progress: NotificationMethod<Progress> = { method: '$/progress' };

/** A service whose questions watch first: to a half, then as `answer` says. */
function watching(answer: DaemonService['ask']): Promise<DaemonService> {
  const watchFirst: DaemonService['ask'] = (params, client, options) => {
    client.watchProgress(params.source, mediaMs(5000), mediaMs(10_000));
    return answer(params, client, options);
  };
  return Promise.resolve({ ...createFakeService(), ask: watchFirst });
}

function progressOf({ client }: Pick<ReturnType<typeof setUpServer>, 'client'>): Progress[] {
  const seen: Progress[] = [];
  client.onNotification(progress, (one) => {
    seen.push(one);
  });
  return seen;
}

describe('the progress of work', () => {
  const begin = { kind: 'begin', title: 'Answering', cancellable: true, percentage: 0 };
  const half = { kind: 'report', message: 'Watching 0:05 of 0:10', percentage: 50 };
  const end = { kind: 'end' };

  it('begins, reports and ends before the answer', async () => {
    const setUp = setUpServer({ service: watching((...all) => createFakeService().ask(...all)) });
    const seen = progressOf(setUp);
    await setUp.client.request(ask, { source, question: 'what', workDoneToken: 'one' }, never);
    expect(seen).toEqual([begin, half, end].map((value) => ({ token: 'one', value })));
    setUp.client.close();
  });

  it('is silent for a request without a token', async () => {
    const setUp = setUpServer({ service: watching((...all) => createFakeService().ask(...all)) });
    const seen = progressOf(setUp);
    await setUp.client.request(ask, { source, question: 'what' }, never);
    await setUp.client.request(summarize, { source, workDoneToken: 7 }, never);
    expect(seen.map(({ token, value }) => [token, value.kind])).toEqual([
      [7, 'begin'],
      [7, 'end'],
    ]);
    setUp.client.close();
  });

  it.each([
    ['an error', () => Promise.reject(new AppError('engine.lost'))],
    ['a bug', () => Promise.reject(new TypeError('a bug'))],
  ])('ends after %s', async (_what, answer) => {
    const setUp = setUpServer({ service: watching(answer) });
    const seen = progressOf(setUp);
    const params = { source, question: 'what', workDoneToken: 1 };
    await expect(setUp.client.request(ask, params, never)).rejects.toBeInstanceOf(AppError);
    expect(seen.map(({ value }) => value)).toEqual([begin, half, end]);
    setUp.client.close();
  });

  const untilAborted: DaemonService['ask'] = (_params, _client, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
    });

  it.each(['the request', 'its progress'])('ends when %s is cancelled', async (what) => {
    const setUp = setUpServer({ service: watching(untilAborted) });
    const seen = progressOf(setUp);
    const controller = new AbortController();
    const params = { source, question: 'what', workDoneToken: 1 };
    const asking = setUp.client.request(ask, params, controller);
    asking.catch(() => undefined);
    await vi.waitFor(() => {
      expect(seen).toHaveLength(2);
    });
    if (what === 'the request') controller.abort();
    else setUp.client.notify({ method: 'window/workDoneProgress/cancel' }, { token: 1 });
    if (what === 'the request') await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    else await expect(asking).rejects.toMatchObject({ code: 'request.cancelled' });
    await vi.waitFor(() => {
      expect(seen.at(-1)?.value).toEqual(end);
    });
    setUp.client.close();
  });

  it('of two requests about one video is told to both, each to its end', async () => {
    let say: ClientEvents | undefined;
    const isAsked = Promise.withResolvers<unknown>();
    const service = watching((params, client, options) => {
      say = client;
      isAsked.resolve(undefined);
      return params.question === 'first'
        ? createFakeService().ask(params, client, options)
        : untilAborted(params, client, options);
    });
    const setUp = setUpServer({ service });
    const seen = progressOf(setUp);
    const controller = new AbortController();
    const second = { source, question: 'second', workDoneToken: 2 };
    const asking = setUp.client.request(ask, second, controller);
    await isAsked.promise;
    await setUp.client.request(ask, { source, question: 'first', workDoneToken: 1 }, never);
    say?.watchProgress(source, mediaMs(9000), mediaMs(10_000));
    await vi.waitFor(() => {
      expect(seen.at(-1)?.value).toMatchObject({ percentage: 90 });
    });
    controller.abort();
    await expect(asking).rejects.toThrow();
    await vi.waitFor(() => {
      expect(seen.at(-1)?.value).toEqual(end);
    });
    const kindsOf = (wanted: number) =>
      seen.filter(({ token }) => token === wanted).map(({ value }) => value.kind);
    expect(kindsOf(1)).toEqual(['begin', 'report', 'end']);
    expect(kindsOf(2).filter((kind) => kind !== 'report')).toEqual(['begin', 'end']);
    setUp.client.close();
  });
});

describe('a daemon that leaves', () => {
  it.each([
    ['restart', restart],
    ['stopped', stop],
  ] as const)('says %s after the answer and before the end', async (reason, method) => {
    const journal: string[] = [];
    const setUp = setUpServer({
      service: Promise.resolve(createFakeService((event) => void journal.push(event))),
    });
    const heard: string[] = [];
    setUp.client.onNotification(leaving, (told) => {
      heard.push(told.reason);
    });
    const endless = { source: video('endless.mp4'), options: {} };
    await setUp.client.request(startSession, endless, never);
    await setUp.client.request(method, {}, never);
    heard.push('answered');
    await setUp.client.closed;
    expect(heard).toEqual(['answered', reason]);
    await setUp.ended;
    await vi.waitFor(() => {
      expect(journal).toContain('stopped session-1');
    });
  });

  it('says nothing when something broke', async () => {
    const { client, daemon } = setUpServer();
    const heard = vi.fn<() => void>();
    client.onNotification(leaving, heard);
    await client.request(doctor, {}, never);
    daemon.abort();
    await client.closed;
    expect(heard).not.toHaveBeenCalled();
  });

  it('tells nothing more of the work that it ends', async () => {
    const { service, client: say } = createSpokenService();
    const setUp = setUpServer({ service: Promise.resolve(service) });
    const heard: string[] = [];
    setUp.client.onNotification(leaving, () => {
      heard.push('leaving');
    });
    setUp.client.onNotification({ method: 'codealong/sessionStats' }, () => {
      heard.push('stats');
    });
    await setUp.client.request(startSession, { source, options: {} }, never);
    setUp.control.end('restart');
    say().sessionStats('one', statsAt(0));
    await setImmediate();
    await setUp.client.closed;
    expect(heard).toEqual(['leaving']);
  });
});
