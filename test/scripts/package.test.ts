/** What goes into the package, and whose it is said to be. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const load = (name: string): Promise<unknown> =>
  import(new URL(`../../scripts/lib/${name}`, import.meta.url).href);
const { thirdPartyNotices } = (await load('notices.mjs')) as {
  thirdPartyNotices: (folders: readonly string[], said: readonly string[]) => Promise<string>;
};
const { nativeClosure, shippedFiles } = (await load('nativeClosure.mjs')) as {
  nativeClosure: () => Promise<string[]>;
  shippedFiles: (folder: string) => Promise<string[]>;
};

const scratch = mkdtempSync(path.join(tmpdir(), 'codealong-notices-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** A package of which only the licence matters. */
function makePackage(name: string, licence: string, text?: string): string {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  const manifest = { name, version: '1.0.0', license: licence, author: 'Ann Author <a@b.c>' };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  if (text !== undefined) writeFileSync(path.join(folder, 'LICENSE'), text);
  return folder;
}

describe('notices', () => {
  it('give the same text once, under all whose it is', async () => {
    const folders = [makePackage('one', 'ISC', 'Terms.'), makePackage('two', 'ISC', 'Terms.\n')];
    const notices = await thirdPartyNotices(folders, ['A sentence.']);
    expect(notices).toContain('A sentence.');
    expect(notices).toContain('one 1.0.0 (ISC)\ntwo 1.0.0 (ISC)\n\nTerms.\n');
    expect(notices.match(/Terms\./g)).toHaveLength(1);
  });

  it('say the licence of a package that brings no text', async () => {
    const notices = await thirdPartyNotices([makePackage('bare', 'MIT')], []);
    expect(notices).toContain('Copyright (c) Ann Author\n');
  });

  it('refuse a licence that nobody has looked at', async () => {
    const folder = makePackage('strange', 'GPL-3.0', 'Other terms.');
    await expect(thirdPartyNotices([folder], [])).rejects.toThrow('strange 1.0.0: GPL-3.0');
  });
});

// The other platforms do not have its binaries installed.
const isTarget = process.platform === 'linux' && process.arch === 'x64';

describe.runIf(isTarget)('the packages that travel', () => {
  it('are those that run on one platform', async () => {
    const names = (await nativeClosure()).map((folder) => path.basename(folder));
    expect(names).toEqual(expect.arrayContaining(['koffi', 'onnxruntime-node', 'node-llama-cpp']));
    for (const name of ['cmake-js', 'linux-x64-cuda', 'ffmpeg-static']) {
      expect(names).not.toContain(name);
    }
  });

  it('come without binaries of other platforms, without types and manuals', async () => {
    const folder = (await nativeClosure()).find((one) => one.endsWith('onnxruntime-node'));
    const files = (await shippedFiles(folder!)).map((file) => path.relative(folder!, file));
    expect(files.filter((file) => file.startsWith('bin/')).sort()).toEqual([
      'bin/napi-v6/linux/x64/libonnxruntime.so.1',
      'bin/napi-v6/linux/x64/onnxruntime_binding.node',
    ]);
    expect(files.filter((file) => /\.(md|map|d\.ts)$/.test(file))).toEqual([]);
  });
});
