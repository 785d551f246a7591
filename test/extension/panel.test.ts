import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { Panel } from '../../extension/panel.ts';
import {
  mediaMs,
  type AnswerRow,
  type PanelAction,
  type SearchHit,
  type TimelineRow,
  type WebviewToHost,
} from '../../protocol/index.ts';
import { FakeVideo, playable } from '../helpers/fakeVideo.ts';
import { rows, statsAt } from '../helpers/fakeService.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { FakeWebview, ui, uiEnv } from '../helpers/fakeVscodeUi.ts';

const settings = {
  revealGuidance: 'asIndexed',
  announceGuidance: true,
  chattiness: 'usual',
} as const;
const answer: AnswerRow = {
  ...{ kind: 'answer', id: 11, queryId: 10, text: 'add', citations: [], abstained: true },
  ...{ startMs: mediaMs(0), endMs: mediaMs(0), atMs: mediaMs(0), model: 'fake 1' },
};

const hit: SearchHit = {
  ...{ rowId: 1, kind: 'screenText', text: 'export function add', region: 'editor', score: 0.9 },
  ...{ startMs: mediaMs(6000), endMs: mediaMs(9000), video: { videoId: 'video-1' } },
  parts: { words: 1, coverage: 1, literal: 0.7 },
};

let video: FakeVideo;
let page: FakeWebview;
let panel: Panel;
let log: string[];

function open(): void {
  page = new FakeWebview();
  log = [];
  panel = new Panel(page as unknown as vscode.Webview, video.asWatched, {
    extensionUri: vscode.Uri.file('/extension'),
    log: {
      error: (line: string | Error) => void log.push(`error ${String(line)}`),
      warn: (line: string) => void log.push(`warn ${line}`),
    },
    settings: () => settings,
    attention: () => ({ isTyping: false }),
  });
}

beforeEach(() => {
  editor.reset();
  vi.useFakeTimers();
  video = new FakeVideo();
  open();
});
afterEach(() => {
  panel.dispose();
  vi.useRealTimers();
});

const frame = (): Promise<unknown> => vi.advanceTimersByTimeAsync(16);
const kinds = (): string[] => page.posted.map(({ kind }) => kind);

describe('a page that is ready', () => {
  it('is told everything there is, in an order that it can use', () => {
    video.lastPositionMs = mediaMs(4000);
    video.rows.push(...rows);
    video.media = playable;
    video.status = { state: 'watching', stats: statsAt(5000) };
    expect(page.posted).toEqual([]);
    page.say('ready');
    expect(page.posted).toEqual([
      {
        kind: 'init',
        body: { path: video.path, name: 'pantry.mp4', settings, positionMs: 4000, l10n: {} },
      },
      { kind: 'attention', body: { isTyping: false } },
      { kind: 'media', body: playable },
      { kind: 'status', body: video.status },
      { kind: 'manner', body: { requests: [] } },
      { kind: 'rows', body: { rows, isReset: true } },
    ]);
  });

  it('is told everything again after it was reloaded', async () => {
    page.say('ready');
    video.addRows(...rows.slice(0, 2));
    await frame();
    page.posted.length = 0;
    page.say('ready');
    expect(kinds()).toEqual(['init', 'attention', 'status', 'manner', 'rows']);
    expect(page.told('rows')).toEqual([{ rows: rows.slice(0, 2), isReset: true }]);
  });

  it('may load nothing but its own folder', () => {
    expect(page.options).toMatchObject({
      enableScripts: true,
      localResourceRoots: [{ path: '/extension/dist' }],
    });
    expect(page.html).toContain('https://webview.test/extension/dist/webview.js');
  });
});

