/** codealong text and codealong search: what was on screen when, and when something was; a video is watched first when it has to be. */
import {
  formatMediaTime,
  readScreen,
  search as searchMethod,
  type StoredSource,
} from '../../protocol/index.ts';
import { UsageError } from './arguments.ts';
import {
  connectWithProgress,
  printJson,
  sessionOptionsOf,
  sourceOf,
  type VerbContext,
} from './context.ts';
import { formatHit, formatScreen } from './format.ts';

/** @throws UsageError; AppError; the signal's reason after Ctrl+C */
export async function text(context: VerbContext): Promise<number> {
  const { values, output, progress, signal } = context;
  const { at, region } = values;
  if (at === undefined) throw new UsageError('The moment is missing: --at 12:30.');
  using connection = await connectWithProgress(context);
  const screen = await connection.request(
    readScreen,
    {
      ...{ source: sourceOf(context), atMs: at, options: sessionOptionsOf(context) },
      ...(region === undefined ? {} : { region }),
    },
    { signal },
  );
  progress[Symbol.dispose]();
  if (values.json) printJson(output, screen);
  else if (screen.lines.length > 0) output.line(formatScreen(screen.lines));
  else output.note(`No text was on screen at ${formatMediaTime(at)}.`);
  return 0;
}

/** @throws UsageError; AppError; the signal's reason after Ctrl+C */
export async function search(context: VerbContext): Promise<number> {
  const { words, values, output, progress, signal } = context;
  const isLibrary = values.library === true;
  const query = words
    .slice(isLibrary ? 0 : 1)
    .join(' ')
    .trim();
  if (query === '') throw new UsageError('The query is empty.');
  const source: { readonly source?: StoredSource } = isLibrary ? {} : { source: sourceOf(context) };
  using connection = await connectWithProgress(context);
  const { hits } = await connection.request(
    searchMethod,
    {
      ...{ query, options: sessionOptionsOf(context), ...source },
      ...(values.limit === undefined ? {} : { limit: values.limit }),
    },
    { signal },
  );
  progress[Symbol.dispose]();
  if (values.json) {
    printJson(output, { query, hits });
    return 0;
  }
  for (const hit of hits) output.line(formatHit(hit, { withVideo: isLibrary }));
  if (hits.length === 0) {
    output.note(
      isLibrary
        ? 'No video that was watched has these words.'
        : 'These words were not seen in this video.',
    );
  }
  return 0;
}
