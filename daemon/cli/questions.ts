/** codealong ask and codealong summarize: one question, one answer; the video is watched first when it has to be. */
import {
  ask as askMethod,
  summarize as summarizeMethod,
  watchProgress,
} from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { UsageError } from './arguments.ts';
import { printJson, sessionOptionsOf, sourceOf, stretchOf, type VerbContext } from './context.ts';
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

async function connectWithProgress({ connect, progress }: VerbContext): Promise<DaemonConnection> {
  const connection = await connect();
  connection.onNotification(watchProgress, ({ positionMs, durationMs }) => {
    progress.at(positionMs, durationMs);
  });
  return connection;
}
