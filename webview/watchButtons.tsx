/** What begins and ends the watching. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { IconButton } from './icons.tsx';
import { usePage } from './page.ts';

/** @param props.text what that means here: going on, or once more */
export function StartWatching({ text }: { readonly text: string }): JSX.Element {
  const { host } = usePage();
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        host.post('startWatching', {});
      }}
    >
      {text}
    </button>
  );
}

export function StopWatching(): JSX.Element {
  const { host } = usePage();
  return (
    <IconButton
      icon="stop"
      label={l10n.t('Stop watching')}
      onClick={() => {
        host.post('stopWatching', {});
      }}
    />
  );
}