describe('rows', () => {
  it('that come within a frame are one message', async () => {
    page.say('ready');
    page.posted.length = 0;
    for (const row of rows) video.addRows(row);
    expect(page.posted).toEqual([]);
    await frame();
    expect(page.posted).toEqual([{ kind: 'rows', body: { rows, isReset: false } }]);
  });

  it('are each told once', async () => {
    page.say('ready');
    video.addRows(rows[0]!);
    await frame();
    video.addRows(rows[1]!);
    await frame();
    expect(page.told('rows').slice(1)).toEqual([
      { rows: [rows[0]], isReset: false },
      { rows: [rows[1]], isReset: false },
    ]);
  });

  it('that are told anew are told again, once, as they are then', async () => {
    page.say('ready');
    video.addRows(rows[0]!, rows[1]!);
    await frame();
    const better = (text: string): TimelineRow => ({ ...rows[0]!, text }) as TimelineRow;
    video.changeRow(better('export function ad'));
    video.changeRow(better('export function added'));
    video.addRows(rows[2]!);
    video.changeRow(rows[2]!);
    await frame();
    video.addRows(rows[3]!);
    await frame();
    expect(page.told('rows').slice(-2)).toEqual([
      { rows: [better('export function added'), rows[2]], isReset: false },
      { rows: [rows[3]], isReset: false },
    ]);
  });

  it('that replace all others say so', async () => {
    page.say('ready');
    video.addRows(rows[0]!);
    video.replaceRows(rows[1]!);
    video.addRows(rows[2]!);
    await frame();
    expect(page.told('rows').at(-1)).toEqual({ rows: [rows[1], rows[2]], isReset: true });
  });

  it('wait while nobody sees the page, and counters are told only as they are then', async () => {
    page.say('ready');
    page.posted.length = 0;
    panel.isVisible = false;
    for (let second = 0; second < 100; second++) {
      video.addRows({ ...rows[0]!, id: second });
      video.setStatus({ state: 'watching', stats: statsAt(second * 1000) });
      await frame();
    }
    expect(page.posted).toEqual([]);
    panel.isVisible = true;
    await frame();
    expect(kinds()).toEqual(['status', 'rows']);
    expect(page.told('status')).toEqual([{ state: 'watching', stats: statsAt(99_000) }]);
    expect(page.told('rows')).toMatchObject([{ rows: { length: 100 }, isReset: false }]);
  });
});

describe('where the video comes from', () => {
  it('is let in by the policy as long as it is this machine', async () => {
    page.say('ready');
    video.setMedia(playable);
    await frame();
    expect(page.loads).toBe(1);
    expect(page.told('media')).toEqual([playable]);
  });

  it('makes the page anew when the policy does not let it in', async () => {
    page.say('ready');
    const remote = {
      ...playable,
      videoUrl: 'https://tunnel.test/v',
      frameUrl: 'https://tunnel.test/f',
    };
    video.setMedia(remote);
    await frame();
    expect(page.loads).toBe(2);
    expect(page.html).toMatch(/media-src [^;]*https:\/\/tunnel\.test/);
    expect(page.told('media')).toEqual([]);
    page.posted.length = 0;
    page.say('ready');
    expect(kinds()).toEqual(['init', 'attention', 'media', 'status', 'manner', 'rows']);
    expect(page.told('media')).toEqual([remote]);
    video.setMedia({ ...remote, videoUrl: 'https://tunnel.test/v2' });
    await frame();
    expect(page.loads).toBe(2);
  });

  it('gives each page a nonce of its own', () => {
    const nonce = (): string => /nonce="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const first = nonce();
    panel.dispose();
    open();
    expect(first.length).toBeGreaterThan(20);
    expect(nonce()).not.toBe(first);
  });
});

describe('a wish to move the player', () => {
  it('is passed on', () => {
    page.say('ready');
    video.seek(mediaMs(9000), true);
    expect(page.told('seek')).toEqual([{ atMs: 9000, play: true }]);
  });

  it('waits for the page, and the last one counts', () => {
    video.seek(mediaMs(1000), false);
    video.seek(mediaMs(9000), true);
    panel.focusAsk();
    page.say('ready');
    expect(kinds()).toEqual([
      ...['init', 'attention', 'status', 'manner', 'rows', 'seek', 'focusAsk'],
    ]);
    expect(page.told('seek')).toEqual([{ atMs: 9000, play: true }]);
  });
});

