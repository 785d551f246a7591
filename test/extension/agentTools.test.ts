import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { prepareTool, runTool } from '../../extension/agentTools.ts';
import type { ToolName } from '../../extension/agents.ts';
import { VideoRequests } from '../../extension/videoRequests.ts';
import {
  ask,
  closeMedia,
  mediaMs,
  openMedia,
  quotedNotice,
  readCode,
  readScreen,
  readTimeline,
  search,
  summarize,
} from '../../protocol/index.ts';
import { FakeDataPart } from '../helpers/fakeVscodeAgents.ts';
import { rows } from '../helpers/fakeService.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { answer, file, media, Scene } from '../helpers/videoScene.ts';

const line = (text: string, box: readonly [number, number, number, number]) => ({
  ...{ rowId: 1, text, box, confidence: 0.987, region: 'terminal', indentColumns: 0 },
  ...{ startMs: mediaMs(3000), endMs: mediaMs(8000) },
  provenance: { sightings: 3, readings: 1 },
});
const cited = { rowId: 1, startMs: mediaMs(6000), endMs: mediaMs(9000), text: 'add' };

let scene: Scene;
let fetched: string[];
let token: vscode.CancellationToken;
let parts: Parameters<typeof runTool>[0];
/** Another answer than the usual one. */
let failure: Error | undefined;

