/** What one client is told, and when there is room to tell it more. */
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { rows } from '../helpers/fakeService.ts';
import { systemClock, type Clock } from '../../daemon/base/clock.ts';
import { Outbox } from '../../daemon/outbox.ts';
import { mediaMs } from '../../protocol/index.ts';

/** A connection that writes when the test says so. */
function setUp() {
  const sent: string[] = [];
  const told: unknown[] = [];
  const writing: (() => void)[] = [];
  const pauses: (() => void)[] = [];
  const left = new AbortController();
  const clock: Clock = {
    ...systemClock,
    sleep: () =>
      new Promise((resolve) => {
        pauses.push(resolve);
      }),
  };
  let isLetGo = false;
  const outbox = new Outbox({
    send: ({ method }, params) => {
      told.push(params);
      sent.push(method.replace('codealong/', ''));
      return new Promise((resolve) => {
        writing.push(resolve);
      });
    },
    onUnread: () => {
      isLetGo = true;
    },
    clock,
    signal: left.signal,
  });
  const run = async (waiting: (() => void)[]): Promise<void> => {
    for (const resolve of waiting.splice(0)) resolve();
    await setImmediate();
  };
  return {
    ...{ outbox, sent, told, left },
    isLetGo: () => isLetGo,
    write: () => run(writing),
    pass: () => run(pauses),
  };
}

/** Whether a promise has resolved by now. */
async function isOver(work: Promise<void>): Promise<boolean> {
  let isDone = false;
  void work.then(() => (isDone = true));
  await setImmediate();
  return isDone;
}

describe('drained', () => {
  it('resolves at once when nothing was told', async () => {
    expect(await isOver(setUp().outbox.drained())).toBe(true);
  });

  it('waits until everything is written', async () => {
    const { outbox, write } = setUp();
    outbox.announce('one');
    outbox.timelineRow('one', rows[0]!);
    const drained = outbox.drained();
    expect(await isOver(drained)).toBe(false);
    await write();
    expect(await isOver(drained)).toBe(true);
  });

  it('waits for rows that are held back until their session is announced', async () => {
    const { outbox, sent, write } = setUp();
    outbox.timelineRow('one', rows[0]!);
    const drained = outbox.drained();
    expect(await isOver(drained)).toBe(false);
    outbox.announce('one');
    expect(sent).toEqual(['timelineRow']);
    expect(await isOver(drained)).toBe(false);
    await write();
    expect(await isOver(drained)).toBe(true);
  });

  it('resolves when the client has left', async () => {
    const { outbox, left } = setUp();
    outbox.announce('one');
    outbox.timelineRow('one', rows[0]!);
    const drained = outbox.drained();
    left.abort();
    expect(await isOver(drained)).toBe(true);
    expect(await isOver(outbox.drained())).toBe(true);
  });

  it('lets whoever waits for it tell more than a client may leave unread', async () => {
    const { outbox, sent, isLetGo, write } = setUp();
    outbox.announce('one');
    for (let page = 0; page < 101; page++) {
      for (let row = 0; row < 1000; row++) outbox.timelineRow('one', rows[0]!);
      const drained = outbox.drained();
      await write();
      await drained;
    }
    expect(isLetGo()).toBe(false);
    expect(sent).toHaveLength(101_000);
    for (let row = 0; row <= 100_000; row++) outbox.timelineRow('one', rows[0]!);
    expect(isLetGo()).toBe(true);
  });
});

describe('the progress of watching', () => {
  const source = { kind: 'file', path: '/videos/short.mp4' } as const;

  it('is told before the answer that waited for it, and not after', async () => {
    const { outbox, sent, pass } = setUp();
    outbox.watchProgress(source, mediaMs(0));
    outbox.watchProgress(source, mediaMs(500));
    expect(sent).toHaveLength(1);
    outbox.finishProgress(source);
    expect(sent).toHaveLength(2);
    await pass();
    expect(sent).toHaveLength(2);
  });

  it('and of other work is told to the requests about this video that want to hear it', () => {
    const { outbox, told } = setUp();
    const work = outbox.beginWork('token', source, 'Summarising');
    outbox.workProgress({ ...source, path: '/videos/other.mp4' }, { message: 'no', done: 0.1 });
    outbox.workProgress(source, { message: 'Part 1 of 4', done: 0.256 });
    work[Symbol.dispose]();
    outbox.workProgress(source, { message: 'too late', done: 1 });
    expect(told.map((params) => (params as { value: unknown }).value)).toEqual([
      { kind: 'begin', title: 'Summarising', cancellable: true, percentage: 0 },
      { kind: 'report', message: 'Part 1 of 4', percentage: 25 },
      { kind: 'end' },
    ]);
  });
});
