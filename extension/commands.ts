/** What the commands of videos do: one table, from the id to its handler. */
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { mediaMs, parseMoment, type MediaMs } from '../protocol/index.ts';
import { admit } from './admission.ts';
import { askAboutVideo } from './asking.ts';
import type { ModelParts } from './chooseModel.ts';
import type { CodeRequest } from './codeAtMoment.ts';
import type { CodeDocuments } from './codeDocuments.ts';
import { registerContextKeys } from './contextKeys.ts';
import type { FindRequest } from './findInVideos.ts';
import { watchedLive } from './liveSessions.ts';
import { isCancelled, showError } from './messages.ts';
import { isLiveName, isVideoName, localPath } from './openVideo.ts';
import { copyLink, watchAgain } from './panelActions.ts';
import { revealVideo } from './recentVideos.ts';
import type { Sessions } from './sessions.ts';
import { summarizeClip, type ClipRequest } from './summaries.ts';
import type { RecentVideo } from './videoMemory.ts';
import type { VideoRequests } from './videoRequests.ts';
import type { Videos } from './videos.ts';
import type { LiveParts } from './watchLive.ts';

export interface CommandParts extends Pick<LiveParts, 'live' | 'sessionOptions'>, ModelParts {
  readonly sessions: Sessions;
  readonly videos: Videos;
  readonly requests: VideoRequests;
  readonly documents: CodeDocuments;
  readonly log: Pick<vscode.LogOutputChannel, 'error'>;
}

/** Anybody may run a command with anything. */
type Handler = (argument: unknown) => Promise<void>;

/** Registers the commands, and the context keys that their menus ask for. */
export function registerCommands(context: vscode.ExtensionContext, parts: CommandParts): void {
  const { log } = parts;
  const guarded = (run: Handler) => async (argument: unknown) => {
    try {
      await run(argument);
    } catch (error) {
      if (!isCancelled(error)) log.error(error instanceof Error ? error : String(error));
      await showError(error);
    }
  };
  context.subscriptions.push(
    ...Object.entries(createHandlers(parts)).map(([id, run]) =>
      vscode.commands.registerCommand(id, guarded(run)),
    ),
    registerContextKeys(parts.sessions),
  );
}

function createHandlers(parts: CommandParts): Readonly<Record<string, Handler>> {
  const { sessions, videos } = parts;
  const open: Handler = async (uri) => {
    if (uri instanceof vscode.Uri) await videos.show(localPath(uri));
    else await videos.choose();
  };
  return {
    'codealong.openVideo': open,
    'codealong.openResource': open,
    'codealong.ask': () => askAboutVideo(videos),
    'codealong.focusAsk': async () => {
      const { active } = sessions;
      if (active) (await videos.show(active.path)).focusAsk();
    },
    'codealong.summarizeClip': (request) =>
      summarizeClip(videos, isClipRequest(request) ? request : undefined),
    'codealong.seekTo': (target) =>
      target === undefined ? askForMoment(sessions) : seekTo(target, { sessions, videos }),
    'codealong.copyLink': async () => {
      const { active } = sessions;
      if (active) await copyLink(active.path, active.player.positionMs);
    },
    // What is about code is read when it is first used.
    'codealong.copyCode': async (request) => {
      await (await import('./onDemand.ts')).copyCode(parts, codeRequestOf(request));
    },
    'codealong.insertCode': async (request) => {
      await (await import('./onDemand.ts')).insertCode(parts, codeRequestOf(request));
    },
    'codealong.compareCode': async (request) => {
      await (await import('./onDemand.ts')).compareCode(parts, codeRequestOf(request));
    },
    'codealong.applyCode': async (uri) => {
      if (!(uri instanceof vscode.Uri)) throw new AppError('request.invalid');
      await (await import('./onDemand.ts')).applyCode(parts, uri);
    },
    'codealong.findInVideos': async (request) => {
      const { findInVideos } = await import('./onDemand.ts');
      await findInVideos(parts, isFindRequest(request) ? request : {});
    },
    'codealong.watchScreen': async () => {
      await (await import('./onDemand.ts')).watchScreen(parts);
    },
    'codealong.excludeFromScreen': async () => {
      await (await import('./onDemand.ts')).chooseExcluded(parts);
    },
    'codealong.watchLivestream': async () => {
      await (await import('./onDemand.ts')).watchLivestream(parts);
    },
    'codealong.openKept': async () => {
      await (await import('./onDemand.ts')).openKept(parts);
    },
    'codealong.deleteKept': async () => {
      await (await import('./onDemand.ts')).deleteKeptSession(parts);
    },
    'codealong.chooseModel': async () => {
      await (await import('./onDemand.ts')).chooseModel(parts);
    },
    'codealong.setModelKey': () => parts.servers.setKey(),
    'codealong.removeModel': async () => {
      await (await import('./onDemand.ts')).removeInstalledModel(parts);
    },
    'codealong.watchAgain': async (id) => {
      const wanted = typeof id === 'string' ? id : sessions.active?.path;
      if (wanted === undefined || !isLiveName(wanted)) throw new AppError('request.invalid');
      await (await import('./onDemand.ts')).watchAgain(parts, wanted);
    },
    'codealong.pauseLive': () => setPaused(sessions, true),
    'codealong.resumeLive': () => setPaused(sessions, false),
    'codealong.stopLive': async () => {
      await Promise.all(watchedLive(sessions).map((video) => video.stop()));
    },
    'codealong.startWatching': () => {
      if (sessions.active) watchAgain(sessions.active);
      return Promise.resolve();
    },
    'codealong.stopWatching': async () => {
      await sessions.active?.stop();
    },
    'codealong.removeRecent': (video) => {
      if (isRecent(video)) sessions.forgetRecent(video.path);
      return Promise.resolve();
    },
    'codealong.revealRecent': async (video) => {
      if (isRecent(video)) await revealVideo(video);
    },
    'codealong.clearRecent': () => {
      for (const video of sessions.recent) sessions.forgetRecent(video.path);
      return Promise.resolve();
    },
  };
}

