import { CancellationTokenSource } from 'vscode';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { doctor, restart, sessionStats, type RequestMethod } from '../../protocol/index.ts';
import { ClientHarness, settle } from '../helpers/fakeDaemonLinks.ts';
import { statsAt } from '../helpers/fakeService.ts';

const echo: RequestMethod<{ word: string }, string> = { method: 'echo' };
const silent: RequestMethod<Record<string, never>, never> = { method: 'silent' };
const answers = { echo: ({ word }: { word: string }) => word };

/** A client that is connected. */
async function connected(
  more: Readonly<Record<string, () => unknown>> = {},
): Promise<ClientHarness> {
  const harness = new ClientHarness({ ...answers, ...more });
  await harness.client.request(echo, { word: 'hello' });
  return harness;
}

function statesOf({ client }: ClientHarness): string[] {
  const states: string[] = [];
  client.onDidChangeState((state) => states.push(state));
  return states;
}

describe('the first request', () => {
  it('connects, and no other does', async () => {
    const harness = new ClientHarness(answers);
    const states = statesOf(harness);
    expect(harness.client.state).toBe('idle');
    expect(harness.told).toEqual([]);
    const words = await Promise.all(
      ['a', 'b'].map((word) => harness.client.request(echo, { word })),
    );
    expect(words).toEqual(['a', 'b']);
    expect(harness.told).toEqual(['connect']);
    expect(states).toEqual(['starting', 'running']);
  });

  it('fails with the reason, and the next one tries again', async () => {
    const harness = new ClientHarness(answers);
    harness.failures.push(new AppError('daemon.startFailed', 'No Node was found.'));
    await expect(harness.client.request(echo, { word: 'a' })).rejects.toMatchObject({
      code: 'daemon.startFailed',
      message: 'No Node was found.',
    });
    expect(harness.client.state).toBe('failed');
    await expect(harness.client.request(echo, { word: 'b' })).resolves.toBe('b');
    expect(harness.client.state).toBe('running');
  });

  it('is given up by its token while the daemon is being started', async () => {
    const harness = new ClientHarness(answers);
    const source = new CancellationTokenSource();
    const request = harness.client.request(echo, { word: 'a' }, source.token);
    source.cancel();
    await expect(request).rejects.toMatchObject({ name: 'Canceled' });
    // The daemon is there for the next one.
    await expect(harness.client.request(echo, { word: 'b' })).resolves.toBe('b');
    expect(harness.told).toEqual(['connect']);
  });
});

describe('a crash', () => {
  it('fails what was open, is mended, and told once', async () => {
    const harness = await connected();
    const states = statesOf(harness);
    const open = harness.client.request(silent, {});
    harness.link.crash();
    await expect(open).rejects.toMatchObject({ code: 'connection.lost' });
    await settle();
    expect(states).toEqual(['lost', 'running']);
    expect(harness.told).toEqual(['connect', 'connect', 'recovered']);
    await expect(harness.client.request(echo, { word: 'again' })).resolves.toBe('again');
  });

  it('makes new requests wait for the next daemon', async () => {
    const harness = await connected();
    harness.link.crash();
    await Promise.resolve();
    await expect(harness.client.request(echo, { word: 'later' })).resolves.toBe('later');
    expect(harness.links).toHaveLength(2);
  });

  it('is waited out a little longer each time, and too many end it with a sentence', async () => {
    const harness = await connected();
    for (let crash = 0; crash < 4; crash++) {
      harness.link.crash();
      await settle();
    }
    expect(harness.clock.slept).toEqual([100, 200, 400, 800]);
    expect(harness.client.state).toBe('running');
    harness.link.crash();
    await settle();
    expect(harness.client.state).toBe('failed');
    expect(harness.told.filter((word) => word === 'recovered')).toHaveLength(4);
    expect(harness.told.at(-1)).toBe('given up: daemon.crashLoop');
    await expect(harness.client.request(echo, { word: 'a' })).rejects.toMatchObject({
      code: 'daemon.crashLoop',
    });
    expect(harness.links).toHaveLength(5);
  });

  it('is forgotten after three minutes', async () => {
    const harness = await connected();
    for (let crash = 0; crash < 8; crash++) {
      harness.link.crash();
      await settle();
      harness.clock.nowMs += 50_000;
    }
    expect(harness.client.state).toBe('running');
  });

  it('that cannot be mended counts each attempt', async () => {
    const harness = await connected();
    for (let attempt = 0; attempt < 4; attempt++) {
      harness.failures.push(new AppError('daemon.startFailed'));
    }
    harness.link.crash();
    await settle();
    expect(harness.client.state).toBe('failed');
    expect(harness.told.at(-1)).toBe('given up: daemon.crashLoop');
    expect(harness.told).not.toContain('recovered');
  });

  it('can be tried again by hand after too many', async () => {
    const harness = await connected();
    for (let crash = 0; crash < 5; crash++) {
      harness.link.crash();
      await settle();
    }
    await harness.client.restart();
    expect(harness.client.state).toBe('running');
    await expect(harness.client.request(echo, { word: 'a' })).resolves.toBe('a');
  });
});

