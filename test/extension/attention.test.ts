import type * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AttentionKeeper, registerAttention } from '../../extension/attention.ts';
import { typingPauseMs } from '../../extension/typing.ts';
import type { GuidanceRow } from '../../protocol/index.ts';
import { rows } from '../helpers/fakeService.ts';
import { editor, FakeMemento } from '../helpers/fakeVscode.ts';
import { code } from '../helpers/fakeVscodeCode.ts';
import { ui, uiWindow } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

let memory: FakeMemento;
let keeper: AttentionKeeper;
let win: VideoWindow;
let context: { subscriptions: { dispose(): unknown }[] };
let revealed: number[];

function open(): void {
  context = { subscriptions: [] };
  keeper = new AttentionKeeper(memory);
  win = new VideoWindow();
  win.active = win.video;
  revealed = [];
  registerAttention(context as unknown as vscode.ExtensionContext, keeper, {
    sessions: win.sessions,
    isVisible: () => false,
    reveal: (_video, rowId) => {
      revealed.push(rowId);
      return Promise.resolve();
    },
  });
}
function close(): void {
  for (const each of context.subscriptions) each.dispose();
  keeper.dispose();
}

const run = (command: string): unknown =>
  (ui.commands.get(command) as (() => unknown) | undefined)?.();
const item = () => editor.statusBarItems.find(({ name }) => name === 'Codealong, Snooze')!;
const isSnoozed = (): unknown =>
  editor.commands.findLast(({ args }) => args[0] === 'codealong.isSnoozed')?.args[1];

beforeEach(() => {
  editor.reset();
  uiWindow.activeTextEditor = undefined;
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 14, 0) });
  memory = new FakeMemento();
  open();
});
afterEach(() => {
  close();
  vi.useRealTimers();
});

describe('snooze', () => {
  it('lasts as long as people choose, is to be seen, and is over by itself', async () => {
    expect(item().isShown).toBe(false);
    ui.answers.push('For 30 minutes');
    await run('codealong.snooze');
    expect(keeper.value.snooze?.untilMs).toBe(Date.now() + 30 * 60_000);
    expect(item().isShown).toBe(true);
    // Between time and half of the day stands another space than ours.
    expect(item().text).toMatch(/^\$\(bell-slash\) 2:30.PM$/);
    expect(isSnoozed()).toBe(true);
    const told = vi.fn();
    keeper.onDidChange(told);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    expect(keeper.value).toEqual({ isTyping: false });
    expect(item().isShown).toBe(false);
    expect(isSnoozed()).toBe(false);
    expect(told).toHaveBeenCalledOnce();
  });

  it('may last until it is turned off, over a reload of the window', async () => {
    ui.answers.push('Until I turn it on again');
    await run('codealong.snooze');
    close();
    editor.statusBarItems.length = 0;
    open();
    await vi.advanceTimersByTimeAsync(24 * 3600_000);
    expect(keeper.value.snooze).toEqual({});
    expect(item()).toMatchObject({ isShown: true, text: '$(bell-slash)' });
    await run('codealong.endSnooze');
    close();
    open();
    expect(keeper.value.snooze).toBeUndefined();
  });

  it('is over for a window that opens after its end', async () => {
    ui.answers.push('For an hour');
    await run('codealong.snooze');
    close();
    vi.setSystemTime(Date.now() + 2 * 3600_000);
    open();
    expect(keeper.value.snooze).toBeUndefined();
  });

  it('can be ended where it was begun', async () => {
    ui.answers.push('For an hour', 'Announce guidance again');
    await run('codealong.snooze');
    await run('codealong.snooze');
    expect(ui.dialogs.map(({ labels }) => labels.length)).toEqual([4, 5]);
    expect(keeper.value.snooze).toBeUndefined();
  });
});

describe('typing', () => {
  const document = {};
  const type = (where: unknown = document, contentChanges: readonly unknown[] = ['a']): void => {
    code.changing.fire({ document: where, contentChanges });
  };

  it('is a change of the file in front of people, until they pause', async () => {
    uiWindow.activeTextEditor = { document };
    const told = vi.fn();
    keeper.onDidChange(told);
    type();
    await vi.advanceTimersByTimeAsync(typingPauseMs - 1);
    type();
    expect(keeper.value.isTyping).toBe(true);
    await vi.advanceTimersByTimeAsync(typingPauseMs);
    expect(keeper.value.isTyping).toBe(false);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('is not what changes elsewhere, and not what only becomes dirty', () => {
    uiWindow.activeTextEditor = { document };
    type({});
    type(document, []);
    expect(keeper.value.isTyping).toBe(false);
  });
});

describe('tell me when', () => {
  it('asks for words and gives them to the video that is looked at', async () => {
    ui.answers.push('when the tests pass');
    await run('codealong.tellMeWhen');
    expect(win.video.told).toEqual(['request when the tests pass']);
  });

  it('says so when no more can be listened for', async () => {
    win.video.takesRequests = false;
    await run('codealong.tellMeWhen');
    expect(editor.messages[0]?.text).toMatch(/^At most 4 things/);
    expect(ui.dialogs).toEqual([]);
  });
});

it('a change of chattiness is heeded by what is open', () => {
  editor.configure('codealong.guidance.chattiness', 'quieter');
  editor.configure('codealong.guidance.announce', false);
  expect(win.video.told).toEqual(['adjust']);
});

it('what is said is shown as a notification where people want that', async () => {
  const said = rows.find((row): row is GuidanceRow => row.kind === 'guidance')!;
  win.video.say(said);
  expect(editor.messages).toEqual([]);
  editor.configure('codealong.guidance.toasts', 'all');
  editor.press = 'Show';
  win.video.say({ ...said, id: said.id + 1, text: 'Another.' });
  await vi.advanceTimersByTimeAsync(0);
  expect(editor.messages).toHaveLength(1);
  expect(revealed).toEqual([said.id + 1]);
});
