/** codealong ask and codealong summarize: one question, one answer; the video is watched first when it has to be. */
import { ask as askMethod, summarize as summarizeMethod } from '../../protocol/index.ts';
import { UsageError } from './arguments.ts';
import {
  connectWithProgress,
  printJson,
  sessionOptionsOf,
  sourceOf,
  stretchOf,
  type VerbContext,
} from './context.ts';
import { formatAnswer } from './format.ts';

/** @throws AppError; the signal's reason after Ctrl+C */
export async function ask(context: VerbContext): Promise<number> {
  const { words, values, output, progress, signal } = context;
  const question = words[1]?.trim() ?? '';
  if (question === '') throw new UsageError('The question is empty.');
  const stretch = stretchOf(context);
  using connection = await connectWithProgress(context);
  const row = await connection.request(
    askMethod,
    {
      source: sourceOf(context),
      question,
      options: sessionOptionsOf(context),
      ...(values.at === undefined ? {} : { atMs: values.at }),
      ...stretch,
    },
    { signal },
  );
  progress[Symbol.dispose]();
  if (values.json) {
    const { text, citations, abstained, atMs, model } = row;
    printJson(output, { question, answer: text, citations, abstained, atMs, model });
  } else {
    output.line(formatAnswer(row));
  }
  return 0;
}

/** @throws AppError; the signal's reason after Ctrl+C */
export async function summarize(context: VerbContext): Promise<number> {
  const { values, output, progress, signal } = context;
  const stretch = stretchOf(context);
  using connection = await connectWithProgress(context);
  const { markdown, startMs, endMs, citations, model } = await connection.request(
    summarizeMethod,
    { source: sourceOf(context), options: sessionOptionsOf(context), ...stretch },
    { signal },
  );
  progress[Symbol.dispose]();
  if (values.json) printJson(output, { markdown, startMs, endMs, citations, model });
  else output.line(markdown.trimEnd());
  return 0;
}
