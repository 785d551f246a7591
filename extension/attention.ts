/**
 * When and how guidance asks for attention: snooze, notifications, and standing requests, with their commands and the item in the status
 * bar. What is said is listed all the same, at once and with its own time: only announcing it waits, or is left out.
 */
import * as vscode from 'vscode';
import { maxRequestCharacters, maxRequests, type Attention } from '../protocol/index.ts';
import { onDidChangeConfiguration, readConfiguration } from './configuration.ts';
import { followOpen } from './liveSessions.ts';
import { showError } from './messages.ts';
import type { Sessions } from './sessions.ts';
import { Snooze } from './snooze.ts';
import { Toasts } from './toasts.ts';
import { Typing } from './typing.ts';
import type { WatchedVideo } from './watchedVideo.ts';

export interface AttentionParts {
  readonly sessions: Pick<Sessions, 'active' | 'all' | 'find' | 'onDidChangeOpen'>;
  readonly isVisible: (video: WatchedVideo) => boolean;
  /** @throws AppError when the video does not appear */
  readonly reveal: (video: WatchedVideo, rowId: number) => Promise<void>;
}

/** What the panels tell their pages of it. */
export class AttentionKeeper implements vscode.Disposable {
  readonly #snooze: Snooze;
  readonly #typing = new Typing();
  readonly #emitter = new vscode.EventEmitter<undefined>();
  readonly #registrations: readonly vscode.Disposable[];

  readonly onDidChange: vscode.Event<undefined> = this.#emitter.event;

  constructor(memory: vscode.Memento) {
    this.#snooze = new Snooze(memory);
    const tell = (): void => {
      this.#emitter.fire(undefined);
    };
    this.#registrations = [this.#snooze.onDidChange(tell), this.#typing.onDidChange(tell)];
  }

  get snooze(): Snooze {
    return this.#snooze;
  }

  get value(): Attention {
    const { state } = this.#snooze;
    return { ...(state ? { snooze: state } : {}), isTyping: this.#typing.isTyping };
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#snooze.dispose();
    this.#typing.dispose();
    this.#emitter.dispose();
  }
}

/** Registers the commands, the status-bar item and the notifications. */
export function registerAttention(
  context: vscode.ExtensionContext,
  keeper: AttentionKeeper,
  parts: AttentionParts,
): void {
  const { snooze } = keeper;
  const { sessions, isVisible, reveal } = parts;
  let rule = readConfiguration().toasts;
  let { chattiness } = readConfiguration().session;
  const toasts = new Toasts({
    rule: () => rule,
    isVisible,
    isSnoozed: () => snooze.state !== undefined,
    isTyping: () => keeper.value.isTyping,
    show: (video, { id }) => {
      reveal(video, id).catch(showError);
    },
    snooze: () => {
      chooseSnooze(snooze).catch(showError);
    },
  });
  context.subscriptions.push(
    toasts,
    keeper.onDidChange(() => {
      toasts.look();
    }),
    followOpen(sessions, (video) =>
      vscode.Disposable.from(
        video.onDidHear((row) => {
          toasts.hear(video, row);
        }),
        video.onDidChangeStatus(() => {
          if (video.isLive) toasts.look();
        }),
      ),
    ),
    onDidChangeConfiguration((configuration) => {
      rule = configuration.toasts;
      if (configuration.session.chattiness === chattiness) return;
      chattiness = configuration.session.chattiness;
      for (const video of sessions.all) video.adjust();
    }),
    showSnooze(snooze),
    vscode.commands.registerCommand('codealong.snooze', () =>
      chooseSnooze(snooze).catch(showError),
    ),
    vscode.commands.registerCommand('codealong.endSnooze', () => {
      snooze.end();
    }),
    vscode.commands.registerCommand('codealong.tellMeWhen', (file: unknown) =>
      askForRequest(
        (typeof file === 'string' ? sessions.find(file) : undefined) ?? sessions.active,
      ).catch(showError),
    ),
  );
}

type SnoozeItem = vscode.QuickPickItem & { readonly choose: () => void };

async function chooseSnooze(snooze: Snooze): Promise<void> {
  const { t } = vscode.l10n;
  const lasting = (label: string, minutes?: number): SnoozeItem => ({
    label,
    choose: () => {
      snooze.begin(minutes);
    },
  });
  const items: readonly SnoozeItem[] = [
    ...(snooze.state
      ? [
          {
            label: t('Announce guidance again'),
            choose: () => {
              snooze.end();
            },
          },
        ]
      : []),
    lasting(t('For {0} minutes', 10), 10),
    lasting(t('For {0} minutes', 30), 30),
    lasting(t('For an hour'), 60),
    lasting(t('Until I turn it on again')),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Snooze Guidance'),
    placeHolder: t('Guidance is still listed, and what you asked to be told still comes.'),
  });
  chosen?.choose();
}

async function askForRequest(video: WatchedVideo | undefined): Promise<void> {
  if (!video) return;
  const { t } = vscode.l10n;
  if (!video.takesRequests) {
    await vscode.window.showInformationMessage(
      t('At most {0} things are listened for at once. Remove one in the panel.', maxRequests),
    );
    return;
  }
  const typed = await vscode.window.showInputBox({
    title: t('Tell Me When…'),
    prompt: t('In English, from what happens next on: {0}', video.name),
    placeHolder: t('when the tests pass'),
    validateInput: (text) =>
      text.trim().length > maxRequestCharacters
        ? t('Write at most {0} characters.', maxRequestCharacters)
        : undefined,
  });
  if (typed !== undefined) video.request(typed);
}

/** In the status bar for as long as anything is snoozed. */
function showSnooze(snooze: Snooze): vscode.Disposable {
  const { t } = vscode.l10n;
  const item = vscode.window.createStatusBarItem('snooze', vscode.StatusBarAlignment.Right, 99);
  item.name = t('Codealong, Snooze');
  item.command = 'codealong.snooze';
  const show = (): void => {
    const { state } = snooze;
    void vscode.commands.executeCommand('setContext', 'codealong.isSnoozed', state !== undefined);
    if (!state) {
      item.hide();
      return;
    }
    const until = state.untilMs === undefined ? undefined : clockTime(state.untilMs);
    item.text = until === undefined ? '$(bell-slash)' : `$(bell-slash) ${until}`;
    const sentence =
      until === undefined
        ? t('Codealong: guidance is snoozed until you turn it on again.')
        : t('Codealong: guidance is snoozed until {0}.', until);
    item.tooltip = sentence;
    item.accessibilityInformation = { label: sentence, role: 'button' };
    item.show();
  };
  show();
  return vscode.Disposable.from(item, snooze.onDidChange(show));
}

const clockTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString(vscode.env.language, { hour: 'numeric', minute: '2-digit' });
