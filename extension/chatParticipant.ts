/** `@codealong` in the editor's chat: answers, steps and summaries whose times lead into the video. */
import path from 'node:path';
import * as vscode from 'vscode';
import {
  formatMediaTime,
  linkMoments,
  partsOfText,
  toolLimits,
  type AnswerRow,
  type MediaMs,
  type SummaryRow,
  type TimelineRow,
  type WordsOfKind,
} from '../protocol/index.ts';
import { admit } from './admission.ts';
import { checkVideoPath, sentencesOf, usualVideo, type AgentParts } from './agentParts.ts';
import { placeOf } from './findInVideos.ts';
import { isCancelled } from './messages.ts';
import { isLiveName, isVideoFile } from './openVideo.ts';

const seekCommand = 'codealong.seekTo';
/** Search results that are shown where there is no answer. */
const maxHits = 5;

/** What is kept of a turn for the next one. */
interface TurnMetadata {
  readonly command: string;
  readonly hasVideo: boolean;
  readonly path?: string;
  /** Of the answer, so that the next question can follow it up. */
  readonly answerId?: number;
}

interface Turn extends AgentParts {
  readonly path: string;
  readonly request: vscode.ChatRequest;
  readonly context: vscode.ChatContext;
  readonly stream: vscode.ChatResponseStream;
  readonly token: vscode.CancellationToken;
}

