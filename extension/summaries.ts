/** `Summarize Clip…`: which part, the waiting, and where the summary goes. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { formatMediaTime, type SummaryRow } from '../protocol/index.ts';
import { readConfiguration } from './configuration.ts';
import type { WorkDone } from './daemonClient.ts';
import { isLiveName } from './openVideo.ts';
import type { Panel } from './panel.ts';
import { summaryDocument, summaryFileName, type SummarySubject } from './summaryDocument.ts';
import { pickRange, type ClipRange } from './summaryRanges.ts';
import type { Videos } from './videos.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** What the panel's button says with the command. */
export type ClipRequest = ClipRange & { readonly path: string };

/**
 * Summarises a part of the video that is looked at, or of the one that is named; asks which part unless it is named.
 * @throws AppError when it cannot be summarised
 */
export async function summarizeClip(videos: Videos, request?: ClipRequest): Promise<void> {
  const panel = await panelOf(videos, request);
  if (!panel) return;
  const { video } = panel;
  const isNamed = request?.fromMs !== undefined || request?.toMs !== undefined;
  const range = isNamed ? boundsOf(request) : await pickRange(video);
  if (!range) return;
  const row = await summarizeWithProgress(video, range);
  if (row) await deliver(row, video);
}

async function panelOf(
  videos: Videos,
  request: ClipRequest | undefined,
): Promise<Panel | undefined> {
  if (!request) return videos.current();
  if (!videos.isOpen(request.path)) throw new AppError('session.notFound');
  return videos.show(request.path, { preserveFocus: true });
}

function boundsOf({ fromMs, toMs }: ClipRange): ClipRange {
  return { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
}

/** @returns undefined when it was cancelled */
async function summarizeWithProgress(
  video: WatchedVideo,
  range: ClipRange,
): Promise<SummaryRow | undefined> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Summarizing {0}', `${video.name}${stretchOf(range)}`),
      cancellable: true,
    },
    async (progress, token) => {
      try {
        return await video.summarize(range, toIncrements(progress), token);
      } catch (error) {
        if (token.isCancellationRequested) return undefined;
        throw error;
      }
    },
  );
}

function stretchOf({ fromMs, toMs }: ClipRange): string {
  if (fromMs === undefined && toMs === undefined) return '';
  const end = toMs === undefined ? '' : formatMediaTime(toMs);
  return `, ${formatMediaTime(fromMs ?? 0)}–${end}`;
}

/** The editor wants to be told how much was done since the last time. */
export function toIncrements(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): (report: WorkDone) => void {
  let told = 0;
  return ({ message, percentage }) => {
    const increment = percentage === undefined ? 0 : Math.max(0, percentage - told);
    told += increment;
    progress.report({ increment, ...(message === undefined ? {} : { message }) });
  };
}

async function deliver(row: SummaryRow, video: WatchedVideo): Promise<void> {
  const subject = { path: video.path, name: video.name, scheme: vscode.env.uriScheme };
  const content = summaryDocument(row, subject);
  switch (readConfiguration().summaryTarget) {
    case 'document':
      await showDocument(
        await vscode.workspace.openTextDocument({ language: 'markdown', content }),
      );
      break;
    case 'clipboard':
      await vscode.env.clipboard.writeText(content);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Summary copied.'), 5000);
      break;
    case 'file':
      await saveAs(content, summaryFileName(subject, row), subject);
      break;
  }
}

async function saveAs(content: string, name: string, subject: SummarySubject): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const beside = vscode.Uri.file(isLiveName(subject.path) ? homedir() : path.dirname(subject.path));
  const chosen = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the Summary'),
    defaultUri: vscode.Uri.joinPath(folder ?? beside, name),
    filters: { Markdown: ['md'] },
  });
  if (!chosen) return;
  await vscode.workspace.fs.writeFile(chosen, new TextEncoder().encode(content));
  await showDocument(await vscode.workspace.openTextDocument(chosen));
}

/** Beside the video, or where the person's code is. */
async function showDocument(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, {
    viewColumn: columnBesidePlayer(),
    preview: false,
  });
}

/**
 * The column of the code when the player stands beside it, otherwise a new one. Told by what stands in the columns: which of them has
 * the focus comes late to the extension when somebody has just pressed a button of the panel.
 */
export function columnBesidePlayer(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const showsPlayer = ({ activeTab }: vscode.TabGroup): boolean =>
    activeTab?.input instanceof vscode.TabInputCustom;
  if (!showsPlayer(activeTabGroup)) return activeTabGroup.viewColumn;
  return all.find((group) => !showsPlayer(group))?.viewColumn ?? vscode.ViewColumn.Beside;
}
