import { describe, expect, it } from 'vitest';
import { FairQueue, QueueFull } from '../../../daemon/hub/fairQueue.ts';
import { HubTokens } from '../../../daemon/hub/tokens.ts';

const { signal } = new AbortController();

/** Works that end when the test says so, in the order in which they begin. */
function setUp(limits = { slots: 1, maxWaiting: 10 }) {
  const queue = new FairQueue(limits);
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const add = (name: string, scope = signal) => {
    const done = queue.run(
      name.slice(0, 1),
      () => {
        begun.push(name);
        return new Promise<string>((resolve) => {
          ends.push(() => {
            resolve(name);
          });
        });
      },
      { signal: scope },
    );
    done.catch(() => undefined);
    return done;
  };
  const step = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  };
  return { queue, begun, add, step };
}

describe('FairQueue', () => {
  it('lets everybody have a turn before anybody has a second one', async () => {
    const { queue, begun, add, step } = setUp();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) void add(name);
    expect(queue.depth).toBe(6);
    for (let turn = 0; turn < 7; turn++) await step();
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect(queue.depth).toBe(0);
  });

  it('does as much at a time as it may', async () => {
    const { begun, add, step } = setUp({ slots: 2, maxWaiting: 10 });
    for (const name of ['a1', 'a2', 'a3']) void add(name);
    await step();
    expect(begun).toEqual(['a1', 'a2']);
    await step();
    expect(begun).toEqual(['a1', 'a2', 'a3']);
  });

  it('refuses what is too much of one user, and nobody else', async () => {
    const { begun, add, step } = setUp({ slots: 1, maxWaiting: 1 });
    void add('a1');
    void add('a2');
    await expect(add('a3')).rejects.toBeInstanceOf(QueueFull);
    void add('b1');
    for (let turn = 0; turn < 3; turn++) await step();
    expect(begun).toEqual(['a1', 'b1', 'a2']);
  });

  it('forgets who has gone', async () => {
    const { begun, add, step } = setUp();
    const gone = new AbortController();
    void add('a1');
    const left = add('b1', gone.signal);
    void add('c1');
    gone.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    for (let turn = 0; turn < 2; turn++) await step();
    expect(begun).toEqual(['a1', 'c1']);
  });

  it('goes on behind what failed', async () => {
    const queue = new FairQueue({ slots: 1, maxWaiting: 1 });
    const failing = queue.run('a', () => Promise.reject(new Error('no')), { signal });
    await expect(failing).rejects.toThrow('no');
    await expect(queue.run('a', () => Promise.resolve(1), { signal })).resolves.toBe(1);
  });
});

describe('HubTokens', () => {
  const text = '# the team\nann  0123456789abcdef\n\nbob fedcba9876543210\n';

  it.each([
    ['Bearer 0123456789abcdef', 'ann'],
    ['Bearer fedcba9876543210', 'bob'],
    ['Bearer 0123456789abcdeF', undefined],
    ['0123456789abcdef', undefined],
    ['Bearer ', undefined],
    [undefined, undefined],
  ])('knows its users: %s', (header, user) => {
    expect(new HubTokens(text).userOf(header)).toBe(user);
  });

  it.each(['', '# nobody', 'ann short', 'ann 0123456789abcdef more'])(
    'refuses a file that is none: %j',
    (wrong) => {
      expect(() => new HubTokens(wrong)).toThrow(TypeError);
    },
  );
});
