/** Tells screen readers what is new, politely, not too often, and not while somebody types. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  boundaryLimitMs,
  formatMediaTime,
  withoutQuotes,
  type GuidanceRow,
} from '../protocol/index.ts';
import { isSomebodyTyping, revealedRows } from './selectors.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** What comes faster than this is told together. */
const pauseMs = 5000;

function told(rows: readonly GuidanceRow[]): string {
  const last = rows.at(-1);
  if (!last) return '';
  const sentence = `${formatMediaTime(last.atMs)}: ${withoutQuotes(last.text)}`;
  return rows.length === 1 ? sentence : l10n.t('{0} new. {1}', rows.length, sentence);
}

/** Whether what is listed now is news: rows that are read from the store are none. */
const isNews = ({ settings, watchedFrom, player }: State): boolean =>
  settings.revealGuidance === 'asPlayed' ? player.isPlaying : watchedFrom !== undefined;

/** The newest answer that was given while somebody listened; stored ones have no scope. */
const newestAnswer = ({ exchanges }: State): string | undefined =>
  exchanges.findLast(({ answer, scope }) => answer && scope)?.answer?.text;

/** What is told of the news at the next good moment. */
function useGuidanceNews(): string {
  const rows = useSelect(revealedRows);
  const isWanted = useSelect(({ settings }) => settings.announceGuidance);
  const chattiness = useSelect(({ settings }) => settings.chattiness);
  const isSnoozed = useSelect(({ attention }) => attention.snooze !== undefined);
  const isBusy = useSelect(isSomebodyTyping);
  const isNew = useSelect(isNews);
  const [guidance, setGuidance] = useState('');
  const latest = useRef({ rows, count: rows.length, chattiness, isSnoozed, isBusy });
  Object.assign(latest.current, { rows, isSnoozed, isBusy });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** The news wait for nothing but a pause. */
  const isDue = useRef(false);

  const tell = (): void => {
    const { current } = latest;
    clearTimeout(timer.current);
    timer.current = undefined;
    isDue.current = false;
    const news = current.rows.slice(current.count);
    // What comes while guidance is snoozed is never news again; what was asked for is told all the same.
    const heard = news.filter(({ request }) => !current.isSnoozed || request !== undefined);
    if (heard.length > 0) setGuidance(told(heard));
    current.count = current.rows.length;
  };
  useEffect(() => {
    const { current } = latest;
    // What waits to be told stays news; what another setting lists again is none.
    const isOld = (!isNew && timer.current === undefined) || chattiness !== current.chattiness;
    current.chattiness = chattiness;
    if (rows.length < current.count || !isWanted || isOld) current.count = rows.length;
    if (rows.length === current.count) return;
    timer.current ??= setTimeout(() => {
      if (!latest.current.isBusy) {
        tell();
        return;
      }
      isDue.current = true;
      timer.current = setTimeout(tell, boundaryLimitMs);
    }, pauseMs);
  }, [rows, isWanted, isNew, chattiness]);
  useEffect(() => {
    if (isDue.current && !isBusy) tell();
  }, [isBusy]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return isWanted ? guidance : '';
}

/** A region that nobody sees. */
export function Announcer(): JSX.Element {
  const guidance = useGuidanceNews();
  const answer = useSelect(newestAnswer);
  return (
    <div class="visually-hidden">
      <div role="status" aria-live="polite">
        {guidance}
      </div>
      <div role="status" aria-live="polite">
        {answer === undefined ? '' : l10n.t('Answer: {0}', answer)}
      </div>
    </div>
  );
}
