/** `Watch Screen…`, `Watch Livestream…`, `Open Kept Session…`: what is watched while it happens, and what was. */
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import {
  formatMediaTime,
  isStreamAddress,
  listKept,
  listScreens,
  listSounds,
  startSession,
  stopSession,
  streamSchemes,
  type KeptSession,
  type LiveSource,
  type ScreenPart,
  type SessionOptions,
  type SoundSource,
} from '../protocol/index.ts';
import type { LiveMemory } from './liveMemory.ts';
import { ownDisplay } from './ownDisplay.ts';
import { isOwnWindow, optionsFor, plain } from './screenExclusions.ts';
import type { Sessions } from './sessions.ts';
import type { VideoClient } from './videoSession.ts';
import type { Videos } from './videos.ts';
import { waitVisibly } from './waiting.ts';
import type { WatchedVideo } from './watchedVideo.ts';

export interface LiveParts {
  readonly client: Pick<VideoClient, 'request'>;
  readonly sessions: Pick<Sessions, 'nameLive'>;
  readonly videos: Pick<Videos, 'show'>;
  readonly live: LiveMemory;
  readonly sessionOptions: () => SessionOptions;
}

type ScreenItem = vscode.QuickPickItem & { readonly part?: ScreenPart };
type SoundItem = vscode.QuickPickItem & { readonly sound?: SoundSource };
type KeptItem = vscode.QuickPickItem & { readonly session?: KeptSession };

/** Lets people choose a part of the screen, and watches it. @throws AppError */
export async function watchScreen(parts: LiveParts): Promise<void> {
  const listed = await waitVisibly(vscode.l10n.t('Looking for screens and windows'), (token) =>
    parts.client.request(listScreens, ownDisplay(), token),
  );
  if (!listed) return;
  const chosen = await vscode.window.showQuickPick(screenItems(listed.parts, listed.notices), {
    title: vscode.l10n.t('Watch Screen'),
    placeHolder: vscode.l10n.t('What should be watched? It is captured until you stop it.'),
    matchOnDescription: true,
  });
  if (!chosen?.part) return;
  const options = parts.sessionOptions();
  const heard = options.transcriber === undefined ? {} : await chooseSound(parts.client);
  if (heard) await watch(parts, chosen.part.source, { ...options, ...heard });
}

/**
 * Asks what is heard beside a screen: nothing, unless somebody chooses otherwise each time.
 * @returns undefined when people leave it at that. @throws AppError
 */
async function chooseSound(
  client: LiveParts['client'],
): Promise<Pick<SessionOptions, 'sound'> | undefined> {
  const { t } = vscode.l10n;
  const listed = await waitVisibly(t('Looking for microphones'), (token) =>
    client.request(listSounds, {}, token),
  );
  if (!listed) return undefined;
  const { microphones, isMachineHeard } = listed;
  const usual: SoundItem[] =
    microphones.length === 0
      ? []
      : [{ label: `$(mic) ${t('The usual microphone')}`, sound: { kind: 'microphone' } }];
  const items: SoundItem[] = [
    { label: `$(mute) ${t('Nothing')}`, description: t('the picture alone') },
    ...usual,
    ...microphones.map(({ name, source }) => ({ label: `$(mic) ${plain(name)}`, sound: source })),
    ...(isMachineHeard
      ? [
          {
            label: `$(unmute) ${t('What this machine plays')}`,
            sound: { kind: 'machine' } as const,
          },
        ]
      : []),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Watch Screen'),
    placeHolder: t('What should be heard? What is spoken is transcribed until you stop it.'),
  });
  return chosen && (chosen.sound ? { sound: chosen.sound } : {});
}

/** Asks for an address, and watches what is there. @throws AppError */
export async function watchLivestream(parts: LiveParts): Promise<void> {
  const url = await askForAddress(await parts.live.addresses());
  if (url !== undefined) await watch(parts, { kind: 'stream', url });
}

/** Shows a live session that is kept, running or over. @throws AppError */
export async function openKept({ client, sessions, videos }: LiveParts): Promise<void> {
  const chosen = await chooseKept(client, {
    title: vscode.l10n.t('Open Kept Session'),
    none: vscode.l10n.t('Nothing was watched live yet.'),
  });
  if (!chosen) return;
  sessions.nameLive(chosen.videoId, chosen.name);
  await videos.show(chosen.videoId);
}

/**
 * Lets people choose among the live sessions that are kept.
 * @param texts.none what is said where there is none
 * @throws AppError
 */
export async function chooseKept(
  client: LiveParts['client'],
  texts: { readonly title: string; readonly none: string },
  isOffered: (session: KeptSession) => boolean = () => true,
): Promise<KeptSession | undefined> {
  const listed = await waitVisibly(vscode.l10n.t('Looking for kept sessions'), (token) =>
    client.request(listKept, {}, token),
  );
  if (!listed) return undefined;
  const offered = listed.sessions.filter(isOffered);
  if (offered.length === 0) {
    await vscode.window.showInformationMessage(texts.none);
    return undefined;
  }
  const options = { title: texts.title, matchOnDescription: true };
  return (await vscode.window.showQuickPick(offered.map(keptItem), options))?.session;
}