describe('a question', () => {
  const question = { requestId: 'q1', question: 'What?', scope: { kind: 'whole' } } as const;

  it('is answered word by word', async () => {
    const { promise, resolve: finish } = Promise.withResolvers<AnswerRow>();
    video.answer = promise;
    page.say('ready');
    page.say('ask', question);
    video.onText('a');
    video.onText('dd');
    finish(answer);
    await frame();
    expect(video.questions).toEqual([question]);
    expect(page.told('answerDelta')).toEqual([
      { requestId: 'q1', text: 'a' },
      { requestId: 'q1', text: 'dd' },
    ]);
    expect(page.told('answer')).toEqual([{ requestId: 'q1', answer }]);
  });

  it('ends without an error when it is stopped', async () => {
    page.say('ready');
    page.say('ask', question);
    page.say('stopAnswer', { requestId: 'q1' });
    await frame();
    expect(page.told('answerFailed')).toEqual([{ requestId: 'q1' }]);
  });

  it('that fails says why, in a sentence', async () => {
    video.answer = Promise.reject(new AppError('question.tooLong'));
    page.say('ready');
    page.say('ask', question);
    await frame();
    expect(page.told('answerFailed')).toMatchObject([
      { requestId: 'q1', error: { message: 'The question is too long for the model.' } },
    ]);
  });

  it('asked by command is shown as the page’s own', async () => {
    video.answer = Promise.resolve(answer);
    page.say('ready');
    const scope = { kind: 'now', atMs: mediaMs(5000) } as const;
    await panel.ask({ question: 'Which?', scope });
    expect(page.told('asked')).toEqual([{ requestId: 'command-1', question: 'Which?', scope }]);
    expect(page.told('answer')).toEqual([{ requestId: 'command-1', answer }]);
  });

  it('survives a reload of the page', () => {
    page.say('ready');
    page.say('ask', question);
    video.onText('so ');
    video.onText('far');
    page.posted.length = 0;
    page.say('ready');
    expect(page.told('asked')).toEqual([question]);
    expect(page.told('answerDelta')).toEqual([{ requestId: 'q1', text: 'so far' }]);
  });

  it('ends with the panel', async () => {
    page.say('ready');
    page.say('ask', question);
    panel.dispose();
    await frame();
    expect(kinds()).not.toContain('answerFailed');
  });
});

describe('a search of the page', () => {
  const search = (requestId: string, query: string): void => {
    page.say('search', { requestId, query });
  };
  beforeEach(() => {
    page.say('ready');
  });

  it('is answered under its id', async () => {
    video.hits = Promise.resolve([hit]);
    search('s1', 'add');
    await frame();
    expect(page.told('hits')).toEqual([{ requestId: 's1', hits: [hit] }]);
  });

  it('gives way to the next one', async () => {
    search('s1', 'ad');
    video.hits = Promise.resolve([hit]);
    search('s2', 'add');
    await frame();
    expect(page.told('hits')).toEqual([{ requestId: 's2', hits: [hit] }]);
    expect(video.told).toEqual(['search ad', 'search ad stopped', 'search add']);
  });

  it('says why nothing could be searched', async () => {
    video.hits = Promise.reject(new AppError('store.unavailable'));
    search('s1', 'add');
    await frame();
    expect(page.told('hits')).toMatchObject([{ requestId: 's1', error: { action: 'doctor' } }]);
  });
});

describe('the code that a page shows', () => {
  const read = (requestId: string, atMs: number): void => {
    page.say('readCode', { requestId, atMs: mediaMs(atMs), region: 'editor' });
  };
  const code = { atMs: mediaMs(2000), region: 'editor', lines: [], text: '' } as const;
  beforeEach(() => {
    page.say('ready');
  });

  it('is told under its id, for the newest moment only', async () => {
    read('c1', 1000);
    video.codeSeen = Promise.resolve(code);
    read('c2', 2000);
    await frame();
    expect(page.told('codeSeen')).toEqual([{ requestId: 'c2', code }]);
    expect(video.told).toEqual(['code editor 1000', 'code editor 2000']);
  });

  it('is missing for a reason', async () => {
    video.codeSeen = Promise.reject(new AppError('connection.lost'));
    read('c1', 1000);
    await frame();
    expect(page.told('codeSeen')).toMatchObject([{ requestId: 'c1', error: { action: 'retry' } }]);
  });
});

