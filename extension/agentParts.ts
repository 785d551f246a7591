/** What the chat participant and the tools need of the extension. */
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { isInWorkspace } from './admission.ts';
import { toShownError } from './messages.ts';
import { isLiveName, isVideoFile } from './openVideo.ts';
import type { Sessions } from './sessions.ts';
import type { VideoClient } from './videoSession.ts';
import type { VideoRequests } from './videoRequests.ts';

export interface AgentParts {
  readonly sessions: Sessions;
  readonly requests: VideoRequests;
  readonly client: Pick<VideoClient, 'request'>;
}

/** The video that is meant when none is named: the one that is looked at, else the one that was opened last. */
export function usualVideo({ sessions }: Pick<AgentParts, 'sessions'>): string | undefined {
  return sessions.active?.path ?? sessions.recent[0]?.path;
}

/** Whether people have shown that they want this file to be watched: they opened it, or it lies in their workspace. */
export async function isWanted(
  { sessions }: Pick<AgentParts, 'sessions'>,
  file: string,
): Promise<boolean> {
  if (sessions.isKnown(file)) return true;
  // Merely looking at a path on another machine tells that machine who looks.
  return !/^[\\/]{2}/.test(file) && isInWorkspace(file);
}

/** @throws AppError "request.invalid" for a path that is none of a video */
export function checkVideoPath(file: string): string {
  if (isLiveName(file)) return file;
  const isVideo = path.isAbsolute(file) && !file.includes('\0') && isVideoFile(file);
  if (isVideo) return path.normalize(file);
  throw new AppError('request.invalid', vscode.l10n.t('{0} is not a video.', file));
}

/** A failure as one text: what went wrong, and what helps. */
export function sentencesOf(error: unknown): string {
  const { message, remedy } = toShownError(error);
  return `${message} ${remedy}`;
}
