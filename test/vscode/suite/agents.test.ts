/**
 * The chat participant and the tools in a real window. No language model is to be had here, so nothing chooses a tool by itself and
 * no chat box sends a request: tools are invoked as a model's host would, and the participant's handler gets requests made here.
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answerChat } from '../../../extension/chatParticipant.ts';
import { toolNames, type ToolName } from '../../../extension/agents.ts';
import { mediaMs, quotedNotice } from '../../../protocol/index.ts';
import type { WatchedVideo } from '../../../extension/watchedVideo.ts';
import {
  getParts,
  openSample,
  samplePath,
  ShownMessages,
  untilWatched,
  watchLimitMs,
} from './support.ts';

/** The editor's part for pictures; the oldest supported release has none. */
const hasPictures = 'LanguageModelDataPart' in vscode;

interface Result {
  readonly text: Readonly<Record<string, unknown>>;
  /** The other parts. */
  readonly others: readonly unknown[];
}

async function invoke(name: ToolName, input: object): Promise<Result> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(name, options);
  const [first, ...others] = content;
  assert.ok(first instanceof vscode.LanguageModelTextPart);
  return { text: JSON.parse(first.value) as Result['text'], others };
}

/** A chat request, and what the handler made of it. */
async function chat(prompt: string, command?: string) {
  const { sessions, requests, client } = await getParts();
  const said: string[] = [];
  const buttons: vscode.Command[] = [];
  const stream = {
    markdown: (value: string | vscode.MarkdownString) => {
      said.push(typeof value === 'string' ? value : value.value);
    },
    button: (button: vscode.Command) => {
      buttons.push(button);
    },
    reference: () => undefined,
    progress: () => undefined,
  } as unknown as vscode.ChatResponseStream;
  const request = { prompt, command, references: [] } as unknown as vscode.ChatRequest;
  const source = new vscode.CancellationTokenSource();
  const parts = { sessions, requests, client };
  const result = await answerChat(parts, request, { history: [] }, stream, source.token);
  return { said: said.join(''), buttons, result };
}

suite('agents', function () {
  this.timeout(watchLimitMs + 30_000);
  let shown: ShownMessages;
  let video: WatchedVideo;
  suiteSetup(async () => {
    shown = new ShownMessages();
    video = await openSample();
    video.start();
    await untilWatched(video);
  });
  suiteTeardown(async () => {
    (await getParts()).sessions.release(video);
    shown.dispose();
  });

  test('the editor lists the tools', () => {
    const known = vscode.lm.tools.map(({ name }) => name);
    assert.deepEqual(
      toolNames.filter((name) => !known.includes(name)),
      [],
    );
  });

  test('a model is told what happens in a video, as quoted data', async () => {
    const { text } = await invoke('codealong_steps', {});
    assert.equal(text['notice'], quotedNotice);
    assert.equal(text['video'], samplePath());
    assert.ok((text['steps'] as unknown[]).length > 2);
  });

  test('a model is told what is on screen, and shown it where the editor can', async () => {
    const { text, others } = await invoke('codealong_screen_at', { at: 20, picture: true });
    assert.ok((text['lines'] as unknown[]).length > 0, JSON.stringify(text));
    assert.equal(others.length, hasPictures ? 1 : 0);
    if (!hasPictures) assert.match(text['picture'] as string, /not available/);
    const [picture] = others as { readonly mimeType: string; readonly data: Uint8Array }[];
    if (!picture) return;
    assert.equal(picture.mimeType, 'image/jpeg');
    assert.deepEqual([...picture.data.slice(0, 3)], [0xff, 0xd8, 0xff]);
  });

  test('a model finds when something was on screen', async () => {
    const { text } = await invoke('codealong_search', { query: 'npm test' });
    const [hit] = text['hits'] as { text: string; from: { seconds: number } }[];
    assert.match(hit?.text ?? '', /npm/);
    assert.ok(hit!.from.seconds > 0);
  });

  test('a model gets an answer with its evidence, or none', async () => {
    const { text } = await invoke('codealong_ask', { question: 'Which command was run?' });
    assert.equal(text['isSupported'], (text['evidence'] as unknown[]).length > 0);
  });

  test('a model that names no video is told so in a sentence', async () => {
    await assert.rejects(invoke('codealong_steps', { video: '/etc/passwd' }), /is not a video/);
  });

  test('@codealong lists the steps with links that lead there', async () => {
    const { said, buttons } = await chat('', 'steps');
    const [, target] = /\(command:codealong\.seekTo\?([^)]+)\)/.exec(said) ?? [];
    assert.ok(target, said);
    const [moment] = JSON.parse(decodeURIComponent(target)) as [{ path: string; atMs: number }];
    assert.equal(moment.path, samplePath());
    const sought: number[] = [];
    const registration = video.onDidRequestSeek(({ atMs }) => sought.push(atMs));
    const { command, arguments: args = [] } = buttons[0]!;
    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    registration.dispose();
    assert.equal(sought.length, 1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('@codealong answers a question, and the panel has it too', async () => {
    const { said, result } = await chat('Which command was run?');
    assert.ok(said.length > 0);
    assert.equal(result.errorDetails, undefined);
    assert.equal(video.rows.at(-1)?.kind, 'answer');
  });

  test('@codealong sums the video up', async () => {
    const { said } = await chat('', 'summarize');
    assert.match(said, /^# Summary/);
  });

  test('the player is where a model looks when it names no time', async () => {
    video.player = { positionMs: mediaMs(20_000), isPlaying: false };
    const { text } = await invoke('codealong_screen_at', {});
    assert.deepEqual(text['at'], { seconds: 20, time: '0:20' });
  });
});