beforeEach(() => {
  editor.reset();
  failure = undefined;
  const answers = {
    [readScreen.method]: () => ({
      atMs: mediaMs(4000),
      lines: [line('$ npm test', [100, 200, 300, 20]), line('ok', [100, 225, 40, 20])],
    }),
    [readCode.method]: () => {
      if (failure) throw failure;
      return {
        atMs: mediaMs(4000),
        region: 'editor',
        text: 'a\n',
        lines: [{ text: 'a', confidence: 0.5 }],
      };
    },
    [search.method]: () => ({ hits: [] }),
    [ask.method]: () => ({ ...answer, citations: [cited] }),
    [readTimeline.method]: () => ({ rows }),
    [summarize.method]: () => ({ ...cited, markdown: '# S', citations: [], model: 'fake 1' }),
  };
  scene = new Scene(answers);
  const { client } = scene.harness;
  parts = { sessions: scene.sessions, client, requests: new VideoRequests(client, () => ({})) };
  scene.sessions.setActive(scene.video);
  scene.video.player = { positionMs: mediaMs(4000), isPlaying: false };
  token = new vscode.CancellationTokenSource().token;
  fetched = [];
  vi.stubGlobal('fetch', (address: string) => {
    fetched.push(address);
    return Promise.resolve(new Response(new Uint8Array([1, 2, 3])));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the model is told. */
async function run(name: ToolName, input: object): Promise<Record<string, unknown>> {
  const { content } = await runTool(parts, name, input, token);
  return JSON.parse((content[0] as vscode.LanguageModelTextPart).value) as Record<string, unknown>;
}
const pictures = async (name: ToolName, input: object): Promise<readonly unknown[]> =>
  (await runTool(parts, name, input, token)).content.slice(1);

describe('a tool', () => {
  it.each([
    ['codealong_screen_at', {}, readScreen, { atMs: 4000 }],
    [
      'codealong_screen_at',
      { at: 7.5, region: 'terminal' },
      readScreen,
      { atMs: 7500, region: 'terminal' },
    ],
    ['codealong_search', { query: 'npm' }, search, { query: 'npm', limit: 20 }],
    [
      'codealong_ask',
      { question: 'What?', from: 1, to: 2 },
      ask,
      { question: 'What?', fromMs: 1000, toMs: 2000 },
    ],
    ['codealong_ask', { question: 'What?', at: 3 }, ask, { question: 'What?', atMs: 3000 }],
    ['codealong_code_at', { region: 'terminal' }, readCode, { atMs: 4000, region: 'terminal' }],
    ['codealong_steps', {}, readTimeline, { kinds: ['guidance', 'chapter'] }],
    ['codealong_summarize', { from: 5 }, summarize, { fromMs: 5000 }],
  ] as const)('%s %j is one request', async (name, input, { method }, params) => {
    const result = await run(name, input);
    expect(scene.sent(method)).toMatchObject([{ source: { kind: 'file', path: file }, ...params }]);
    // What a screen says must not be taken for what the user says.
    expect(result).toMatchObject({ video: file, notice: quotedNotice });
  });

  it('searches every video only when it was asked to', async () => {
    await run('codealong_search', { query: 'npm', everywhere: true });
    expect(scene.sent(search.method)).toEqual([{ query: 'npm', limit: 20, options: {} }]);
  });

  it('tells a failure in sentences', async () => {
    failure = new AppError('engine.lost');
    await expect(run('codealong_code_at', {})).rejects.toThrow(/\. .+\.$/);
  });

  it.each([
    [{ video: '/etc/passwd' }],
    [{ video: 'pantry.mp4' }],
    [{ at: -1 }],
    [{ at: '4' }],
    [{ box: [1, 2, 3] }],
    [{ region: 'everything' }],
  ])('refuses %j', async (input) => {
    await expect(run('codealong_screen_at', input)).rejects.toThrow();
    expect(scene.harness.links).toEqual([]);
  });

  it('has no video to look at when none was ever opened', async () => {
    scene.sessions.release(scene.video);
    scene.sessions.forgetRecent(file);
    await expect(run('codealong_steps', {})).rejects.toThrow('No video is open.');
  });
});

describe('a picture', () => {
  it('is given when it was asked for, cut to what was asked about', async () => {
    const [picture] = await pictures('codealong_screen_at', { region: 'terminal', picture: true });
    expect(picture).toEqual(new FakeDataPart(new Uint8Array([1, 2, 3]), 'image/jpeg'));
    expect(fetched).toEqual([`${media.frameUrl}/4000.jpg?width=1280&crop=92,192,316,61`]);
    await pictures('codealong_screen_at', { box: [1, 2, 30, 40], picture: true });
    expect(fetched.at(-1)).toContain('crop=1,2,30,40');
    expect(await pictures('codealong_screen_at', {})).toEqual([]);
  });

  it('of an answer shows the moment that it rests on most', async () => {
    await pictures('codealong_ask', { question: 'What?', picture: true });
    expect(fetched).toEqual([`${media.frameUrl}/6000.jpg?width=1280`]);
  });

  it('opens a video that no panel shows, and lets it go again', async () => {
    scene.sessions.release(scene.video);
    await pictures('codealong_code_at', { video: file, picture: true });
    const { methods } = scene.harness.link;
    expect(
      methods.filter((name) => name === openMedia.method || name === closeMedia.method),
    ).toEqual([...[openMedia.method, closeMedia.method]]);
  });

  it('of a video that a panel shows is taken from where that is open', async () => {
    await scene.started();
    await pictures('codealong_code_at', { picture: true });
    expect(scene.sent(openMedia.method)).toHaveLength(1);
    expect(scene.sent(closeMedia.method)).toEqual([]);
  });
});

describe('before a tool runs', () => {
  const prepare = (name: ToolName, input: object): Promise<vscode.PreparedToolInvocation> =>
    prepareTool(parts, name, input);

  it('people read what it does, and nothing happens', async () => {
    expect(await prepare('codealong_code_at', { at: 40 })).toEqual({
      invocationMessage: 'Reading the code of pantry.mp4, 0:40',
    });
    expect(scene.harness.told).toEqual([]);
  });

  it('they are asked about a video that they have not shown anybody', async () => {
    ui.folders.push('/project');
    const { confirmationMessages } = await prepare('codealong_ask', { video: '/private/a.mp4' });
    expect(confirmationMessages?.title).toBe('Let the Model Watch a Video?');
    expect((confirmationMessages?.message as vscode.MarkdownString).value).toContain(
      '/private/a.mp4',
    );
  });

  it('they are asked before all their videos are searched', async () => {
    const asked = await prepare('codealong_search', { query: 'token', everywhere: true });
    expect(asked.confirmationMessages?.title).toBe('Search All Videos?');
    expect(await prepare('codealong_search', { query: 'token' })).not.toHaveProperty(
      'confirmationMessages',
    );
  });
});
