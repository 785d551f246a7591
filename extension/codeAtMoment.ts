/** The code on screen at a moment, as the commands about it need it: which moment, the waiting, and what to say of the result. */
import path from 'node:path';
import * as vscode from 'vscode';
import { formatMediaTime, type CodeAtMoment, type MediaMs } from '../protocol/index.ts';
import type { CodeVersion, Moment } from './codeDocuments.ts';
import { waitVisibly } from './waiting.ts';
import type { VideoRequests } from './videoRequests.ts';
import type { Videos } from './videos.ts';

/** What a panel says with the commands; without it they are about the video that is looked at. */
export interface CodeRequest {
  readonly path: string;
  /** Where the player is when absent. */
  readonly atMs?: MediaMs;
}

export interface CodeParts {
  readonly videos: Videos;
  readonly requests: Pick<VideoRequests, 'code'>;
}

/** Code that was read, and where. */
export interface SeenCode extends Moment {
  readonly code: CodeAtMoment;
}

/**
 * Reads the code of a moment; where there was none it says so, and offers the terminal's text.
 * @returns undefined when there is nothing to go on with: no video, no code, or nobody waits any more
 * @throws AppError
 */
export async function readCodeAt(
  parts: CodeParts,
  request?: CodeRequest,
): Promise<SeenCode | undefined> {
  const moment = await momentOf(parts.videos, request);
  if (!moment) return undefined;
  const code = await readRegion(parts.requests, moment, 'editor');
  if (!code || code.lines.length > 0) return code && { ...moment, code };
  const terminal = vscode.l10n.t('Use the Terminal');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('No code is on screen at {0}.', formatMediaTime(moment.atMs)),
    terminal,
  );
  if (chosen !== terminal) return undefined;
  const output = await readRegion(parts.requests, moment, 'terminal');
  if (!output || output.lines.length > 0) return output && { ...moment, code: output };
  await vscode.window.showInformationMessage(
    vscode.l10n.t('No terminal is on screen at {0} either.', formatMediaTime(moment.atMs)),
  );
  return undefined;
}

async function momentOf(
  videos: Videos,
  request: CodeRequest | undefined,
): Promise<Moment | undefined> {
  if (request?.atMs !== undefined) return { path: request.path, atMs: request.atMs };
  const panel = request ? await videos.show(request.path) : await videos.current();
  return panel && { path: panel.video.path, atMs: panel.video.player.positionMs };
}

function readRegion(
  requests: CodeParts['requests'],
  { path: file, atMs }: Moment,
  region: CodeAtMoment['region'],
): Promise<CodeAtMoment | undefined> {
  const title = vscode.l10n.t('Reading the Code at {0}', formatMediaTime(atMs));
  return waitVisibly(title, (token) => requests.code(file, { atMs, region }, { token }));
}

/** Where it comes from, in words: `pantry.mp4, 0:40`. */
export function originOf({ path: file, atMs }: Moment): string {
  return `${path.basename(file)}, ${formatMediaTime(atMs)}`;
}

/** A file's name for it, from which the editor tells its language. */
export function fileNameOf({ code }: Pick<SeenCode, 'code'>): string {
  return code.fileName ?? (code.region === 'terminal' ? 'terminal.txt' : 'code.txt');
}

/** What must not be relied on, as sentences; empty when there is nothing to say. */
export function doubtsAbout(
  { code }: Pick<SeenCode, 'code'>,
  { uncertain }: Pick<CodeVersion, 'uncertain'>,
): readonly string[] {
  const count = uncertain.length;
  return [
    ...(count === 1 ? [vscode.l10n.t('1 line is uncertain.')] : []),
    ...(count > 1 ? [vscode.l10n.t('{0} lines are uncertain.', count)] : []),
    ...(code.parses === false && code.languageId !== undefined
      ? [vscode.l10n.t('It does not parse as {0}.', code.languageId)]
      : []),
  ];
}
