/** One thing that a person should know, with one thing to do about it. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import type { PanelAction, ShownError } from '../protocol/index.ts';
import { Icon, type IconName } from './icons.tsx';
import { usePage } from './page.ts';

/** The words on an action's button. */
function actionLabel(action: PanelAction): string {
  switch (action) {
    case 'showLog':
      return l10n.t('Show log');
    case 'doctor':
      return l10n.t('Run Doctor');
    case 'restartDaemon':
      return l10n.t('Restart');
    case 'setModelKey':
      return l10n.t('Set key');
    case 'openExternally':
      return l10n.t('Open in another player');
    case 'openSettings':
      return l10n.t('Open settings');
    case 'retry':
      return l10n.t('Try again');
  }
}

interface NoticeProps {
  readonly icon: IconName;
  readonly text: string;
  readonly kind: 'error' | 'info';
  readonly action?: PanelAction | undefined;
  /** What trying again means, where that is not to open and watch the video again. */
  readonly onRetry?: (() => void) | undefined;
}

/** A box with an icon, a sentence, and a button where something can be done. */
export function Notice({ icon, text, kind, action, onRetry }: NoticeProps): JSX.Element {
  const page = usePage();
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <span class="notice-text">{text}</span>
      {action && (
        <button
          type="button"
          class="button button-secondary"
          onClick={() => {
            if (action === 'retry' && onRetry) onRetry();
            else page.act(action);
          }}
        >
          {actionLabel(action)}
        </button>
      )}
    </div>
  );
}

interface ErrorNoticeProps extends Pick<NoticeProps, 'onRetry'> {
  readonly error: ShownError;
}

/** One sentence and one action; the remedy is a sentence only where there is no button for it. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps): JSX.Element {
  const text = error.action ? error.message : `${error.message} ${error.remedy}`;
  return <Notice icon="error" kind="error" text={text} action={error.action} onRetry={onRetry} />;
}