/** All of them: whoever presses a key in a hurry wants nothing to be seen, or everything to go on. */
async function setPaused(sessions: Sessions, isPaused: boolean): Promise<void> {
  await Promise.all(watchedLive(sessions).map((video) => video.setPaused(isPaused)));
}

/** Follows a link of a document or a hover; asks before it opens what was never opened here. */
async function seekTo(
  target: unknown,
  { sessions, videos }: Pick<CommandParts, 'sessions' | 'videos'>,
): Promise<void> {
  if (!isTarget(target)) throw new AppError('request.invalid');
  const isKnown =
    videos.isOpen(target.path) || sessions.recent.some((video) => video.path === target.path);
  if (!isKnown && !(await admit(target.path))) return;
  const atMs = target.atMs === undefined ? {} : { atMs: mediaMs(target.atMs) };
  await videos.goTo({ path: target.path, ...atMs }, { preserveFocus: true });
}

async function askForMoment({ active }: Sessions): Promise<void> {
  if (!active) return;
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Which Moment?'),
    placeHolder: '12:30',
    validateInput: (text) =>
      parseMoment(text) === undefined ? vscode.l10n.t('Write a time, such as 12:30.') : undefined,
  });
  const atMs = typed === undefined ? undefined : parseMoment(typed);
  if (atMs !== undefined) active.seek(atMs, true);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isPath = (value: unknown): value is string => typeof value === 'string' && isVideoName(value);

const isMoment = (value: unknown): value is MediaMs | undefined =>
  value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0);

const isTarget = (value: unknown): value is { path: string; atMs?: number } =>
  isObject(value) && isPath(value.path) && isMoment(value.atMs);

/** Menus hand over what they stand beside: that is no request. */
const codeRequestOf = (value: unknown): CodeRequest | undefined =>
  isTarget(value) && !(value instanceof vscode.Uri) ? (value as CodeRequest) : undefined;

const isFindRequest = (value: unknown): value is FindRequest =>
  isObject(value) &&
  !(value instanceof vscode.Uri) &&
  (value.query === undefined || typeof value.query === 'string') &&
  (value.path === undefined || isPath(value.path));

const isClipRequest = (value: unknown): value is ClipRequest =>
  isObject(value) && isPath(value.path) && isMoment(value.fromMs) && isMoment(value.toMs);

const isRecent = (value: unknown): value is RecentVideo => isObject(value) && isPath(value.path);
