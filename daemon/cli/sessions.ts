/** codealong sessions: what was watched live and is kept; or one of them is deleted. */
import { deleteKept, formatMediaTime, listKept, liveIdPattern } from '../../protocol/index.ts';
import { UsageError } from './arguments.ts';
import { printJson, type VerbContext } from './context.ts';

/** @throws UsageError, AppError; the signal's reason after Ctrl+C */
export async function sessions(context: VerbContext): Promise<number> {
  const { connect, values, output, signal } = context;
  if (context.words.length > 0) return remove(context);
  using connection = await connect();
  const kept = await connection.request(listKept, {}, { signal });
  if (values.json) {
    printJson(output, kept);
    return 0;
  }
  for (const { videoId, name, startedMs, watchedMs, isRunning } of kept.sessions) {
    const length = isRunning ? `${formatMediaTime(watchedMs)} so far` : formatMediaTime(watchedMs);
    output.line(`${videoId}  ${formatWallTime(startedMs)}  ${length}  ${name}`);
  }
  if (kept.sessions.length === 0) output.note('Nothing was watched live yet.');
  return 0;
}

async function remove({ words, connect, values, output, signal }: VerbContext): Promise<number> {
  const [action, videoId = ''] = words;
  if (action !== 'delete') {
    throw new UsageError(`"codealong sessions" knows "delete ID", not "${action ?? ''}".`);
  }
  if (!liveIdPattern.test(videoId)) {
    throw new UsageError(`"${videoId}" is not the id of a live session: "sessions" lists them.`);
  }
  using connection = await connect();
  await connection.request(deleteKept, { videoId }, { signal });
  if (values.json) printJson(output, { deleted: videoId });
  else output.note(`${videoId} is deleted.`);
  return 0;
}

/** In the time zone of whoever reads it: 2026-11-21 23:40. */
function formatWallTime(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
