/** How guidance is told: how much of it, whether it is announced, and what was asked for. Above the list. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { chattinessLevels, type Chattiness } from '../protocol/index.ts';
import { Icon, IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import { hiddenCount } from './selectors.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** In words, for the slider and for those who hear it. */
function wordsOf(chattiness: Chattiness): string {
  switch (chattiness) {
    case 'quietest':
      return l10n.t('Only what is all but certain to matter');
    case 'quieter':
      return l10n.t('Less than usual');
    case 'usual':
      return l10n.t('As the model was calibrated');
    case 'chattier':
      return l10n.t('More than usual');
    case 'chattiest':
      return l10n.t('Almost everything');
  }
}

/** A stop of the slider that is not there any more cannot be chosen. */
const levelAt = (index: number): Chattiness => chattinessLevels[index] ?? 'usual';

export function Manner(): JSX.Element {
  const hidden = useSelect(hiddenCount);
  return (
    <div class="manner" role="group" aria-label={l10n.t('How guidance is told')}>
      <div class="manner-line">
        <ChattinessSlider />
        <TellMeWhen />
        <SnoozeButton />
      </div>
      <Requests />
      <Snoozed />
      {hidden > 0 && (
        <p class="quiet manner-note">{l10n.t('Not listed at this setting: {0}', hidden)}</p>
      )}
    </div>
  );
}

function ChattinessSlider(): JSX.Element {
  const { host, store } = usePage();
  const settings = useSelect((state) => state.settings);
  const { chattiness } = settings;
  const words = wordsOf(chattiness);
  return (
    <label class="chattiness" title={words}>
      <span aria-hidden="true">{l10n.t('Quiet')}</span>
      <input
        type="range"
        min="0"
        max={chattinessLevels.length - 1}
        step="1"
        value={chattinessLevels.indexOf(chattiness)}
        aria-label={l10n.t('How much is said')}
        aria-valuetext={words}
        onInput={({ currentTarget }) => {
          // The list follows at once; the settings say the same a moment later.
          const body = { ...settings, chattiness: levelAt(currentTarget.valueAsNumber) };
          store.dispatch({ kind: 'settings', body });
        }}
        onChange={({ currentTarget }) => {
          host.post('setChattiness', { chattiness: levelAt(currentTarget.valueAsNumber) });
        }}
      />
      <span aria-hidden="true">{l10n.t('Chatty')}</span>
    </label>
  );
}

const isBeingWatched = ({ watch: { state } }: State): boolean =>
  state === 'watching' || state === 'connecting' || state === 'lost';

/** What was watched already is asked about: nothing more can happen in it. */
function TellMeWhen(): JSX.Element | null {
  const { host } = usePage();
  if (!useSelect(isBeingWatched)) return null;
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        host.post('tellMeWhen', {});
      }}
    >
      {l10n.t('Tell me when…')}
    </button>
  );
}

function SnoozeButton(): JSX.Element {
  const { host } = usePage();
  const isSnoozed = useSelect(({ attention }) => attention.snooze !== undefined);
  return (
    <IconButton
      icon={isSnoozed ? 'bellOff' : 'bell'}
      label={isSnoozed ? l10n.t('Announce guidance again') : l10n.t('Snooze guidance…')}
      isPressed={isSnoozed}
      onClick={() => {
        host.post('snooze', { isOver: isSnoozed });
      }}
    />
  );
}

/** What is listened for, each with a button that ends it; nothing is in what was watched already. */
function Requests(): JSX.Element | null {
  const { host } = usePage();
  const requests = useSelect(({ manner }) => manner.requests);
  const isListening = useSelect(isBeingWatched);
  if (requests.length === 0 || !isListening) return null;
  return (
    <ul class="requests" aria-label={l10n.t('What you asked to be told')}>
      {requests.map((request) => (
        <li key={request} class="request">
          <Icon name="bell" />
          <span class="request-text">{l10n.t('Tell me {0}', request)}</span>
          <IconButton
            icon="close"
            label={l10n.t('No longer tell me {0}', request)}
            onClick={() => {
              host.post('forgetRequest', { request });
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function Snoozed(): JSX.Element | null {
  const snooze = useSelect(({ attention }) => attention.snooze);
  if (!snooze) return null;
  const { untilMs } = snooze;
  const time =
    untilMs === undefined
      ? undefined
      : new Date(untilMs).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  return (
    <p class="quiet manner-note" role="status">
      {time === undefined
        ? l10n.t('Snoozed until you turn it on again: listed, not announced.')
        : l10n.t('Snoozed until {0}: listed, not announced.', time)}
    </p>
  );
}
