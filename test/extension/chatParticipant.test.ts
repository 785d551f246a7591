import * as vscode from 'vscode';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { answerChat } from '../../extension/chatParticipant.ts';
import { VideoRequests } from '../../extension/videoRequests.ts';
import {
  ask,
  mediaMs,
  readTimeline,
  search,
  summarize,
  type AnswerRow,
  type SearchHit,
  type TimelineRow,
} from '../../protocol/index.ts';
import { rows } from '../helpers/fakeService.ts';
import { editor, Uri } from '../helpers/fakeVscode.ts';
import { answer, file, Scene } from '../helpers/videoScene.ts';

const citation = {
  ...{ rowId: 1, startMs: mediaMs(6000), endMs: mediaMs(9000) },
  text: '[evil](command:workbench.action.quit)\n# not a title',
};
const hit: SearchHit = {
  ...{ rowId: 1, kind: 'screenText', region: 'terminal', text: 'PORT=80', score: 1 },
  ...{ startMs: mediaMs(12_000), endMs: mediaMs(13_000), video: { videoId: 'v' } },
  parts: { words: 1, coverage: 1, literal: 1 },
};

let scene: Scene;
let answered: AnswerRow | Error;
let timeline: readonly TimelineRow[];
let hits: readonly SearchHit[];
let markdown: string;
let trusted: unknown[];
let others: unknown[];
let parts: Parameters<typeof answerChat>[0];

beforeEach(() => {
  editor.reset();
  answered = { ...answer, text: 'It is *add*.', citations: [citation] };
  timeline = rows;
  hits = [hit];
  [markdown, trusted, others] = ['', [], []];
  scene = new Scene({
    [ask.method]: () => {
      if (answered instanceof Error) throw answered;
      return answered;
    },
    [search.method]: () => ({ hits }),
    [readTimeline.method]: () => ({ rows: timeline }),
    [summarize.method]: () => ({
      ...{ kind: 'summary', id: 12, startMs: mediaMs(0), endMs: mediaMs(60_000), model: 'fake 1' },
      markdown: '# Summary\n\n- **0:06** They wrote add. ![x](https://evil.test/x.png)\n',
      citations: [citation],
    }),
  });
  const { client } = scene.harness;
  parts = { sessions: scene.sessions, client, requests: new VideoRequests(client, () => ({})) };
  scene.sessions.setActive(scene.video);
});

const stream = {
  markdown: (value: string | vscode.MarkdownString) => {
    markdown += typeof value === 'string' ? value : value.value;
    if (typeof value !== 'string') trusted.push(value.isTrusted);
  },
  button: (button: vscode.Command) => void others.push({ button }),
  reference: (uri: vscode.Uri) => void others.push({ reference: uri.fsPath }),
  progress: (text: string) => void others.push({ progress: text }),
} as unknown as vscode.ChatResponseStream;

async function say(
  prompt: string,
  command?: string,
  more: { references?: unknown[]; history?: unknown[] } = {},
): Promise<vscode.ChatResult> {
  const request = { prompt, command, references: more.references ?? [] };
  const context = { history: more.history ?? [] };
  return answerChat(
    ...([parts, request as unknown as vscode.ChatRequest] as const),
    context as unknown as vscode.ChatContext,
    ...([stream, new vscode.CancellationTokenSource().token] as const),
  );
}
const seek = (atMs: number): object => ({
  ...{ command: 'codealong.seekTo', title: expect.any(String) as string },
  arguments: [{ path: file, atMs }],
});

