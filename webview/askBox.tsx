/** Where questions are written. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatMediaTime, type QuestionScope } from '../protocol/index.ts';
import { FramePicture } from './framePicture.tsx';
import { IconButton } from './icons.tsx';
import { usePage } from './page.ts';
import { followedExchange, scopeKindOf } from './selectors.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** The question that is being answered. */
const waitingKey = ({ exchanges }: State): string | undefined =>
  exchanges.find(({ state }) => state === 'waiting')?.key;

/** Box, what the question is about, and its buttons. */
export function AskBox(): JSX.Element {
  const page = usePage();
  const { store } = page;
  const box = useRef<HTMLTextAreaElement>(null);
  const draft = useSelect(({ ask }) => ask.draft);
  const waiting = useSelect(waitingKey);
  const thread = useSelect((state) => followedExchange(state)?.question);
  const hasBox = useSelect(({ ask }) => ask.box !== undefined);
  const focusSerial = useSelect(({ ask }) => ask.focusSerial);
  useLayoutEffect(() => {
    if (focusSerial > 0) box.current?.focus();
  }, [focusSerial]);
  const send = (): void => {
    if (store.state.ask.draft.trim() !== '' && !waitingKey(store.state)) page.ask();
  };
  return (
    // No form: editors' pages may not submit any, and their browser then does not even say that somebody tried.
    <div class="ask" role="group" aria-label={l10n.t('Ask about this video')}>
      {thread !== undefined && (
        <div class="thread">
          <span class="thread-text" title={thread}>
            {l10n.t('Follow-up to “{0}”', thread)}
          </span>
          <button
            type="button"
            class="link-button"
            onClick={() => {
              store.dispatch({ kind: 'leftThread', body: {} });
            }}
          >
            {l10n.t('New question')}
          </button>
        </div>
      )}
      <AskedPart />
      <div class="ask-field">
        <textarea
          ref={box}
          rows={1}
          value={draft}
          placeholder={
            thread === undefined ? l10n.t('Ask about this video') : l10n.t('Ask a follow-up')
          }
          aria-label={l10n.t('Question')}
          onInput={({ currentTarget }) => {
            store.dispatch({ kind: 'drafted', body: { draft: currentTarget.value } });
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && hasBox) {
              event.preventDefault();
              page.setBox(undefined);
              return;
            }
            // While an input method composes, Enter belongs to it.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <div class="ask-tools">
          {hasBox ? <span class="scope" /> : <Scope />}
          <IconButton
            icon="summary"
            label={l10n.t('Summarize')}
            onClick={() => {
              page.summarize();
            }}
          />
          {waiting === undefined ? (
            <IconButton
              icon="send"
              class="send"
              label={l10n.t('Ask')}
              isDisabled={draft.trim() === ''}
              onClick={send}
            />
          ) : (
            <IconButton
              icon="stop"
              class="send"
              label={l10n.t('Stop')}
              onClick={() => {
                page.stopAnswer(waiting);
              }}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** The part of the picture that the question is about, and how to take it back. */
function AskedPart(): JSX.Element | null {
  const page = usePage();
  const part = useSelect(({ ask }) => ask.box);
  if (!part) return null;
  return (
    <div class="asked-part">
      <FramePicture atMs={part.atMs} box={part.box} class="part-frame" />
      <span class="thread-text">
        {l10n.t('This part of the picture at {0}', formatMediaTime(part.atMs))}
      </span>
      <IconButton
        icon="close"
        label={l10n.t('Ask about the whole picture')}
        onClick={() => {
          page.setBox(undefined);
        }}
      />
    </div>
  );
}

function Scope(): JSX.Element {
  const { store } = usePage();
  const scope = useSelect(scopeKindOf);
  const range = useSelect((state) => state.range);
  const now = useSelect(({ player }) => formatMediaTime(player.positionMs));
  const labels: readonly (readonly [QuestionScope['kind'], string])[] = [
    ['now', l10n.t('Up to now, {0}', now)],
    ...(range
      ? [['range', `${formatMediaTime(range.fromMs)} – ${formatMediaTime(range.toMs)}`] as const]
      : []),
    ['whole', l10n.t('Whole video')],
  ];
  return (
    <select
      class="scope"
      aria-label={l10n.t('What the question is about')}
      title={l10n.t('What the question is about')}
      value={scope}
      onChange={({ currentTarget }) => {
        const kind = labels.find(([one]) => one === currentTarget.value)?.[0] ?? 'whole';
        store.dispatch({ kind: 'scoped', body: { scope: kind } });
      }}
    >
      {labels.map(([kind, label]) => (
        <option key={kind} value={kind}>
          {label}
        </option>
      ))}
    </select>
  );
}