/** Begins another session with what an earlier one was of. @param videoId of that one @throws AppError */
export async function watchAgain(parts: LiveParts, videoId: string): Promise<void> {
  const source = await parts.live.sourceOf(videoId);
  if (!source) {
    throw new AppError(
      'source.notKept',
      vscode.l10n.t('It is no longer known what this session was of.'),
    );
  }
  await watch(parts, source);
}

async function watch(
  parts: LiveParts,
  source: LiveSource,
  options: SessionOptions = parts.sessionOptions(),
): Promise<void> {
  const { client, sessions, videos, live } = parts;
  const params = { source, options: optionsFor(source, options) };
  const started = await waitVisibly(vscode.l10n.t('Starting to watch'), (token) =>
    client.request(startSession, params, token),
  );
  if (!started) return;
  const { sessionId, videoId, name = videoId } = started;
  try {
    await live.remember({ videoId, source });
    sessions.nameLive(videoId, name);
    const { video } = await videos.show(videoId);
    await followed(video);
  } finally {
    // The panel follows it by now, and with its end the watching ends; without a panel nobody watches.
    await client.request(stopSession, { sessionId }).catch(() => undefined);
  }
}

/** Resolves when the panel's own session of the video has begun, or failed to. */
function followed(video: Pick<WatchedVideo, 'status' | 'onDidChangeStatus'>): Promise<void> {
  return new Promise((resolve) => {
    if (video.status.state !== 'connecting') {
      resolve();
      return;
    }
    const registration = video.onDidChangeStatus(({ state }) => {
      if (state === 'connecting') return;
      registration.dispose();
      resolve();
    });
  });
}

const separator = (label: string): ScreenItem => ({
  label,
  kind: vscode.QuickPickItemKind.Separator,
});

/** Displays first, then windows; then what is missing, and why. Windows of this editor itself are left out. */
function screenItems(parts: readonly ScreenPart[], notices: readonly string[]): ScreenItem[] {
  const { t } = vscode.l10n;
  const displays = parts.filter(({ kind }) => kind !== 'window');
  const windows = parts.filter(({ kind }) => kind === 'window');
  const others = windows.filter(({ name }) => !isOwnWindow(name));
  const told = [
    ...notices,
    ...(others.length < windows.length ? [t('The window of this editor is left out.')] : []),
  ];
  return [
    ...(displays.length > 0 ? [separator(t('Displays')), ...displays.map(screenItem)] : []),
    ...(others.length > 0 ? [separator(t('Windows')), ...others.map(screenItem)] : []),
    ...(told.length > 0 ? [separator(t('Not in this list'))] : []),
    ...told.map((notice): ScreenItem => ({ label: `$(info) ${plain(notice)}` })),
  ];
}

function screenItem(part: ScreenPart): ScreenItem {
  const { t } = vscode.l10n;
  const { kind, name, box } = part;
  const [, , width, height] = box;
  const size = width === 0 ? [] : [`${width} × ${height}`];
  const isWindow = kind === 'window';
  // Only there can windows be left out.
  const hasAll = process.platform !== 'linux';
  const all = hasAll ? t('with everything on it, this editor too') : t('without this editor');
  return {
    label: `$(${isWindow ? 'window' : 'device-desktop'}) ${plain(name)}`,
    description: [...size, ...(isWindow ? [] : [all])].join(', '),
    part,
  };
}

/** A line of a list. */
function keptItem(session: KeptSession): KeptItem {
  const { name, startedMs, watchedMs, isRunning } = session;
  const when = new Date(startedMs).toLocaleString(vscode.env.language, {
    ...{ dateStyle: 'medium', timeStyle: 'short' },
  });
  const length = formatMediaTime(watchedMs);
  const far = isRunning ? vscode.l10n.t('{0} so far', length) : length;
  return {
    label: `$(${isRunning ? 'record' : 'history'}) ${plain(name)}`,
    description: `${when} · ${far}`,
    session,
  };
}

/** One of those that were watched before, or another. @returns undefined when people leave it at that */
async function askForAddress(known: readonly string[]): Promise<string | undefined> {
  const title = vscode.l10n.t('Watch Livestream');
  if (known.length > 0) {
    const other = { label: `$(add) ${vscode.l10n.t('Another Address…')}` };
    const items = known.map((url) => ({ label: plain(url), url }));
    const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { url?: string }>(
      [other, ...items],
      { title },
    );
    if (!chosen || chosen.url !== undefined) return chosen?.url;
  }
  const typed = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t(
      'Address of a stream (HLS, DASH, RTMP, RTSP, HTTP) or of the page that it is on',
    ),
    placeHolder: '…/live.m3u8',
    ignoreFocusOut: true,
    validateInput: (text) => (isStreamAddress(text.trim()) ? undefined : notAnAddress(text.trim())),
  });
  return typed?.trim();
}

function notAnAddress(text: string): string {
  if (text === '') return vscode.l10n.t('Write the address of a stream.');
  const schemes = streamSchemes.map((scheme) => `${scheme}://`).join(', ');
  return vscode.l10n.t('An address begins with one of {0} and has no spaces.', schemes);
}
