import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TarballError, unpackTarball } from '../../../daemon/weights/tarball.ts';
import { makeTarball, type TarEntry } from '../../helpers/tarballs.ts';

const { signal } = new AbortController();
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'codealong-tarball-'));
  folder = path.join(root, 'inside');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function unpack(tarball: Buffer) {
  const file = path.join(root, 'a.tgz');
  writeFileSync(file, tarball);
  return unpackTarball(file, folder, { signal });
}

const big = Buffer.alloc(300_001, 'codealong');
const good: readonly TarEntry[] = [
  { path: 'package/package.json', content: '{}' },
  { path: 'package/bins/linux/lib.so', content: big },
  { path: 'package/empty' },
];

it('unpacks files, however long', async () => {
  const files = await unpack(makeTarball(good));
  expect(files.map(({ path: name, bytes }) => [name, bytes])).toEqual([
    ['package.json', 2],
    ['bins/linux/lib.so', big.length],
    ['empty', 0],
  ]);
  expect(readFileSync(path.join(folder, 'bins', 'linux', 'lib.so')).equals(big)).toBe(true);
  expect(files[0]?.sha256).toMatch(/^44136fa355b3678a/);
});

describe('refuses', () => {
  const outside = 'lies outside of its folder';
  const special = 'is no plain file';
  it.each<[string, TarEntry, string]>([
    ['a way up', { path: 'package/../../evil' }, outside],
    ['a way up in another spelling', { path: 'package/./evil' }, outside],
    ['an absolute path', { path: '/tmp/evil' }, outside],
    ['another top folder', { path: 'evil/file' }, outside],
    ['nothing but the top folder', { path: 'package/' }, outside],
    ["Windows' way up", { path: String.raw`package/..\..\evil` }, outside],
    ['a drive', { path: 'package/C:evil' }, outside],
    ['a symbolic link', { path: 'package/link', kind: '2', target: '../..' }, special],
    ['a hard link', { path: 'package/link', kind: '1', target: '/etc/passwd' }, special],
    ['a device', { path: 'package/device', kind: '3' }, special],
    ['a header that renames', { path: 'package/x', kind: 'x', content: '9 path=/' }, special],
    ['a file twice', { path: 'package/package.json' }, 'is in it twice'],
  ])('%s', async (_, entry, why) => {
    const work = unpack(makeTarball([...good, entry]));
    await expect(work).rejects.toThrow(TarballError);
    await expect(work).rejects.toThrow(why);
    expect(readdirSync(root).sort()).toEqual(['a.tgz', 'inside']);
  });

  const plain = gunzipSync(makeTarball(good));
  it.each([
    ['breaks off', gzipSync(plain.subarray(0, 1800)), 'it breaks off'],
    ['breaks off in gzip', makeTarball(good).subarray(0, 300), 'it is broken'],
    ['has other bytes in a header', gzipSync(Buffer.from(plain).fill('a', 20, 24)), 'it is broken'],
    ['is none', Buffer.from('<html>'), 'it is broken'],
  ])('what %s', async (_, bytes, why) => {
    const work = unpack(bytes);
    await expect(work).rejects.toThrow(TarballError);
    await expect(work).rejects.toThrow(why);
  });
});
