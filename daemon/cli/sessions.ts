/** codealong sessions: what was watched live and is kept. */
import { formatMediaTime, listKept } from '../../protocol/index.ts';
import { printJson, type VerbContext } from './context.ts';

/** @throws AppError; the signal's reason after Ctrl+C */
export async function sessions({ connect, values, output, signal }: VerbContext): Promise<number> {
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

/** In the time zone of whoever reads it: 2026-11-21 23:40. */
function formatWallTime(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
