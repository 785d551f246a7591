/** The code on screen at this moment as text: to read, to select from, and to take along. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatMediaTime, mediaMs, unsureBelow, type CodeAtMoment } from '../protocol/index.ts';
import { ErrorNotice } from './notice.tsx';
import { usePage } from './page.ts';
import { indexedTo } from './selectors.ts';
import type { State } from './state.ts';
import { useSelect } from './useSelect.ts';

/** Reading costs the daemon a little: only where the player rests, and now and then while it plays. */
const restMs = 200;
const playingEveryMs = 2000;

/** The moment whose code is wanted. */
function wantedMs({ player }: State): number {
  const grainMs = player.isPlaying ? playingEveryMs : 1;
  return Math.floor(player.positionMs / grainMs) * grainMs;
}

/** Asks for the code wherever the player comes to rest, as long as it is shown. */
export function CodeView(): JSX.Element {
  const page = usePage();
  const { code, region, error, isWaiting } = useSelect((state) => state.code);
  const atMs = useSelect(wantedMs);
  const isLost = useSelect(({ watch }) => watch.state === 'lost');
  useEffect(() => {
    if (isLost) return;
    const timer = setTimeout(() => {
      page.readCode(mediaMs(atMs), region);
    }, restMs);
    return () => {
      clearTimeout(timer);
    };
  }, [atMs, region, isLost]);
  if (error) {
    return (
      <div class="guidance">
        <ErrorNotice
          error={error}
          onRetry={() => {
            page.readCode(mediaMs(atMs), region);
          }}
        />
      </div>
    );
  }
  return code && code.lines.length > 0 ? (
    <div class="guidance">
      <Head code={code} />
      <Lines code={code} isWaiting={isWaiting} />
    </div>
  ) : (
    <Empty atMs={code?.atMs} />
  );
}

/** What it is, and what can be done with it. */
function Head({ code }: { readonly code: CodeAtMoment }): JSX.Element {
  const page = usePage();
  const { region, fileName, languageId, lines } = code;
  const count = lines.length;
  const isTerminal = region === 'terminal';
  const words = [
    isTerminal ? l10n.t('Terminal') : fileName,
    isTerminal ? undefined : languageId,
    count === 1 ? l10n.t('1 line') : l10n.t('{0} lines', count),
  ];
  const actions = [
    ['copy', l10n.t('Copy')],
    ['insert', l10n.t('Insert')],
    ['compare', l10n.t('Compare')],
  ] as const;
  return (
    <div class="list-head">
      <p class="code-title">{words.filter((word) => word !== undefined).join(' · ')}</p>
      <span class="code-actions">
        {isTerminal ? (
          <RegionButton region="editor" label={l10n.t('Show the code')} />
        ) : (
          actions.map(([action, label]) => (
            <button
              key={action}
              type="button"
              class="link-button"
              onClick={() => {
                page.code(action, code.atMs);
              }}
            >
              {label}
            </button>
          ))
        )}
      </span>
    </div>
  );
}

interface LinesProps {
  readonly code: CodeAtMoment;
  readonly isWaiting: boolean;
}

/** Lines that may be read wrong are underlined. */
function Lines({ code, isWaiting }: LinesProps): JSX.Element {
  const { lines, atMs } = code;
  return (
    <pre
      class="code-view"
      tabIndex={0}
      aria-busy={isWaiting}
      aria-label={l10n.t('On screen at {0}', formatMediaTime(atMs))}
    >
      {lines.map(({ text, confidence }, index) => {
        const isUnsure = text.trim() !== '' && confidence < unsureBelow;
        const share = Math.round(confidence * 100);
        const title = l10n.t(
          'Read with a confidence of {0} % at {1}.',
          share,
          formatMediaTime(atMs),
        );
        return (
          <span key={index} {...(isUnsure && { class: 'code-unsure', title })}>
            {`${text}\n`}
          </span>
        );
      })}
    </pre>
  );
}

/** Why there is nothing to read. @param atMs of what was read last; undefined before anything was */
function Empty({ atMs }: { readonly atMs: CodeAtMoment['atMs'] | undefined }): JSX.Element {
  const isEarly = useSelect(
    (state) => state.watch.state === 'watching' && indexedTo(state) < state.player.positionMs,
  );
  const isTerminal = useSelect(({ code }) => code.region === 'terminal');
  const sentence = (): string => {
    if (isEarly) return l10n.t('This part is still being watched.');
    if (atMs === undefined) return l10n.t('Reading the screen…');
    const time = formatMediaTime(atMs);
    return isTerminal
      ? l10n.t('No terminal is on screen at {0} either.', time)
      : l10n.t('No code is on screen at {0}.', time);
  };
  return (
    <div class="empty">
      <p>{sentence()}</p>
      {atMs !== undefined &&
        (isTerminal ? (
          <RegionButton region="editor" label={l10n.t('Show the code')} />
        ) : (
          <RegionButton region="terminal" label={l10n.t('Show the terminal')} />
        ))}
    </div>
  );
}

interface RegionButtonProps {
  readonly region: CodeAtMoment['region'];
  readonly label: string;
}

function RegionButton({ region, label }: RegionButtonProps): JSX.Element {
  const { store } = usePage();
  return (
    <button
      type="button"
      class="link-button"
      onClick={() => {
        store.dispatch({ kind: 'regionChosen', body: { region } });
      }}
    >
      {label}
    </button>
  );
}
