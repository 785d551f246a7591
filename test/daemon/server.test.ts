/** The server's promises to a client, over memory: one answer to every request, order, pace, and an end to all work. */
import { describe, expect, it, vi } from 'vitest';
import { createFakeService, createSpokenService, rows, statsAt } from '../helpers/fakeService.ts';
import { setUpServer as setUp } from '../helpers/memoryServer.ts';
import type { DaemonService } from '../../daemon/assistant/service.ts';
import { AppError } from '../../daemon/base/errors.ts';
import { silentLog, type Log, type LogFields } from '../../daemon/base/log.ts';
import {
  answerDelta,
  ask,
  daemonStatus,
  doctor,
  readLog,
  readTimeline,
  retire,
  sessionState,
  sessionStats,
  startSession,
  stopSession,
  summarize,
  timelineRow,
  type RequestMethod,
} from '../../protocol/index.ts';

const never = new AbortController().signal;
const source = { kind: 'file', path: '/videos/short.mp4' } as const;
const endless = { kind: 'file', path: '/videos/endless.mp4' } as const;

/** Every notification in the order it came. */
function record(client: ReturnType<typeof setUp>['client']): string[] {
  const seen: string[] = [];
  client.onNotification(timelineRow, ({ row }) => {
    seen.push(`row ${row.id}`);
  });
  client.onNotification(sessionStats, ({ stats }) => {
    seen.push(`stats ${stats.positionMs}`);
  });
  client.onNotification(sessionState, ({ state }) => {
    seen.push(state);
  });
  client.onNotification(answerDelta, ({ text }) => {
    seen.push(text);
  });
  return seen;
}

describe('requests', () => {
  it('answers every method', async () => {
    const { client, retired } = setUp();
    const options = { signal: never };
    const { sessionId } = await client.request(startSession, { source, options: {} }, options);
    expect(sessionId).toBe('session-1');
    expect(await client.request(stopSession, { sessionId }, options)).toBeNull();
    expect((await client.request(ask, { source, question: 'what' }, options)).kind).toBe('answer');
    expect((await client.request(summarize, { source }, options)).kind).toBe('summary');
    const read = await client.request(readTimeline, { source, kinds: ['gap'] }, options);
    expect(read.rows).toEqual([rows[3]]);
    expect((await client.request(doctor, {}, options)).version).toBe('0.0.1');
    expect(await client.request(readLog, { maxLines: 2 }, options)).toEqual({ lines: ['2', '3'] });
    expect(await client.request(daemonStatus, {}, options)).toMatchObject({ pid: 1, sessions: 1 });
    expect(await client.request(retire, {}, options)).toBeNull();
    expect(retired).toHaveBeenCalledOnce();
    client.close();
  });

  it('answers a method that it does not know', async () => {
    const { client } = setUp();
    const unknown: RequestMethod<object, never> = { method: 'codealong/dance' };
    await expect(client.request(unknown, {}, { signal: never })).rejects.toMatchObject({
      code: 'request.invalid',
      message: 'There is no method "codealong/dance".',
    });
    client.close();
  });

  it.each([
    [startSession.method, {}, 'source'],
    [startSession.method, { source: { kind: 'file', path: 'relative.mp4' }, options: {} }, 'path'],
    [startSession.method, { source, options: { silenceThreshold: 2 } }, 'silenceThreshold'],
    [startSession.method, { source, options: { frameRateFps: 0 } }, 'frameRateFps'],
    [startSession.method, { source: { kind: 'radio' }, options: {} }, 'source'],
    [ask.method, { source, question: '' }, 'question'],
    [ask.method, { source, question: 'why', atMs: -1 }, 'atMs'],
    [ask.method, { source, question: 'why', fromMs: 2, toMs: 1 }, 'toMs'],
    [ask.method, { source, question: 'why', followUpOf: 0.5 }, 'followUpOf'],
    [ask.method, { source, question: 'why', workDoneToken: {} }, 'workDoneToken'],
    [readTimeline.method, { source, kinds: ['nonsense'] }, 'kinds'],
    [readTimeline.method, { source, fromMs: 2, toMs: 1 }, 'toMs'],
    [summarize.method, { source, fromMs: 2000, toMs: 1000 }, 'toMs'],
    [stopSession.method, null, 'sessionId'],
    [stopSession.method, { sessionId: 5 }, 'sessionId'],
  ])('refuses %s with %j and names the field', async (method, params, field) => {
    const { client } = setUp();
    const request: RequestMethod<unknown, unknown> = { method };
    const error: unknown = await client
      .request(request, params, { signal: never })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'request.invalid' });
    expect((error as AppError).message).toContain(field);
    client.close();
  });

  it('ignores fields that a newer client may send', async () => {
    const { client } = setUp();
    const params = { source, question: 'what', mood: 'curious' };
    expect(await client.request(ask, params, { signal: never })).toMatchObject({ kind: 'answer' });
    client.close();
  });

  it('cancels the work of a cancelled request, and only that', async () => {
    const journal: string[] = [];
    const service = createFakeService((event) => {
      journal.push(event);
    });
    const { client } = setUp({ service: Promise.resolve(service) });
    const controller = new AbortController();
    const slow = client.request(ask, { source, question: 'slow' }, { signal: controller.signal });
    await vi.waitFor(() => {
      expect(journal).toContain('asked slow');
    });
    controller.abort();
    await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
    expect(journal).toContain('aborted slow');
    expect(await client.request(doctor, {}, { signal: never })).toBeDefined();
    client.close();
  });

  it('logs a bug with its stack under the id that the client is told', async () => {
    const errors: LogFields[] = [];
    const log: Log = {
      ...silentLog,
      error: (_message, fields) => {
        if (fields) errors.push(fields);
      },
    };
    const { client } = setUp({ log });
    const error: unknown = await client
      .request(ask, { source, question: 'bug' }, { signal: never })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal' });
    expect((error as AppError).message).not.toContain('a bug in the fake');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ incidentId: (error as AppError).data.incidentId });
    expect((errors[0]?.error as Error).message).toBe('a bug in the fake');
    client.close();
  });

  it('answers with the reason when the service could not be started', async () => {
    const service = Promise.reject(new AppError('store.unavailable'));
    service.catch(() => undefined);
    const { client } = setUp({ service });
    await expect(client.request(doctor, {}, { signal: never })).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    client.close();
  });
});

