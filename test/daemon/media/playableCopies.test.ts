import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../daemon/base/clock.ts';
import { PlayableCopies } from '../../../daemon/media/playableCopies.ts';
import { wallMs } from '../../../protocol/index.ts';
import { createTemporaryFolder } from '../../helpers/fixtures.ts';

/** A folder of copies of ten bytes each, used in the order of their names, room for three of them. */
async function setUp(names: readonly string[] = []) {
  const home = await createTemporaryFolder();
  const folder = home.path('playable');
  await mkdir(folder);
  for (const [n, name] of names.entries()) {
    await writeFile(home.path(`playable/${name}`), '0123456789');
    await utimes(home.path(`playable/${name}`), n + 1, n + 1);
  }
  const clock: Clock = { ...systemClock, now: () => wallMs(1_000_000) };
  const copies = new PlayableCopies({ folder, maxBytes: 35, clock });
  return {
    copies,
    files: async () => (await readdir(folder)).sort(),
    write: (name: string) => writeFile(home.path(`playable/${name}`), 'x'),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

describe('PlayableCopies', () => {
  it('removes what was not used for the longest time', async () => {
    await using fixture = await setUp(['a', 'b', 'c', 'd', 'e']);
    expect(await fixture.copies.find('a')).toBeDefined();
    await fixture.copies.evict();
    expect(await fixture.files()).toEqual(['a', 'd', 'e']);
  });

  it('removes nothing that is used', async () => {
    await using fixture = await setUp(['a', 'b', 'c', 'd', 'e']);
    const uses = [fixture.copies.use('a'), fixture.copies.use('a'), fixture.copies.use('b')];
    await fixture.copies.evict();
    expect(await fixture.files()).toEqual(['a', 'b', 'e']);
    for (const use of uses.slice(0, 2)) use[Symbol.dispose]();
    await fixture.write('f');
    await fixture.write('g');
    await fixture.copies.evict();
    expect(await fixture.files()).toEqual(['a', 'b', 'e', 'f', 'g']);
  });

  it('gives a draft its name when it is whole', async () => {
    await using fixture = await setUp();
    {
      await using draft = await fixture.copies.draft('a.mp4', 1);
      await writeFile(draft.path, 'whole');
      expect(await fixture.copies.find('a.mp4')).toBeUndefined();
      expect(await draft.keep()).toBe(await fixture.copies.find('a.mp4'));
    }
    {
      await using draft = await fixture.copies.draft('b.mp4', 1);
      await writeFile(draft.path, 'half');
    }
    expect(await fixture.files()).toEqual(['a.mp4']);
  });

  it('makes its folder, or says that it cannot', async () => {
    await using home = await createTemporaryFolder();
    const at = (folder: string): PlayableCopies =>
      new PlayableCopies({ folder, maxBytes: 1, clock: systemClock });
    await using draft = await at(home.path('deep/down')).draft('a', 1);
    await writeFile(draft.path, 'x');
    await writeFile(home.path('file'), 'x');
    await expect(at(home.path('file/down')).draft('a', 1)).rejects.toMatchObject({
      code: 'store.unavailable',
    });
    await at(home.path('file/down')).tidy();
  });

  it('says so when nothing can be written there', async () => {
    await using fixture = await setUp();
    // As with a folder that is read-only, which the administrator would not notice.
    const unwritable = 'a'.repeat(300);
    await expect(fixture.copies.draft(unwritable, 1)).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining('cannot be written') as string,
    });
  });

  it('says so when there is no room', async () => {
    await using fixture = await setUp();
    await expect(fixture.copies.draft('a', Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining('no room') as string,
    });
  });

  it('removes drafts of processes that are gone, not those of others', async () => {
    await using fixture = await setUp();
    const { pid: gone } = spawnSync('true');
    for (const pid of [gone, process.pid, 1]) await fixture.write(`a.mp4.${pid}-0a1b.part`);
    await fixture.copies.tidy();
    expect(await fixture.files()).toEqual([`a.mp4.1-0a1b.part`, `a.mp4.${process.pid}-0a1b.part`]);
  });
});