/** Handles one request. Never fails but by cancellation: what went wrong is the result's error. */
export async function answerChat(
  parts: AgentParts,
  request: vscode.ChatRequest,
  context: vscode.ChatContext,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<vscode.ChatResult> {
  const command = request.command ?? 'ask';
  try {
    const file = await videoOf(parts, request);
    if (file === undefined) {
      stream.markdown(vscode.l10n.t('No video is open.'));
      stream.button({ command: 'codealong.openVideo', title: vscode.l10n.t('Open Video…') });
      return { metadata: { command, hasVideo: false } satisfies TurnMetadata };
    }
    if (!isLiveName(file)) stream.reference(vscode.Uri.file(file));
    const turn = { ...parts, path: file, request, context, stream, token };
    const known = { command, hasVideo: true, path: file };
    switch (command) {
      case 'steps':
        await listSteps(turn);
        return { metadata: known };
      case 'summarize':
        await summarize(turn);
        return { metadata: known };
      default:
        return { metadata: { ...known, ...(await ask(turn)) } };
    }
  } catch (error) {
    if (isCancelled(error)) throw error;
    return {
      errorDetails: { message: sentencesOf(error) },
      metadata: { command, hasVideo: false },
    };
  }
}

/** A video that the request refers to, else the one that is looked at. @returns undefined when there is none, or it is not wanted */
async function videoOf(
  parts: AgentParts,
  { references }: vscode.ChatRequest,
): Promise<string | undefined> {
  const named = references
    .map(({ value }) => (value instanceof vscode.Location ? value.uri : value))
    .find((value) => value instanceof vscode.Uri && isVideoFile(value.fsPath));
  if (!(named instanceof vscode.Uri)) return usualVideo(parts);
  const file = checkVideoPath(named.fsPath);
  return parts.sessions.isKnown(file) || (await admit(file)) ? file : undefined;
}

async function ask(turn: Turn): Promise<Pick<TurnMetadata, 'answerId'>> {
  const { request, stream, token, requests, sessions } = turn;
  const question = request.prompt.trim();
  if (question === '') {
    stream.markdown(vscode.l10n.t('Write a question about {0}.', turn.sessions.nameOf(turn.path)));
    return {};
  }
  stream.progress(vscode.l10n.t('Asking about {0}', turn.sessions.nameOf(turn.path)));
  const followUpOf = answerBefore(turn);
  const events = {
    onText: () => undefined,
    onProgress: ({ message }: { readonly message?: string }) => {
      if (message !== undefined) stream.progress(message);
    },
  };
  const thread = followUpOf === undefined ? {} : { followUpOf };
  // A panel that shows this video shows the question too.
  const open = sessions.find(turn.path);
  const answer = open
    ? await open.ask({ question, scope: { kind: 'whole' }, ...thread }, events, token)
    : await requests.ask(turn.path, { question, ...thread }, { events, token });
  stream.markdown(text(answer.text));
  if (answer.abstained) await showSearchResults(turn, question);
  else showCitations(turn, answer);
  return { answerId: answer.id };
}

/** The answer that the question follows up: the last one of this chat about this video. */
function answerBefore({ context, path: file }: Turn): number | undefined {
  const last = context.history.findLast((turn) => turn instanceof vscode.ChatResponseTurn);
  const metadata = last?.result.metadata as TurnMetadata | undefined;
  return metadata?.path === file ? metadata.answerId : undefined;
}

function showCitations({ stream, path: file }: Turn, { citations }: AnswerRow): void {
  const seen = linked();
  seen.appendMarkdown('\n\n');
  for (const { startMs, text: words } of citations) {
    seen.appendMarkdown(`- ${momentLink(file, startMs)} `);
    seen.appendText(oneLine(words)).appendMarkdown('\n');
  }
  stream.markdown(seen);
  const [best] = citations;
  if (best) stream.button(playButton(file, best.startMs));
}

/** Raw rows, said to be such. */
async function showSearchResults(turn: Turn, query: string): Promise<void> {
  const { requests, stream, token, path: file } = turn;
  const hits = await requests.search(file, { query, limit: maxHits }, { token });
  if (hits.length === 0) return;
  const found = linked();
  found.appendMarkdown(
    `\n\n**${vscode.l10n.t('Search results for these words, not an answer:')}**\n\n`,
  );
  for (const hit of hits) {
    found.appendMarkdown(`- ${momentLink(file, hit.startMs)} `);
    appendWords(found, hit)
      .appendText(` (${placeOf(hit)})`)
      .appendMarkdown('\n');
  }
  stream.markdown(found);
}

async function listSteps({ requests, stream, token, path: file }: Turn): Promise<void> {
  const kinds = ['guidance', 'chapter'] as const;
  const rows = await requests.timeline(file, { kinds }, { token });
  const steps = rows.filter(({ kind }) => kind === 'guidance').slice(0, toolLimits.rows);
  if (steps.length === 0) {
    stream.markdown(vscode.l10n.t('Nothing has been noticed in this video so far.'));
    return;
  }
  const chapters = rows.filter(({ kind }) => kind === 'chapter');
  const list = linked();
  for (const row of [...chapters, ...steps].sort((a, b) => startOf(a) - startOf(b))) {
    if (row.kind === 'chapter') {
      list.appendMarkdown(`\n**${formatMediaTime(row.startMs)}** `);
      list.appendText(oneLine(row.title)).appendMarkdown('\n\n');
    } else if (row.kind === 'guidance') {
      list.appendMarkdown(`- ${momentLink(file, row.atMs)} `);
      appendWords(list, row).appendMarkdown('\n');
    }
  }
  stream.markdown(list);
  stream.button(playButton(file, startOf(steps[0]!)));
}

/** Only what a sentence quotes is code; nothing else in it is markup. */
function appendWords(
  list: vscode.MarkdownString,
  { kind, text: all }: WordsOfKind,
): vscode.MarkdownString {
  for (const { text: words, isQuoted } of partsOfText({ kind, text: oneLine(all) })) {
    if (isQuoted) list.appendMarkdown(`\`${words}\``);
    else list.appendText(words);
  }
  return list;
}

/** A chapter stands before what happens at its start. */
const startOf = (row: TimelineRow): MediaMs => (row.kind === 'guidance' ? row.atMs : row.startMs);

async function summarize({ requests, stream, token, path: file }: Turn): Promise<void> {
  const title = vscode.l10n.t('Summarizing {0}', path.basename(file));
  stream.progress(title);
  const onProgress = ({ message }: { readonly message?: string }): void => {
    if (message !== undefined) stream.progress(message);
  };
  const row = await requests.summarize(file, {}, { token, onProgress });
  stream.markdown(linked().appendMarkdown(summaryWithLinks(row, file)));
}

/** What was read from a screen may look like a picture from somewhere: none is fetched. */
function summaryWithLinks(row: SummaryRow, file: string): string {
  return linkMoments(row, ({ startMs }) => momentLink(file, startMs)).replaceAll('![', '!\\[');
}

const playButton = (file: string, atMs: MediaMs): vscode.Command => ({
  command: seekCommand,
  title: vscode.l10n.t('Play at {0}', formatMediaTime(atMs)),
  arguments: [{ path: file, atMs }],
});

const momentLink = (file: string, atMs: MediaMs): string => {
  const target = encodeURIComponent(JSON.stringify([{ path: file, atMs }]));
  const safe = target.replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${formatMediaTime(atMs)}](command:${seekCommand}?${safe})`;
};

/** Markdown that may run one command: the one that shows a moment. */
function linked(): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.isTrusted = { enabledCommands: [seekCommand] };
  return markdown;
}

/** Words of a model or of a screen: nothing in them is markup. */
const text = (words: string): vscode.MarkdownString =>
  new vscode.MarkdownString().appendText(words);

const oneLine = (words: string): string => words.replace(/\s+/g, ' ').trim();
