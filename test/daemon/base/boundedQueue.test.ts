import { describe, expect, it } from 'vitest';
import { BoundedQueue } from '../../../daemon/base/boundedQueue.ts';

const open = new AbortController().signal;
const item = (n: number, isNeeded = false) => ({ n, isNeeded });
type Item = ReturnType<typeof item>;

async function drain(queue: BoundedQueue<Item>): Promise<number[]> {
  queue.close();
  const taken: number[] = [];
  for await (const { n } of queue) taken.push(n);
  return taken;
}

describe('a queue that blocks', () => {
  it('makes the producer wait for room, and loses nothing', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 2, policy: 'block' });
    await queue.push(item(1), { signal: open });
    await queue.push(item(2), { signal: open });
    let isTaken = false;
    const third = queue.push(item(3), { signal: open }).then((taken) => {
      isTaken = true;
      return taken;
    });
    await Promise.resolve();
    expect(isTaken).toBe(false);
    expect(await queue.take(1)).toEqual([item(1)]);
    expect(await third).toBe(true);
    expect(await drain(queue)).toEqual([2, 3]);
    expect(queue.dropped).toBe(0);
  });

  it('lets a waiting producer go when it is aborted, without its item', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 1, policy: 'block' });
    await queue.push(item(1), { signal: open });
    const controller = new AbortController();
    const second = queue.push(item(2), { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    expect(await drain(queue)).toEqual([1]);
  });

  it('wakes producers when it is closed: their items are not taken', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 1, policy: 'block' });
    await queue.push(item(1), { signal: open });
    const second = queue.push(item(2), { signal: open });
    expect(await drain(queue)).toEqual([1]);
    expect(await second).toBe(false);
  });
});

describe('a full queue of a live source', () => {
  it('drops the oldest and counts it', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 2, policy: 'dropOldest' });
    for (const n of [1, 2, 3, 4]) await queue.push(item(n), { signal: open });
    expect(queue.dropped).toBe(2);
    expect(await drain(queue)).toEqual([3, 4]);
  });

  it('thins every second item that may go', async () => {
    const queue = new BoundedQueue<Item>({
      capacity: 4,
      policy: 'thin',
      isDroppable: ({ isNeeded }) => !isNeeded,
    });
    for (const n of [1, 2, 3, 4, 5]) await queue.push(item(n, n === 1), { signal: open });
    expect(queue.dropped).toBe(2);
    expect(await drain(queue)).toEqual([1, 3, 5]);
  });

  it('makes the producer wait when nothing may go', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 1, policy: 'thin', isDroppable: () => false });
    await queue.push(item(1), { signal: open });
    const second = queue.push(item(2), { signal: open });
    expect(await queue.take(1)).toEqual([item(1)]);
    expect(await second).toBe(true);
  });
});

describe('the consumer', () => {
  it('gets what must not wait first, whatever the capacity', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 1, policy: 'block' });
    await queue.push(item(1), { signal: open });
    expect(queue.pushFirst(item(9))).toBe(true);
    expect(await drain(queue)).toEqual([9, 1]);
    expect(queue.pushFirst(item(10))).toBe(false);
  });

  it('waits for one item and takes as many as there are', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 4, policy: 'block' });
    const waiting = queue.take(3);
    await queue.push(item(1), { signal: open });
    expect(await waiting).toEqual([item(1)]);
    for (const n of [2, 3, 4, 5]) await queue.push(item(n), { signal: open });
    expect(await queue.take(3)).toEqual([item(2), item(3), item(4)]);
  });

  it('hears of a failure only after everything that came before it', async () => {
    const queue = new BoundedQueue<Item>({ capacity: 2, policy: 'block' });
    await queue.push(item(1), { signal: open });
    queue.fail(new Error('the producer fell over'));
    expect(await queue.take(1)).toEqual([item(1)]);
    await expect(queue.take(1)).rejects.toThrow('fell over');
  });
});

it('needs room for one item', () => {
  expect(() => new BoundedQueue({ capacity: 0, policy: 'block' })).toThrow(RangeError);
});