describe('what the page says', () => {
  const said: { readonly [Kind in keyof WebviewToHost]: WebviewToHost[Kind] } = {
    ready: {},
    player: { positionMs: mediaMs(3000), isPlaying: true },
    ask: { requestId: 'q', question: 'What?', scope: { kind: 'whole' } },
    stopAnswer: { requestId: 'q' },
    startWatching: {},
    stopWatching: {},
    pauseWatching: { isPaused: true },
    setChattiness: { chattiness: 'quieter' },
    tellMeWhen: {},
    forgetRequest: { request: 'when it builds' },
    snooze: { isOver: false },
    summarize: { fromMs: mediaMs(1000), toMs: mediaMs(2000) },
    code: { atMs: mediaMs(1500), action: 'copy' },
    readCode: { requestId: 'c', atMs: mediaMs(1500), region: 'editor' },
    search: { requestId: 's', query: 'add' },
    findInVideos: { query: 'add' },
    copyLink: { atMs: mediaMs(1500) },
    action: { action: 'showLog' },
    report: { kind: 'media', detail: 'cannot decode' },
  };

  it('is understood, each kind of it', async () => {
    for (const [kind, body] of Object.entries(said)) page.say(kind, body);
    await frame();
    expect(log).toEqual(['warn panel: cannot decode']);
    expect(video.player).toEqual(said.player);
    expect(video.told).toEqual([
      ...['start', 'stop', 'pause', 'forget when it builds'],
      ...['code editor 1500', 'search add'],
    ]);
    expect(ui.clipboard).toBe(
      'vscode://codealong.codealong/open?video=%2Fvideos%2Fpantry.mp4&t=1.5',
    );
    expect(editor.updates).toEqual([
      { name: 'codealong.guidance.chattiness', value: 'quieter', target: 1 },
    ]);
    expect(editor.commands).toEqual([
      { command: 'codealong.tellMeWhen', args: [video.path] },
      { command: 'codealong.snooze', args: [] },
      { command: 'codealong.summarizeClip', args: [{ path: video.path, ...said.summarize }] },
      { command: 'codealong.copyCode', args: [{ path: video.path, atMs: mediaMs(1500) }] },
      { command: 'codealong.findInVideos', args: [{ query: 'add' }] },
      { command: 'codealong.showLog', args: [] },
    ]);
  });

  it.each([
    ['doctor', 'codealong.doctor'],
    ['restartDaemon', 'codealong.restartDaemon'],
    ['openSettings', 'workbench.action.openSettings'],
  ] satisfies [PanelAction, string][])('asks for %s by its command', (action, command) => {
    page.say('action', { action });
    expect(editor.commands.map((call) => call.command)).toEqual([command]);
  });

  it('opens another player, or says that there is none', async () => {
    page.say('action', { action: 'openExternally' });
    await frame();
    expect(editor.messages).toEqual([]);
    uiEnv.openExternal = () => Promise.resolve(false);
    editor.press = 'Copy Path';
    page.say('action', { action: 'openExternally' });
    await frame();
    expect(editor.messages).toMatchObject([
      { text: 'No other player could be opened for /videos/pantry.mp4.' },
    ]);
    expect(ui.clipboard).toBe('/videos/pantry.mp4');
    uiEnv.openExternal = () => Promise.resolve(true);
  });

  it('is logged when it is unknown, and when a policy refused something', () => {
    page.say('nonsense');
    page.say('toString');
    page.say('player', null);
    page.say('ask', 'What?');
    page.say('report', { kind: 'policy', detail: 'img-src refused https://x.test' });
    expect(log).toEqual([
      'error panel: unknown message nonsense',
      'error panel: unknown message toString',
      'error panel: unknown message player',
      'error panel: unknown message ask',
      'error panel, policy: img-src refused https://x.test',
    ]);
  });
});
