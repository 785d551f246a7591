/** codealong code: the code on screen at a moment, ready to be piped into a file; the video is watched first when it has to be. */
import { formatMediaTime, readCode, unsureBelow, type CodeAtMoment } from '../../protocol/index.ts';
import { UsageError } from './arguments.ts';
import {
  connectWithProgress,
  printJson,
  sessionOptionsOf,
  sourceOf,
  type VerbContext,
} from './context.ts';

/** @returns 1 when no code stood on screen @throws UsageError; AppError; the signal's reason after Ctrl+C */
export async function code(context: VerbContext): Promise<number> {
  const { values, output, progress, signal } = context;
  const { at, region } = values;
  if (at === undefined) throw new UsageError('The moment is missing: --at 12:30.');
  if (region !== undefined && region !== 'editor' && region !== 'terminal') {
    throw new UsageError(`Code stands in the editor or the terminal, not in "${region}".`);
  }
  using connection = await connectWithProgress(context);
  const found = await connection.request(
    readCode,
    {
      ...{ source: sourceOf(context), atMs: at, options: sessionOptionsOf(context) },
      ...(region === undefined ? {} : { region }),
    },
    { signal },
  );
  progress[Symbol.dispose]();
  if (values.json) printJson(output, found);
  else if (found.text !== '') output.line(found.text);
  if (!values.json) for (const note of notesOn(found)) output.note(note);
  return found.text === '' ? 1 : 0;
}

/** What a person should know before using it. */
function notesOn({
  atMs,
  region,
  text,
  lines,
  fileName,
  languageId,
  parses,
}: CodeAtMoment): string[] {
  const moment = formatMediaTime(atMs);
  if (text === '') {
    const where = region === 'editor' ? 'an editor' : 'a terminal';
    return [`No text of ${where} was on screen at ${moment}.`];
  }
  const facts = [
    ...[fileName ?? `the ${region}`, `at ${moment}`],
    ...(languageId === undefined ? [] : [languageId]),
    ...(parses === undefined ? [] : [parses ? 'parses' : 'does not parse']),
  ];
  const unsure = lines.flatMap(({ confidence, seenBefore, text: line }, index) => {
    if (seenBefore) return [`  line ${index + 1}, covered now, as it was before: ${line.trim()}`];
    if (confidence >= unsureBelow) return [];
    return [`  line ${index + 1}, ${Math.round(confidence * 100)} % sure: ${line.trim()}`];
  });
  return [facts.join(', '), ...unsure];
}
