/** The tools for language models: thin faces of the daemon's requests, in the words that an MCP client gets too. */
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import {
  answerResult,
  codeResult,
  formatMediaTime,
  mediaMs,
  screenRegions,
  screenResult,
  searchResult,
  stepsResult,
  summaryResult,
  toolLimits,
  type MediaMs,
  type PixelRectangle,
  type ScreenLineAt,
  type ScreenRegion,
} from '../protocol/index.ts';
import {
  checkVideoPath,
  isWanted,
  sentencesOf,
  usualVideo,
  type AgentParts,
} from './agentParts.ts';
import type { ToolName } from './agents.ts';
import { fetchFrame } from './frames.ts';
import { isCancelled } from './messages.ts';

/** What models hand over; the editor has checked it against the schema of package.json, if anybody asked it to. */
interface ToolInput {
  /** Absolute path. */
  readonly video?: string;
  /** Seconds from the start. */
  readonly at?: number;
  readonly from?: number;
  readonly to?: number;
  readonly query?: string;
  readonly question?: string;
  readonly region?: ScreenRegion;
  readonly picture?: boolean;
  readonly box?: PixelRectangle;
  readonly everywhere?: boolean;
}

/** What a tool says, and the moment of which it shows a picture when it was asked to. */
interface Outcome {
  readonly result: object;
  readonly shows?: { readonly atMs: MediaMs; readonly box?: PixelRectangle };
}

interface Call extends AgentParts {
  readonly input: ToolInput;
  readonly token: vscode.CancellationToken;
  /** Of the video that is meant. */
  readonly file: string;
  /** The moment that is meant. */
  readonly atMs: MediaMs;
}

const tools: Readonly<Record<ToolName, (call: Call) => Promise<Outcome>>> = {
  codealong_screen_at: async ({ requests, file, atMs, input: { region, box }, token }) => {
    const asked = { atMs, ...(region === undefined ? {} : { region }) };
    const lines = await requests.screen(file, asked, { token });
    const part = box ?? (region === undefined ? undefined : around(lines));
    return { result: screenResult(atMs, lines), shows: { atMs, ...(part && { box: part }) } };
  },
  codealong_search: async ({ requests, file, input: { query = '', everywhere }, token }) => {
    const asked = { query, limit: toolLimits.hits };
    const hits = await requests.search(everywhere ? undefined : file, asked, { token });
    return { result: searchResult(query, hits) };
  },
  codealong_ask: async ({ requests, file, input, atMs, token }) => {
    const { question = '', at, from, to } = input;
    const asked = {
      ...{ question, ...stretchOf({ from, to }) },
      ...(at === undefined ? {} : { atMs }),
    };
    const answer = await requests.ask(file, asked, { token });
    const best = answer.citations[0];
    return { result: answerResult(answer), ...(best && { shows: { atMs: best.startMs } }) };
  },
  codealong_code_at: async ({ requests, file, atMs, input: { region }, token }) => {
    const asked = region === 'terminal' ? { atMs, region: 'terminal' as const } : { atMs };
    const code = await requests.code(file, asked, { token });
    return { result: codeResult(code), shows: { atMs } };
  },
  codealong_steps: async ({ requests, file, input, token }) => {
    const asked = { kinds: ['guidance', 'chapter'] as const, ...stretchOf(input) };
    return { result: stepsResult(await requests.timeline(file, asked, { token })) };
  },
  codealong_summarize: async ({ requests, file, input, token }) => ({
    result: summaryResult(await requests.summarize(file, stretchOf(input), { token })),
  }),
};

/** Runs a tool. @throws Error with a sentence for the model; vscode.CancellationError */
export async function runTool(
  parts: AgentParts,
  name: ToolName,
  value: object,
  token: vscode.CancellationToken,
): Promise<vscode.LanguageModelToolResult> {
  try {
    const input = readInput(value);
    const { file, atMs } = momentOf(parts, input);
    const { result, shows } = await tools[name]({ ...parts, input, token, file, atMs });
    const wants = input.picture === true && shows !== undefined;
    const picture = wants ? await pictureOf(parts, { path: file, ...shows }, token) : undefined;
    const said = picture === 'impossible' ? { ...result, picture: noPictures } : result;
    const text = new vscode.LanguageModelTextPart(JSON.stringify({ video: file, ...said }));
    const shown = picture === undefined || picture === 'impossible' ? [] : [picture];
    return new vscode.LanguageModelToolResult([text, ...(shown as vscode.LanguageModelTextPart[])]);
  } catch (error) {
    if (isCancelled(error)) throw new vscode.CancellationError();
    throw new Error(sentencesOf(error), { cause: error });
  }
}

