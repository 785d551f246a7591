import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { NativeTurns, type Turn } from '../../../daemon/llm/nativeTurns.ts';

/** Asks for turns and writes down the order in which they were had. */
function recorder() {
  const turns = new NativeTurns();
  const order: string[] = [];
  const ask = (turn: Turn, name: string): Promise<void> =>
    turns.run(turn, async () => {
      await setImmediate();
      order.push(name);
      if (name.startsWith('failing')) throw new Error(name);
    });
  return { turns, order, ask };
}

it('gives turns in their order, urgent ones first, one at a time', async () => {
  const { order, ask } = recorder();
  await Promise.all([
    ask('ordinary', 'running'),
    ask('ordinary', 'answer 1'),
    ask('urgent', 'frame 1'),
    ask('ordinary', 'answer 2'),
    ask('urgent', 'frame 2'),
  ]);
  expect(order).toEqual(['running', 'frame 1', 'frame 2', 'answer 1', 'answer 2']);
});

it('lets nothing come between what is held together, and everything after it', async () => {
  const { turns, order, ask } = recorder();
  const release = turns.hold();
  const answer = ask('ordinary', 'answer');
  await ask('urgent', 'word 1');
  await ask('urgent', 'word 2');
  expect(order).toEqual(['word 1', 'word 2']);
  release();
  release();
  await answer;
  const again = turns.hold();
  await ask('urgent', 'word 3');
  again();
  await ask('ordinary', 'next answer');
  expect(order).toEqual(['word 1', 'word 2', 'answer', 'word 3', 'next answer']);
});

it('goes on behind a failure', async () => {
  const { order, ask } = recorder();
  const results = await Promise.allSettled([ask('ordinary', 'failing'), ask('ordinary', 'next')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(order).toEqual(['failing', 'next']);
});
