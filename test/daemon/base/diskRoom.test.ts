import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { DiskRoom, roomOn } from '../../../daemon/base/diskRoom.ts';

const { signal } = new AbortController();

function roomThatIs(answers: boolean[]) {
  const told: string[] = [];
  const room = new DiskRoom({
    hasRoom: () => Promise.resolve(answers.shift()!),
    clock: {
      sleep: () => {
        told.push('waits');
        return Promise.resolve();
      },
    },
    onChange: (isFull) => {
      told.push(isFull ? 'full' : 'room');
    },
  });
  return { room, told };
}

it('waits for nothing, and tells nothing, while there is room', async () => {
  const { room, told } = roomThatIs([true]);
  await room.wait({ signal });
  expect(told).toEqual([]);
});

it('waits until there is room, and tells once that there is none and once that there is', async () => {
  const { room, told } = roomThatIs([false, false, false, true, true]);
  await room.wait({ signal });
  await room.wait({ signal });
  expect(told).toEqual(['full', 'waits', 'waits', 'waits', 'room']);
});

it('asks the disk that a folder lies on; what cannot be asked is not full', async () => {
  expect(await roomOn(tmpdir(), { leastBytes: 1 })()).toBe(true);
  expect(await roomOn(tmpdir(), { leastBytes: 1e18 })()).toBe(false);
  expect(await roomOn('/nowhere/at/all', { leastBytes: 1e18 })()).toBe(true);
});