/** What people read while it runs, and are asked before a model looks at what they have not shown it. Has no effect. */
export async function prepareTool(
  parts: AgentParts,
  name: ToolName,
  value: object,
): Promise<vscode.PreparedToolInvocation> {
  const { t } = vscode.l10n;
  const input = readInput(value);
  if (name === 'codealong_search' && input.everywhere) {
    const message = t(
      'The model gets lines of every video that was watched on this machine, as far as they have the words “{0}”.',
      input.query ?? '',
    );
    return {
      invocationMessage: t('Searching all videos'),
      confirmationMessages: { title: t('Search All Videos?'), message: plain(message) },
    };
  }
  const { file, atMs } = momentOf(parts, input);
  const prepared = { invocationMessage: doing(name, path.basename(file), formatMediaTime(atMs)) };
  if (await isWanted(parts, file)) return prepared;
  const message = t('It is not in this workspace: {0}', file);
  return {
    ...prepared,
    confirmationMessages: { title: t('Let the Model Watch a Video?'), message: plain(message) },
  };
}

function doing(name: ToolName, video: string, time: string): string {
  const { t } = vscode.l10n;
  switch (name) {
    case 'codealong_screen_at':
      return t('Looking at {0}, {1}', video, time);
    case 'codealong_search':
      return t('Searching {0}', video);
    case 'codealong_ask':
      return t('Asking about {0}', video);
    case 'codealong_code_at':
      return t('Reading the code of {0}, {1}', video, time);
    case 'codealong_steps':
      return t('Listing the steps of {0}', video);
    case 'codealong_summarize':
      return t('Summarizing {0}', video);
  }
}

/** Words that mean nothing to Markdown. */
const plain = (text: string): vscode.MarkdownString => new vscode.MarkdownString().appendText(text);

/** @throws AppError "request.invalid" for what no schema lets through */
function readInput(value: object): ToolInput {
  const input = value as Readonly<Record<keyof ToolInput, unknown>>;
  const isTime = (time: unknown): boolean =>
    time === undefined || (typeof time === 'number' && Number.isFinite(time) && time >= 0);
  const isText = (text: unknown): boolean => text === undefined || typeof text === 'string';
  const isBox = (box: unknown): boolean =>
    box === undefined || (Array.isArray(box) && box.length === 4 && box.every(Number.isFinite));
  const isRegion = (region: unknown): boolean =>
    region === undefined || screenRegions.some((one) => one === region);
  const isGood =
    [input.at, input.from, input.to].every(isTime) &&
    [input.video, input.query, input.question].every(isText) &&
    isBox(input.box) &&
    isRegion(input.region);
  if (!isGood) throw new AppError('request.invalid');
  return input as ToolInput;
}

/** Without a path the video that is looked at is meant, without a time where its player is. */
function momentOf(parts: AgentParts, { video, at }: ToolInput): { file: string; atMs: MediaMs } {
  const named = video === undefined ? usualVideo(parts) : checkVideoPath(video);
  if (named === undefined) {
    throw new AppError('request.invalid', vscode.l10n.t('No video is open.'));
  }
  const { sessions } = parts;
  const player = sessions.find(named)?.lastPositionMs ?? mediaMs(0);
  return { file: named, atMs: at === undefined ? player : mediaMs(at * 1000) };
}

function stretchOf({ from, to }: { from?: number | undefined; to?: number | undefined }) {
  return {
    ...(from === undefined ? {} : { fromMs: mediaMs(from * 1000) }),
    ...(to === undefined ? {} : { toMs: mediaMs(to * 1000) }),
  };
}

/** Room around what is cut out, px. */
const marginPx = 8;

/** The part of the picture that all of the lines stand in. */
function around(lines: readonly ScreenLineAt[]): PixelRectangle | undefined {
  if (lines.length === 0) return undefined;
  const left = Math.min(...lines.map(({ box }) => box[0]));
  const top = Math.min(...lines.map(({ box }) => box[1]));
  const right = Math.max(...lines.map(({ box }) => box[0] + box[2]));
  const bottom = Math.max(...lines.map(({ box }) => box[1] + box[3]));
  const [x, y] = [Math.max(0, left - marginPx), Math.max(0, top - marginPx)];
  return [x, y, right + marginPx - x, bottom + marginPx - y].map(
    Math.round,
  ) as unknown as PixelRectangle;
}

/** The editor's part for pictures, which those before 1.103 lack. */
interface DataParts {
  readonly LanguageModelDataPart?: { image(data: Uint8Array, mime: string): unknown };
}

const noPictures = 'not available: this version of the editor hands no pictures to models';

async function pictureOf(
  parts: AgentParts,
  asked: Parameters<typeof fetchFrame>[1],
  token: vscode.CancellationToken,
): Promise<unknown> {
  const { LanguageModelDataPart } = vscode as DataParts;
  if (!LanguageModelDataPart) return 'impossible';
  const bytes = await fetchFrame(parts, asked, token);
  return bytes && LanguageModelDataPart.image(bytes, 'image/jpeg');
}
