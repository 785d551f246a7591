/** `Delete Kept Session…`: a live session with its timeline and recording, after asking. */
import * as vscode from 'vscode';
import { deleteKept, listKept } from '../protocol/index.ts';
import { waitVisibly } from './waiting.ts';
import { keptItem, type LiveParts } from './watchLive.ts';

/** Deletes what people choose among the sessions that are over, once they have said so. @throws AppError */
export async function deleteKeptSession({ client }: Pick<LiveParts, 'client'>): Promise<void> {
  const { t } = vscode.l10n;
  const listed = await waitVisibly(t('Looking for kept sessions'), (token) =>
    client.request(listKept, {}, token),
  );
  if (!listed) return;
  const over = listed.sessions.filter(({ isRunning }) => !isRunning);
  if (over.length === 0) {
    await vscode.window.showInformationMessage(t('No live session that is over is kept.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(over.map(keptItem), {
    title: t('Delete Kept Session'),
    matchOnDescription: true,
  });
  if (!chosen?.session) return;
  const { videoId, name } = chosen.session;
  const yes = t('Delete');
  const answer = await vscode.window.showWarningMessage(
    t('Delete what was kept of {0}: its timeline and its recording?', name),
    { modal: true, detail: t('There is no way back.') },
    yes,
  );
  if (answer === yes) await client.request(deleteKept, { videoId });
}
