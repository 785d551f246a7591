/** What is captured or watched live from this window, for as long as it is: one status-bar item for each, whatever is looked at. */
import * as vscode from 'vscode';
import { noticeableLagMs, type HostToWebview, type SpeechStats } from '../protocol/index.ts';
import { followLive } from './liveSessions.ts';
import type { Sessions } from './sessions.ts';
import { describeServer, shorten, type StatusText } from './statusBar.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** Says in a few words how a live source is. @returns undefined when nothing of it is captured or looked for */
export function describeLive(
  name: string,
  status: HostToWebview['status'],
): StatusText | undefined {
  const words = describeState(status);
  if (!words) return undefined;
  const { icon, text, reason } = words;
  // While it is paused nothing is heard either.
  const speech = status.live?.state === 'paused' ? undefined : status.stats?.speech;
  const isHeard = speech?.sound === 'microphone' && speech.trouble === undefined;
  const ear = isHeard ? '$(mic) ' : '';
  return {
    // How an address begins says nothing that a bar has room for.
    text: `$(${icon}) ${ear}${shorten(name.replace(/^\w+:\/\//, ''))} ${text}`,
    tooltip: [
      `Codealong: ${name}, ${text}.`,
      ...(reason === undefined ? [] : [reason]),
      ...(speech ? [describeSpeech(speech)] : []),
      ...(status.stats?.server ? [describeServer(status.stats.server)] : []),
    ].join(' '),
    isFailure: ['silent', 'reconnecting', 'full'].includes(status.live?.state ?? ''),
  };
}

/** What is heard, and where what is spoken goes. */
function describeSpeech({ host, isLocal, isAway, sound, trouble }: SpeechStats): string {
  const { t } = vscode.l10n;
  if (trouble !== undefined) return t(trouble);
  if (isAway) return t('What is spoken cannot be transcribed at {0}.', host);
  const place = isLocal
    ? t('What is spoken is transcribed on this machine, at {0}.', host)
    : t('What is spoken is sent to {0}.', host);
  return sound === 'microphone' ? `${t('The microphone is heard.')} ${place}` : place;
}

function describeState({
  state,
  live,
  stats,
}: HostToWebview['status']): { icon: string; text: string; reason?: string } | undefined {
  const { t } = vscode.l10n;
  if (state !== 'watching') return undefined;
  switch (live?.state) {
    case undefined:
      return { icon: 'sync~spin', text: t('connecting') };
    case 'live': {
      const lagMs = stats?.lagMs ?? 0;
      if (lagMs < noticeableLagMs) return { icon: 'record', text: t('watching live') };
      const behind = t('watching live, {0} s behind', Math.round(lagMs / 1000));
      return { icon: 'record', text: behind };
    }
    case 'silent':
      return { icon: 'warning', text: t('gives no pictures') };
    case 'reconnecting': {
      const reason = live.reason === undefined ? {} : { reason: t(live.reason) };
      return { icon: 'sync~spin', text: t('reconnecting'), ...reason };
    }
    case 'full': {
      const reason = t('The disk is full. Make room, and watching goes on.');
      return { icon: 'warning', text: t('waits for room'), reason };
    }
    case 'paused':
      return { icon: 'debug-pause', text: t('paused') };
  }
}

/** Shows the items until disposed. */
export function registerLiveIndicator(
  sessions: Pick<Sessions, 'live' | 'onDidChangeOpen'>,
): vscode.Disposable {
  return followLive(sessions, showItem);
}

function showItem(video: WatchedVideo): { dispose(): void } {
  const { Left } = vscode.StatusBarAlignment;
  const item = vscode.window.createStatusBarItem(`live ${video.path}`, Left, 1);
  item.name = vscode.l10n.t('Codealong, Live');
  const show = (status: HostToWebview['status']): void => {
    const shown = describeLive(video.name, status);
    if (!shown) {
      item.hide();
      return;
    }
    const isPaused = status.live?.state === 'paused';
    item.text = shown.text;
    item.tooltip = tooltipOf(shown.tooltip, isPaused);
    item.accessibilityInformation = { label: shown.tooltip };
    item.command = isPaused ? 'codealong.resumeLive' : 'codealong.pauseLive';
    item.backgroundColor = shown.isFailure
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    item.show();
  };
  show(video.status);
  const registration = video.onDidChangeStatus(show);
  return {
    dispose: () => {
      registration.dispose();
      item.dispose();
    },
  };
}

/** What a click does, and what else can be done. */
function tooltipOf(sentence: string, isPaused: boolean): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const tooltip = new vscode.MarkdownString();
  tooltip.isTrusted = {
    enabledCommands: ['codealong.pauseLive', 'codealong.resumeLive', 'codealong.stopLive'],
  };
  const toggle = isPaused
    ? `[${t('Resume')}](command:codealong.resumeLive)`
    : `[${t('Pause')}](command:codealong.pauseLive)`;
  tooltip.appendText(sentence);
  tooltip.appendMarkdown(`\n\n${toggle} · [${t('Stop')}](command:codealong.stopLive)`);
  return tooltip;
}
