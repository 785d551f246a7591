/** The conversation about the video. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { formatMediaTime, type Citation, type QuestionScope } from '../protocol/index.ts';
import { AnswerText } from './answerText.tsx';
import type { Exchange } from './conversation.ts';
import { FramePicture } from './framePicture.tsx';
import { Icon } from './icons.tsx';
import { usePage } from './page.ts';
import { ErrorNotice } from './notice.tsx';
import { waitsForWatching } from './selectors.ts';
import { useSelect } from './useSelect.ts';

/** Nearer to the end than this, the conversation stays at its end while words come, px. */
const endPx = 40;

/** The tab with all questions and answers. */
export function Questions(): JSX.Element {
  const exchanges = useSelect((state) => state.exchanges);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lastKey = exchanges.at(-1)?.key;
  const lastText = exchanges.at(-1)?.text;
  const lastState = exchanges.at(-1)?.state;
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [lastKey]);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [lastKey, lastText, lastState]);
  if (exchanges.length === 0) {
    return (
      <div class="empty">
        <p>{l10n.t('Ask what the video shows. Answers name the moments that they rest on.')}</p>
      </div>
    );
  }
  return (
    <div
      ref={scroller}
      class="conversation"
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={l10n.t('Questions and answers')}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < endPx;
      }}
    >
      {exchanges.map((exchange) => (
        <ExchangeView key={exchange.key} exchange={exchange} />
      ))}
    </div>
  );
}

function scopeText(scope: QuestionScope | undefined): string {
  switch (scope?.kind) {
    case 'now':
      return l10n.t('Up to {0}', formatMediaTime(scope.atMs));
    case 'range':
      return `${formatMediaTime(scope.fromMs)} – ${formatMediaTime(scope.toMs)}`;
    case 'whole':
      return l10n.t('Whole video');
    case undefined:
      return '';
  }
}

function ExchangeView({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const { question, scope, followUpOf, box } = exchange;
  const part = box && l10n.t('Part of the picture at {0}', formatMediaTime(box.atMs));
  const about = [followUpOf === undefined ? '' : l10n.t('Follow-up'), part ?? scopeText(scope)];
  return (
    <article class="exchange" aria-label={question}>
      <div class="question">
        <p class="question-text">{question}</p>
        {box && <FramePicture atMs={box.atMs} box={box.box} class="question-part" />}
        <p class="question-about">{about.filter((part) => part !== '').join(' · ')}</p>
      </div>
      <AnswerView exchange={exchange} />
    </article>
  );
}

function AnswerView({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const { state, text, answer, error } = exchange;
  const page = usePage();
  const isEarly = useSelect((now) => text === '' && waitsForWatching(now, exchange));
  if (answer?.abstained) {
    return (
      // The answer's own words say the same, in the model's language.
      <div class="answer not-seen">
        <p class="not-seen-title">
          <Icon name="eyeOff" />
          {l10n.t('Not seen in this video')}
        </p>
        <button
          type="button"
          class="link-button"
          onClick={() => {
            page.searchInstead(exchange.question);
          }}
        >
          {l10n.t('Show search results for these words')}
        </button>
      </div>
    );
  }
  return (
    <div class="answer" aria-busy={state === 'waiting'}>
      {text !== '' && <AnswerText text={text} isWhole={state !== 'waiting'} />}
      {state === 'waiting' && (
        <p class="waiting" role="status">
          <span class="waiting-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {isEarly ? (
            <span>{l10n.t('This part is still being watched.')}</span>
          ) : (
            <span class="visually-hidden">{l10n.t('Answering')}</span>
          )}
        </p>
      )}
      {state === 'stopped' && <p class="quiet">{l10n.t('Stopped')}</p>}
      {state === 'failed' && error && (
        <ErrorNotice
          error={error}
          onRetry={() => {
            page.askAgain(exchange);
          }}
        />
      )}
      {answer && <Citations citations={answer.citations} />}
    </div>
  );
}

function Citations({ citations }: { readonly citations: readonly Citation[] }): JSX.Element | null {
  const page = usePage();
  if (citations.length === 0) return null;
  return (
    <ul class="citations" aria-label={l10n.t('Seen at')}>
      {citations.map(({ rowId, startMs, text, origin }, index) => (
        <li key={`${rowId} ${index}`}>
          <button
            type="button"
            class="citation"
            aria-label={l10n.t('Go to {0}: {1}', formatMediaTime(startMs), text)}
            title={text}
            onClick={() => {
              page.seek(startMs);
            }}
          >
            <FramePicture atMs={startMs} class="citation-frame" />
            <span class="citation-words">
              <span class="time">{formatMediaTime(startMs)}</span>
              <span class="citation-text">
                {origin === 'speech' ? l10n.t('heard: {0}', text) : text}
              </span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
