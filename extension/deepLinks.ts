/** Links from outside: `vscode://codealong.codealong/open?video=…&t=…`. */
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { extensionId, parseDeepLink, type DeepLink } from '../protocol/index.ts';
import { admit } from './admission.ts';
import { showError } from './messages.ts';
import type { Videos } from './videos.ts';

/** Opens what links name, after asking; nothing else can be reached by them. */
export function registerDeepLinks(context: vscode.ExtensionContext, videos: Videos): void {
  const handleUri = (uri: vscode.Uri): Promise<void> =>
    followLink(uri, videos).catch((error: unknown) => showError(error));
  context.subscriptions.push(vscode.window.registerUriHandler({ handleUri }));
}

/** @throws AppError when the link leads to no video */
async function followLink(uri: vscode.Uri, videos: Videos): Promise<void> {
  const link = readDeepLink(uri);
  if (!link) {
    throw new AppError('request.invalid', vscode.l10n.t('The link does not lead to a video.'));
  }
  if (videos.isOpen(link.path) || (await admit(link.path))) await videos.goTo(link);
}

/**
 * The editor hands over the query decoded: a path with `&` in it can no longer be told from further fields. So only the form
 * that links have is read, and the path is what stands between.
 * @returns undefined when it is not one of ours
 */
export function readDeepLink({ scheme, path, query }: vscode.Uri): DeepLink | undefined {
  const [, first, video, last] = /^(?:t=([^&]*)&)?video=(.*?)(?:&t=([^&]*))?$/s.exec(query) ?? [];
  if (video === undefined) return undefined;
  const moment = last ?? first;
  const t = moment === undefined ? '' : `&t=${encodeURIComponent(moment)}`;
  return parseDeepLink(`${scheme}://${extensionId}${path}?video=${encodeURIComponent(video)}${t}`);
}
