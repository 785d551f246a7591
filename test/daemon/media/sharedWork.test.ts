import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SharedWork, WorkSlots } from '../../../daemon/media/sharedWork.ts';

const aborted = { name: 'AbortError' };
const { signal } = new AbortController();

describe('SharedWork', () => {
  it('gives its result to all, and its failure', async () => {
    let runs = 0;
    const work = new SharedWork(() => Promise.resolve(++runs));
    expect(await Promise.all([work.join({ signal }), work.join({ signal })])).toEqual([1, 1]);
    const failing = new SharedWork(() => Promise.reject(new Error('no')));
    await expect(failing.join({ signal })).rejects.toThrow('no');
  });

  it('goes on as long as one waits, and ends with the last', async () => {
    let inner: AbortSignal | undefined;
    const work = new SharedWork<string>((scope) => {
      inner = scope.signal;
      return new Promise(() => undefined);
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [work.join(first), work.join(second)];
    first.abort();
    await expect(waiting[0]).rejects.toMatchObject(aborted);
    expect([inner?.aborted, work.isAbandoned]).toEqual([false, false]);
    second.abort();
    await expect(waiting[1]).rejects.toMatchObject(aborted);
    expect([inner?.aborted, work.isAbandoned]).toEqual([true, true]);
  });
});

describe('WorkSlots', () => {
  it('does so many at a time, the others in order', async () => {
    const slots = new WorkSlots(2);
    const log: string[] = [];
    const gates = new Map<string, () => void>();
    const start = (name: string): Promise<void> =>
      slots.run(
        () => {
          log.push(name);
          return new Promise((resolve) => {
            gates.set(name, resolve);
          });
        },
        { signal },
      );
    const all = ['a', 'b', 'c', 'd'].map(start);
    await setImmediate();
    expect([log.join(''), slots.waiting]).toEqual(['ab', 2]);
    gates.get('b')!();
    await setImmediate();
    expect([log.join(''), slots.waiting]).toEqual(['abc', 1]);
    gates.get('a')!();
    await setImmediate();
    gates.get('c')!();
    gates.get('d')!();
    await Promise.all(all);
    expect(log.join('')).toBe('abcd');
  });

  it('lets go of who does not wait any more, and of who fails', async () => {
    const slots = new WorkSlots(1);
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = slots.run(() => gate, { signal });
    const leaving = new AbortController();
    const second = slots.run(() => Promise.reject(new Error('never runs')), leaving);
    const third = slots.run(() => Promise.reject(new Error('fails')), { signal });
    leaving.abort();
    await expect(second).rejects.toMatchObject(aborted);
    open();
    await first;
    await expect(third).rejects.toThrow('fails');
    expect(await slots.run(() => Promise.resolve(1), { signal })).toBe(1);
  });
});
