/** Tells screen readers what is new, politely and not too often. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMediaTime, withoutQuotes, type GuidanceRow } from '../protocol/index.ts';
import { revealedRows } from './selectors.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** What comes faster than this is told together. */
const pauseMs = 5000;

function told(rows: readonly GuidanceRow[], count: number): string {
  const last = rows.at(-1);
  if (!last || count <= 0) return '';
  const sentence = `${formatMediaTime(last.atMs)}: ${withoutQuotes(last.text)}`;
  return count === 1 ? sentence : l10n.t('{0} new. {1}', count, sentence);
}

/** Whether what is listed now is news: rows that are read from the store are none. */
const isNews = ({ settings, watchedFrom, player }: State): boolean =>
  settings.revealGuidance === 'asPlayed' ? player.isPlaying : watchedFrom !== undefined;

/** The newest answer that was given while somebody listened; stored ones have no scope. */
const newestAnswer = ({ exchanges }: State): string | undefined =>
  exchanges.findLast(({ answer, scope }) => answer && scope)?.answer?.text;

/** A region that nobody sees. */
export function Announcer(): JSX.Element {
  const rows = useSelect(revealedRows);
  const isWanted = useSelect(({ settings }) => settings.announceGuidance);
  const isNew = useSelect(isNews);
  const answer = useSelect(newestAnswer);
  const [guidance, setGuidance] = useState('');
  const latest = useRef({ rows, count: rows.length });
  latest.current.rows = rows;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const { current } = latest;
    // What waits to be told stays news.
    const isOld = !isNew && timer.current === undefined;
    if (rows.length < current.count || !isWanted || isOld) current.count = rows.length;
    if (rows.length === current.count) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setGuidance(told(current.rows, current.rows.length - current.count));
      current.count = current.rows.length;
    }, pauseMs);
  }, [rows, isWanted, isNew]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return (
    <div class="visually-hidden">
      <div role="status" aria-live="polite">
        {isWanted ? guidance : ''}
      </div>
      <div role="status" aria-live="polite">
        {answer === undefined ? '' : l10n.t('Answer: {0}', answer)}
      </div>
    </div>
  );
}