describe('events', () => {
  it('come after the answer that names the session, in order, the last counters before the end', async () => {
    const { client } = setUp();
    const seen = record(client);
    await client.request(startSession, { source, options: {} }, { signal: never });
    seen.push('answered');
    await vi.waitFor(() => {
      expect(seen).toContain('finished');
    });
    expect(seen[0]).toBe('answered');
    expect(seen.filter((one) => one.startsWith('row'))).toEqual([
      'row 1',
      'row 2',
      'row 3',
      'row 4',
    ]);
    expect(seen.slice(-2)).toEqual(['stats 20000', 'finished']);
    client.close();
  });

  it('joins counters and words of an answer, and loses neither the newest nor a word', async () => {
    const { service, client: say } = createSpokenService();
    const { client } = setUp({ service: Promise.resolve(service) });
    const seen = record(client);
    await client.request(startSession, { source, options: {} }, { signal: never });
    for (let position = 0; position <= 1000; position += 10)
      say().sessionStats('one', statsAt(position));
    await vi.waitFor(() => {
      expect(seen.at(-1)).toBe('stats 1000');
    });
    expect(seen).toEqual(['stats 0', 'stats 1000']);
    seen.length = 0;
    await client.request(ask, { source, question: 'what', requestId: 'r' }, { signal: never });
    expect(seen.join('')).toBe('It is named add.');
    expect(seen.length).toBeLessThan(4);
    client.close();
  });

  it('tell when they are written, so that a long past can be told page by page', async () => {
    const told = Promise.withResolvers<string>();
    const service: DaemonService = {
      ...createFakeService(),
      startSession: (_params, client) => {
        for (const row of rows) client.timelineRow('one', row);
        void client.drained().then(() => {
          told.resolve('drained');
        });
        return Promise.resolve({
          sessionId: 'one',
          videoId: 'v',
          isIndexed: true,
          silenceThreshold: 0.5,
        });
      },
    };
    const { client } = setUp({ service: Promise.resolve(service) });
    const seen = record(client);
    await client.request(startSession, { source, options: {} }, { signal: never });
    expect(await told.promise).toBe('drained');
    await vi.waitFor(() => {
      expect(seen).toHaveLength(rows.length);
    });
    client.close();
  });

  it('reach only the client that started the session', async () => {
    const service = Promise.resolve(createFakeService());
    const first = setUp({ service });
    const second = setUp({ service });
    const seenByFirst = record(first.client);
    const seenBySecond = record(second.client);
    await first.client.request(startSession, { source, options: {} }, { signal: never });
    await vi.waitFor(() => {
      expect(seenByFirst).toContain('finished');
    });
    expect(seenBySecond).toEqual([]);
    first.client.close();
    second.client.close();
  });
});

describe('the end of a client', () => {
  it.each(['exit', 'a cut stream', 'a leaving daemon'])('by %s ends its work', async (way) => {
    const journal: string[] = [];
    const service = Promise.resolve(
      createFakeService((event) => {
        journal.push(event);
      }),
    );
    const { client, ended, cut, daemon } = setUp({ service });
    await client.request(startSession, { source: endless, options: {} }, { signal: never });
    const slow = client.request(ask, { source, question: 'slow' }, { signal: never });
    slow.catch(() => undefined);
    await vi.waitFor(() => {
      expect(journal).toContain('asked slow');
    });
    if (way === 'exit') client.notify({ method: 'exit' }, {});
    else if (way === 'a cut stream') cut();
    else daemon.abort();
    await ended;
    expect(journal).toContain('aborted slow');
    await vi.waitFor(() => {
      expect(journal).toContain('stopped session-1');
    });
    await expect(slow).rejects.toBeInstanceOf(AppError);
    await client.closed;
  });

  it('answers shutdown and stays until exit', async () => {
    const { client, ended } = setUp();
    const shutdown: RequestMethod<object, null> = { method: 'shutdown' };
    expect(await client.request(shutdown, {}, { signal: never })).toBeNull();
    expect(await client.request(doctor, {}, { signal: never })).toBeDefined();
    client.notify({ method: 'exit' }, {});
    await ended;
  });
});