describe('a wanted end', () => {
  it('for a restart is mended at once, without a word', async () => {
    const harness = await connected();
    const states = statesOf(harness);
    harness.link.leave('restart');
    await settle();
    expect(states).toEqual(['lost', 'running']);
    expect(harness.clock.slept).toEqual([]);
    expect(harness.told).toEqual(['connect', 'connect']);
  });

  it('for good leaves everybody alone until somebody asks', async () => {
    const harness = await connected();
    harness.link.leave('stopped');
    await settle();
    expect(harness.client.state).toBe('idle');
    expect(harness.links).toHaveLength(1);
    await expect(harness.client.request(echo, { word: 'a' })).resolves.toBe('a');
    expect(harness.links).toHaveLength(2);
  });

  it('is waited for before the next daemon is looked for', async () => {
    const harness = await connected();
    harness.clock.foreverMs = 1;
    harness.link.tell({ method: 'codealong/leaving' }, { reason: 'restart' });
    const request = harness.client.request(echo, { word: 'a' });
    await settle();
    expect(harness.links).toHaveLength(1);
    harness.link.crash();
    await expect(request).resolves.toBe('a');
    expect(harness.links).toHaveLength(2);
  });

  it('by this window ends the daemon, and the next one is there', async () => {
    const harness = await connected({ [restart.method]: () => null });
    const first = harness.link;
    harness.clock.foreverMs = 1;
    const restarting = harness.client.restart();
    await settle();
    expect(first.methods).toContain(restart.method);
    first.leave('restart');
    await restarting;
    expect(harness.links).toHaveLength(2);
    expect(harness.told).toEqual(['connect', 'connect']);
  });

  it('that the daemon does not heed is made', async () => {
    const harness = await connected();
    await harness.client.restart();
    expect(harness.told).toEqual(['connect', 'endDaemon', 'connect']);
    expect(harness.client.state).toBe('running');
  });
});

describe('notifications', () => {
  it('reach every handler, also after a reconnect, until it is disposed', async () => {
    const harness = new ClientHarness(answers);
    const heard: string[] = [];
    const first = harness.client.onNotification(sessionStats, ({ sessionId }) => {
      heard.push(`first ${sessionId}`);
    });
    await harness.client.request(echo, { word: 'a' });
    harness.client.onNotification(sessionStats, ({ sessionId }) => {
      heard.push(`second ${sessionId}`);
    });
    harness.link.tell(sessionStats, { sessionId: '1', stats: statsAt(0) });
    harness.link.crash();
    await settle();
    first.dispose();
    harness.link.tell(sessionStats, { sessionId: '2', stats: statsAt(0) });
    expect(heard).toEqual(['first 1', 'second 1', 'second 2']);
  });

  it('are not lost to a handler that throws', async () => {
    const harness = await connected();
    const heard: string[] = [];
    harness.client.onNotification(sessionStats, () => {
      throw new Error('a bug');
    });
    harness.client.onNotification(sessionStats, ({ sessionId }) => {
      heard.push(sessionId);
    });
    harness.link.tell(sessionStats, { sessionId: '1', stats: statsAt(0) });
    expect(heard).toEqual(['1']);
    expect(harness.told.at(-1)).toBe('bug: Error: a bug');
  });

  it('of progress reach whoever holds the token', async () => {
    const harness = new ClientHarness(answers);
    const reports: unknown[] = [];
    const early = harness.client.onProgress('early', (report) => {
      reports.push(report);
    });
    await harness.client.request(echo, { word: 'a' });
    harness.client.onProgress('late', (report) => {
      reports.push(report);
    });
    harness.link.report('early', { percentage: 10 });
    harness.link.report('late', { message: 'reading' });
    early.dispose();
    harness.link.report('early', { percentage: 20 });
    expect(reports).toEqual([{ percentage: 10 }, { message: 'reading' }]);
  });
});

describe('the end of the window', () => {
  it('closes the connection and starts nothing more', async () => {
    const harness = await connected();
    await harness.client.stop();
    expect(harness.link.isClosed).toBe(true);
    await settle();
    expect(harness.links).toHaveLength(1);
    await expect(harness.client.request(doctor, {})).rejects.toMatchObject({
      code: 'connection.lost',
    });
    expect(harness.told).toEqual(['connect']);
  });

  it('also ends a connection that was just being made', async () => {
    const harness = new ClientHarness(answers);
    const request = harness.client.request(echo, { word: 'a' });
    await harness.client.stop();
    await request.catch(() => undefined);
    await settle();
    expect(harness.links.every(({ isClosed }) => isClosed)).toBe(true);
  });
});

describe('what only the window knows', () => {
  it('joins a request before it is sent, or keeps it from being sent', async () => {
    const harness = new ClientHarness(answers, {
      admit: (_method, params) =>
        'word' in (params as object)
          ? Promise.resolve({ ...params, word: 'sesame' })
          : Promise.reject(new AppError('endpoint.notAllowed')),
    });
    expect(await harness.client.request(echo, { word: 'a' })).toBe('sesame');
    await expect(harness.client.request(silent, {})).rejects.toMatchObject({
      code: 'endpoint.notAllowed',
    });
  });
});
