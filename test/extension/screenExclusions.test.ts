import { beforeEach, describe, expect, it } from 'vitest';
import {
  chooseExcluded,
  optionsFor,
  type ExclusionParts,
} from '../../extension/screenExclusions.ts';
import type { RequestMethod, ScreenPart } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';

const setting = 'codealong.screen.exclude';
const window = (name: string, application?: string): ScreenPart => ({
  ...{ kind: 'window', name, box: [0, 0, 800, 600] },
  ...(application === undefined ? {} : { application }),
  source: { kind: 'screen' },
});

let parts: ExclusionParts;
beforeEach(() => {
  editor.reset();
  const open = [window('Accounts', 'Firefox'), window('News', 'Firefox'), window('a $(name)')];
  const whole: ScreenPart = { ...window(':0'), kind: 'display' };
  parts = {
    client: {
      request: <Params, Result>({ method }: RequestMethod<Params, Result>) => {
        expect(method).toBe('codealong/listScreens');
        return Promise.resolve({ parts: [whole, ...open], notices: [] } as Result);
      },
    },
    sessions: { live: [] },
  };
});

describe('what is left out of the screen', () => {
  it('is chosen among what is open and what was chosen before', async () => {
    editor.settings.set(setting, ['KeePass', 'Firefox']);
    ui.answers.push(['KeePass', 'a $\u200b(name)']);
    await chooseExcluded(parts);
    expect(ui.dialogs[0]?.labels).toEqual([
      ...['KeePass', 'Firefox', 'a $\u200b(name)', '$(add) Another Name…'],
    ]);
    expect(editor.settings.get(setting)).toEqual(['KeePass', 'a $(name)']);
  });

  it('may be typed', async () => {
    ui.answers.push(['$(add) Another Name…', 'Firefox'], ' bank ');
    await chooseExcluded(parts);
    expect(editor.settings.get(setting)).toEqual(['Firefox', 'bank']);
  });

  it('stays as it is when the list is closed', async () => {
    editor.settings.set(setting, ['KeePass']);
    await chooseExcluded(parts);
    expect(editor.settings.get(setting)).toEqual(['KeePass']);
  });

  it('holds from the next watching on, and says so while something is watched', async () => {
    const watching = { ...parts, sessions: { live: [{ status: { state: 'watching' } }] } };
    ui.answers.push(['Firefox']);
    await chooseExcluded(watching as unknown as ExclusionParts);
    expect(editor.messages).toMatchObject([{ kind: 'warning' }]);
  });

  it('goes with every screen, with the window of this editor, and with nothing else', () => {
    editor.settings.set(setting, ['bank']);
    const options = { frameRateFps: 2 };
    const { excluded, ...others } = optionsFor({ kind: 'screen' }, options);
    expect(others).toEqual(options);
    expect(excluded?.names).toEqual(['bank']);
    expect(excluded?.own?.titleParts[0]).toBe('Fake');
    expect(optionsFor({ kind: 'stream', url: 'https://tv.test' }, options)).toEqual(options);
  });
});
