/** `Delete Kept Session…`: a live session with its timeline and recording, after asking. */
import * as vscode from 'vscode';
import { deleteKept } from '../protocol/index.ts';
import { chooseKept, type LiveParts } from './watchLive.ts';

/** Deletes what people choose among the sessions that are over, once they have said so. @throws AppError */
export async function deleteKeptSession({ client }: Pick<LiveParts, 'client'>): Promise<void> {
  const { t } = vscode.l10n;
  const texts = {
    title: t('Delete Kept Session'),
    none: t('No live session that is over is kept.'),
  };
  const chosen = await chooseKept(client, texts, ({ isRunning }) => !isRunning);
  if (!chosen) return;
  const { videoId, name } = chosen;
  const yes = t('Delete');
  const answer = await vscode.window.showWarningMessage(
    t('Delete what was kept of {0}: its timeline and its recording?', name),
    { modal: true, detail: t('There is no way back.') },
    yes,
  );
  if (answer === yes) await client.request(deleteKept, { videoId });
}
