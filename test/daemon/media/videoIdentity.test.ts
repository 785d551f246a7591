import { open, rename, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockPositions, identifyVideo } from '../../../daemon/media/videoIdentity.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../helpers/fixtures.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const signal = new AbortController().signal;
const mebibyte = 1024 * 1024;

async function idOf(name: string, content: string): Promise<string> {
  await writeFile(folder.path(name), content);
  return identifyVideo(folder.path(name), { signal });
}

async function writeByte(path: string, position: number): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(Uint8Array.of(1), 0, 1, position);
}

describe('identifyVideo', () => {
  it('depends on the content, not on the name', async () => {
    const id = await idOf('a.mp4', 'frames');
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await idOf('b.mkv', 'frames')).toBe(id);
    expect(await idOf('a.mp4', 'Frames')).not.toBe(id);
  });

  it('sees changes at the head, the tail, in a sampled middle and in the size of a large file', async () => {
    const path = folder.path('large.mp4');
    await writeFile(path, '');
    await truncate(path, 100 * mebibyte);
    const ids = [await identifyVideo(path, { signal })];
    for (const position of [0, 100 * mebibyte - 1, blockPositions(100 * mebibyte)[7]!]) {
      await writeByte(path, position);
      ids.push(await identifyVideo(path, { signal }));
    }
    await truncate(path, 100 * mebibyte + 1);
    ids.push(await identifyVideo(path, { signal }));
    expect(new Set(ids).size).toBe(5);
    await rename(path, folder.path('moved.mp4'));
    expect(await identifyVideo(folder.path('moved.mp4'), { signal })).toBe(ids[4]);
  });

  it('ends with the signal', async () => {
    await idOf('c.mp4', 'frames');
    await expect(
      identifyVideo(folder.path('c.mp4'), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('knows what is no file', async () => {
    await expect(identifyVideo(folder.path('none'), { signal })).rejects.toMatchObject({
      code: 'source.notFound',
    });
    await expect(identifyVideo(folder.path('.'), { signal })).rejects.toMatchObject({
      code: 'source.unreadable',
    });
  });
});

describe('blockPositions', () => {
  it.each([
    [1, [0]],
    [mebibyte, [0]],
    [mebibyte + 1, [0, mebibyte]],
  ])('reads all of a small file, %i', (size, expected) => {
    expect(blockPositions(size)).toEqual(expected);
  });

  it('reads the first, the last and some between of a large one', () => {
    const size = 10_000 * mebibyte;
    const positions = blockPositions(size);
    expect(positions).toHaveLength(16);
    expect([positions[0], positions[15]]).toEqual([0, size - mebibyte]);
  });
});
