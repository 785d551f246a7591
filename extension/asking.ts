/** Asking about a video from the command palette; the answer appears in its panel. */
import * as vscode from 'vscode';
import { formatMediaTime, type QuestionScope, type WebviewToHost } from '../protocol/index.ts';
import type { Videos } from './videos.ts';

/** Longer questions are pasted by mistake. */
const maxQuestionChars = 2000;

type Player = WebviewToHost['player'];

/** Asks for a question and what it is about, and shows both in the panel. @throws AppError when the video does not appear */
export async function askAboutVideo(videos: Videos): Promise<void> {
  const current = await videos.current();
  if (!current) return;
  const { video } = current;
  const question = await vscode.window.showInputBox({
    title: vscode.l10n.t('Ask About {0}', video.name),
    prompt: vscode.l10n.t('The answer appears beside the video.'),
    placeHolder: vscode.l10n.t('What is the name of the function?'),
    ignoreFocusOut: true,
    validateInput: problemOf,
  });
  if (question === undefined) return;
  const scope = await pickScope(video.player);
  if (!scope) return;
  const panel = await videos.show(video.path);
  await panel.ask({ question: question.trim(), scope });
}

/** @returns a sentence for what cannot be asked */
export function problemOf(question: string): string | undefined {
  if (question.trim() === '') return vscode.l10n.t('Write a question.');
  if (question.length <= maxQuestionChars) return undefined;
  return vscode.l10n.t('Ask in at most {0} characters.', maxQuestionChars);
}

/** The parts that a question may be about, the likeliest first. */
export function scopesOf({ positionMs, range }: Player): readonly QuestionScope[] {
  return [
    ...(range ? [{ kind: 'range' as const, ...range }] : []),
    { kind: 'now' as const, atMs: positionMs },
    { kind: 'whole' as const },
  ];
}

async function pickScope(player: Player): Promise<QuestionScope | undefined> {
  const items = scopesOf(player).map((scope) => ({ ...wordsOf(scope), scope }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Which Part Is the Question About?'),
    ignoreFocusOut: true,
  });
  return chosen?.scope;
}

function wordsOf(scope: QuestionScope): { readonly label: string; readonly description: string } {
  switch (scope.kind) {
    case 'range': {
      const [from, to] = [formatMediaTime(scope.fromMs), formatMediaTime(scope.toMs)];
      return { label: vscode.l10n.t('The selected part'), description: `${from}–${to}` };
    }
    case 'now': {
      const time = formatMediaTime(scope.atMs);
      return {
        label: vscode.l10n.t('This moment'),
        description: vscode.l10n.t('what was seen up to {0}', time),
      };
    }
    case 'whole':
      return { label: vscode.l10n.t('The whole video'), description: '' };
  }
}
