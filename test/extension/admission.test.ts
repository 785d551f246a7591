import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { admit, isInWorkspace } from '../../extension/admission.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';

let folder: string;
const inFolder = (...names: readonly string[]): string => path.join(folder, ...names);

beforeEach(() => {
  editor.reset();
  folder = mkdtempSync(path.join(tmpdir(), 'codealong-admission-'));
  for (const name of ['project/talks', 'elsewhere']) mkdirSync(inFolder(name), { recursive: true });
  for (const name of ['project/talks/a.mp4', 'elsewhere/b.mp4', 'elsewhere/notes.txt']) {
    writeFileSync(inFolder(name), '');
  }
  symlinkSync(inFolder('elsewhere'), inFolder('project', 'link'));
  symlinkSync(inFolder('project'), inFolder('alias'));
  ui.folders.push(inFolder('project'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** @param asked whether people are asked first */
async function check(file: string, asked: boolean): Promise<void> {
  expect(await admit(file)).toBe(!asked);
  expect(editor.messages).toHaveLength(asked ? 1 : 0);
}

describe('a video', () => {
  it('of the workspace is opened without asking', () =>
    check(inFolder('project/talks/a.mp4'), false));

  it('of the workspace may be named by another way to it', () =>
    check(inFolder('alias/talks/../talks/a.mp4'), false));

  it('from elsewhere is asked for', () => check(inFolder('elsewhere/b.mp4'), true));

  it('from elsewhere is asked for, however it is named', () =>
    check(inFolder('project/../elsewhere/b.mp4'), true));

  it('behind a link out of the workspace is asked for', () =>
    check(inFolder('project/link/b.mp4'), true));

  it('is asked for by its path, in a dialog that cannot be overlooked', async () => {
    editor.press = 'Open';
    expect(await admit(inFolder('elsewhere/b.mp4'))).toBe(true);
    expect(editor.messages).toEqual([
      {
        kind: 'warning',
        text: 'A link wants to open a video that is not in this workspace.',
        detail: inFolder('elsewhere/b.mp4'),
        isModal: true,
        buttons: ['Open'],
      },
    ]);
  });

  it('that does not exist is refused before anybody is asked', async () => {
    await expect(admit(inFolder('elsewhere/none.mp4'))).rejects.toMatchObject({
      code: 'source.notFound',
      message: `There is no file ${inFolder('elsewhere/none.mp4')}.`,
    });
    expect(editor.messages).toEqual([]);
  });

  it('on another machine is not even looked at before people agree', async () => {
    await check('//server/share/talk.mp4', true);
    editor.press = 'Open';
    await expect(admit('//server/share/talk.mp4')).rejects.toMatchObject({
      code: 'source.notFound',
    });
  });
});

describe('what is no video', () => {
  it.each(['elsewhere/notes.txt', 'project'])('is refused: %s', async (name) => {
    await expect(admit(inFolder(name))).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('is refused though it is called like one', async () => {
    mkdirSync(inFolder('project/folder.mp4'));
    await expect(admit(inFolder('project/folder.mp4'))).rejects.toMatchObject({
      code: 'source.notFound',
    });
  });
});

describe('the workspace', () => {
  it('does not contain its neighbour with a longer name', async () => {
    mkdirSync(inFolder('project2'));
    writeFileSync(inFolder('project2/a.mp4'), '');
    expect(await isInWorkspace(inFolder('project2/a.mp4'))).toBe(false);
  });

  it('contains nothing when no folder is open', async () => {
    ui.folders.length = 0;
    expect(await isInWorkspace(inFolder('project/talks/a.mp4'))).toBe(false);
  });
});
