/** The whole program on an annotated recording: it watches, and is asked what stood on screen. */
import type { DaemonRun } from '../daemonRun.ts';
import type { Clip } from './clips.ts';
import { isFoundIn } from './edits.ts';

/** How far a line may begin after or end before the moment. @source the rule of text recall on the annotated recordings */
const toleranceMs = 500;

/** Which texts are told for the middle of their window. @throws what the requests throw */
export async function recallOfProgram(
  daemon: DaemonRun,
  clip: Clip,
  { signal }: { signal: AbortSignal },
): Promise<boolean[]> {
  await daemon.watch(clip.file, { signal });
  const found: boolean[] = [];
  for (const { text, atMs } of clip.texts) {
    const lines = await daemon.linesAt(clip.file, atMs, { signal });
    const shown = lines.filter(
      ({ startMs, endMs }) => startMs <= atMs + toleranceMs && endMs >= atMs - toleranceMs,
    );
    found.push(isFoundIn(text, shown.map((line) => line.text).join('\n')));
  }
  return found;
}
