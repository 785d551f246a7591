import { describe, expect, it } from 'vitest';
import {
  childController,
  DisposalStack,
  InFlightGuard,
  SerialQueue,
  untilAborted,
} from '../../../daemon/base/lifetime.ts';

describe('DisposalStack', () => {
  it('frees in reverse order, goes on after a failure and throws the first one', async () => {
    const freed: string[] = [];
    const stack = new DisposalStack();
    stack.defer(() => {
      freed.push('parent');
    });
    stack.defer(() => {
      throw new Error('second failure');
    });
    stack.use({
      [Symbol.asyncDispose]: () => Promise.reject(new Error('first failure')),
    });
    stack.use({
      [Symbol.dispose]: () => {
        freed.push('child');
      },
    });
    await expect(stack[Symbol.asyncDispose]()).rejects.toThrow('first failure');
    expect(freed).toEqual(['child', 'parent']);
  });

  it('frees once, however often it is asked, and what comes late at once', async () => {
    let count = 0;
    const stack = new DisposalStack();
    stack.defer(() => {
      count++;
    });
    await Promise.all([stack[Symbol.asyncDispose](), stack[Symbol.asyncDispose]()]);
    expect(count).toBe(1);
    stack.defer(() => {
      count++;
    });
    expect(count).toBe(2);
  });

  it('hands everything over: a constructor that succeeds keeps what it built', async () => {
    const freed: string[] = [];
    const build = async (fails: boolean): Promise<DisposalStack> => {
      await using stack = new DisposalStack();
      stack.defer(() => {
        freed.push(String(fails));
      });
      if (fails) throw new Error('half-way');
      return stack.move();
    };
    await expect(build(true)).rejects.toThrow('half-way');
    expect(freed).toEqual(['true']);
    const kept = await build(false);
    expect(freed).toEqual(['true']);
    await kept[Symbol.asyncDispose]();
    expect(freed).toEqual(['true', 'false']);
  });
});

describe('InFlightGuard', () => {
  it('waits for work in flight and refuses new work', async () => {
    const guard = new InFlightGuard();
    const work = Promise.withResolvers<string>();
    const running = guard.run(() => work.promise);
    let isClosed = false;
    const closing = guard.close().then(() => {
      isClosed = true;
    });
    await expect(guard.run(() => Promise.resolve('late'))).rejects.toThrow('being freed');
    expect(isClosed).toBe(false);
    work.resolve('done');
    expect(await running).toBe('done');
    await closing;
    expect(isClosed).toBe(true);
  });
});

describe('SerialQueue', () => {
  it('runs one after the other, also behind a failure', async () => {
    const queue = new SerialQueue();
    const order: number[] = [];
    const gate = Promise.withResolvers<undefined>();
    const first = queue.run(async () => {
      await gate.promise;
      order.push(1);
      throw new Error('one');
    });
    const second = queue.run(() => Promise.resolve(order.push(2)));
    gate.resolve(undefined);
    await expect(first).rejects.toThrow('one');
    await second;
    expect(order).toEqual([1, 2]);
  });
});

describe('childController', () => {
  it('ends with its parent, alone, and not at all once it is let go', () => {
    const parent = new AbortController();
    const child = childController(parent.signal);
    const sibling = childController(parent.signal);
    sibling.abort();
    expect(child.signal.aborted).toBe(false);
    const forgotten = childController(parent.signal);
    forgotten[Symbol.dispose]();
    parent.abort(new Error('over'));
    expect(child.signal.reason).toEqual(new Error('over'));
    expect(forgotten.signal.aborted).toBe(false);
    expect(childController(parent.signal).signal.aborted).toBe(true);
  });
});

describe('untilAborted', () => {
  it('waits no longer than it should', async () => {
    const { signal } = new AbortController();
    const aborted = { name: 'AbortError' };
    const never = new Promise(() => undefined);
    await expect(untilAborted(never, { signal: AbortSignal.abort() })).rejects.toMatchObject(
      aborted,
    );
    expect(await untilAborted(Promise.resolve(3), { signal })).toBe(3);
  });
});