describe('a question', () => {
  it('is answered with the moments that the answer rests on', async () => {
    const result = await say('What is its name?');
    expect(scene.sent(ask.method)).toMatchObject([{ question: 'What is its name?' }]);
    expect(markdown).toContain('It is \\*add\\*.');
    expect(markdown).toMatch(/- \[0:06\]\(command:codealong\.seekTo\?%5B%7B/);
    expect(others).toEqual([
      { reference: file },
      { progress: 'Asking about pantry.mp4' },
      { button: seek(6000) },
    ]);
    expect(result.metadata).toMatchObject({ path: file, answerId: answer.id });
    // The panel shows it as well.
    expect(scene.video.rows.map(({ kind }) => kind)).toEqual(['query', 'answer']);
  });

  it('is answered in words that mean nothing to Markdown, which may only go to moments', async () => {
    await say('What?');
    expect(markdown).toContain('\\[evil\\]\\(command:workbench.action.quit\\) \\# not a title');
    expect(trusted).toContainEqual({ enabledCommands: ['codealong.seekTo'] });
    expect(trusted.filter((one) => one === true)).toEqual([]);
  });

  it('that has no answer gets search results, named as such', async () => {
    answered = { ...answer, text: 'Not seen in this video.', abstained: true };
    await say('Which port?');
    expect(markdown).toMatch(
      /^Not seen in this video\.\s+\*\*Search results for these words, not an answer:\*\*\s+- \[0:12\]\(.+\) PORT=80 \\\(terminal\\\)\n$/,
    );
  });

  it('gets search results in which only what a sentence quotes is code', async () => {
    answered = { ...answer, text: 'Not seen in this video.', abstained: true };
    const { region: _, ...said } = {
      ...hit,
      kind: 'guidance' as const,
      text: 'Set `PORT` to *80*.',
    };
    hits = [said, { ...hit, text: 'echo `date`' }];
    await say('Which port?');
    expect(markdown).toContain(') Set `PORT` to ' + String.raw`\*80\*. \(guidance\)`);
    expect(markdown).toContain(') echo \\`date\\` \\(terminal\\)');
  });

  it('follows up the one before, as long as the video is the same', async () => {
    const before = (path: string): unknown =>
      new (vscode.ChatResponseTurn as unknown as new (result: unknown) => unknown)({
        metadata: { command: 'ask', hasVideo: true, path, answerId: 41 },
      });
    await say('And then?', undefined, { history: [before(file)] });
    await say('And then?', undefined, { history: [before('/videos/other.mp4')] });
    expect(
      scene.sent(ask.method).map((params) => (params as { followUpOf?: number }).followUpOf),
    ).toEqual([...[41, undefined]]);
  });

  it('must have words', async () => {
    await say('  ', 'ask');
    expect(scene.sent(ask.method)).toEqual([]);
    expect(markdown).toBe('Write a question about pantry.mp4.');
  });

  it('that fails says why', async () => {
    answered = new AppError('engine.lost');
    const { errorDetails } = await say('What?');
    expect(errorDetails?.message).toMatch(/\. .+\.$/);
  });
});

describe('the video that is meant', () => {
  it('is the one that the question refers to', async () => {
    scene.sessions.open('/videos/b.mp4');
    await say('What?', undefined, { references: [{ value: Uri.file('/videos/b.mp4') }] });
    expect(scene.sent(ask.method)).toMatchObject([{ source: { path: '/videos/b.mp4' } }]);
  });

  it('is offered to be opened when there is none', async () => {
    scene.sessions.release(scene.video);
    scene.sessions.forgetRecent(file);
    await say('What?');
    expect(markdown).toBe('No video is open.');
    expect(others).toMatchObject([{ button: { command: 'codealong.openVideo' } }]);
  });
});

describe('/steps', () => {
  it('lists what was noticed, under its chapters', async () => {
    const chapter: TimelineRow = {
      ...{ kind: 'chapter', id: 9, startMs: mediaMs(7000), endMs: mediaMs(9000) },
      ...{ title: 'A function', origin: 'model', evidence: [], model: 'fake 1' },
    };
    timeline = [...rows, chapter];
    await say('', 'steps');
    expect(markdown).toMatch(
      /^\n\*\*0:07\*\* A function\n\n- \[0:07\]\(.+\) A function named add appears.\n$/,
    );
  });

  it('shows as code what is quoted, and nothing else', async () => {
    const text = 'Ran `a*b* <img>`: _all_ pass.';
    timeline = rows.map((row) => (row.kind === 'guidance' ? { ...row, text } : row));
    await say('', 'steps');
    expect(markdown).toContain(String.raw`) Ran ` + '`a*b* <img>`' + String.raw`: \_all\_ pass.`);
  });

  it('says that nothing was noticed', async () => {
    timeline = [];
    await say('', 'steps');
    expect(markdown).toBe('Nothing has been noticed in this video so far.');
  });
});

it('/summarize has times that lead into the video, and fetches no pictures', async () => {
  await say('', 'summarize');
  expect(markdown).toMatch(/- \[0:06\]\(command:codealong\.seekTo\?.+\) They wrote add\./);
  expect(markdown).not.toContain('![');
});
