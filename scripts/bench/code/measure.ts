/** Code got back from videos whose text is known: the recorded samples, and drawn editors at 1080p. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root, type Bench } from '../bench.ts';
import { DaemonRun } from '../daemonRun.ts';
import type { Comparison, ComparisonRow } from '../table.ts';
import { shownAfter } from '../../lib/sampleProject.mjs';
import { drawScreens, writeFilm, type Screen } from '../reading/screens.ts';
import { scoreCode, sumScores, type CodeScore } from './compare.ts';

/** A moment of a video with what its editor shows then. */
interface Moment {
  readonly atMs: number;
  readonly text: string;
}

interface Recorded {
  readonly video: string;
  readonly height: number;
  readonly steps: readonly {
    readonly kind: string;
    readonly slots: Readonly<Record<string, string | undefined>>;
    readonly dueMs: number;
  }[];
}

/** After what a step shows stands there; before the next one begins. */
const settledMs = 1000;
/** Each drawn editor stands so long. */
const shownSeconds = 4;
const recorded = ['pantry.events.json', 'pantry-1080p.events.json'] as const;
/** Editors that are drawn at 1080p; some of the drawn scenes are terminals and pages. */
const drawnScenes = 7;

/** Edit similarity and exact lines; goals 0.97 and 0.9 at 1080p. */
export async function measureCode(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Comparison[]> {
  if (!bench.modelPack.manifest.reader) return [];
  const videos = [];
  for (const name of recorded) {
    const events = path.join(root, 'samples', name);
    const { video, height, steps } = JSON.parse(await readFile(events, 'utf8')) as Recorded;
    const file = path.join(root, 'samples', video);
    videos.push({
      key: video,
      name: `${video}, recorded at ${height}p`,
      file,
      moments: momentsOf(steps),
    });
  }
  const drawn = await drawEditors(path.join(bench.folder, 'editors'), { signal });
  videos.push({ key: 'drawn', name: 'Drawn editors at 1080p, H.264 crf 28', ...drawn });
  await using daemon = await DaemonRun.start(bench, { signal });
  const rows: ComparisonRow[] = [];
  for (const { key, name, file, moments } of videos) {
    await daemon.watch(file, { signal });
    const scores: CodeScore[] = [];
    for (const { atMs, text } of moments) {
      const told = await daemon.codeAt(file, atMs, { signal });
      scores.push(scoreCode(text, told.text));
    }
    const [similarity, exact] = sumScores(scores);
    rows.push({
      key,
      name: `${name}, ${moments.length} moments`,
      unit: 'share',
      cells: [[similarity], [exact]],
    });
  }
  return [
    {
      ...{
        key: 'code',
        heading: 'The code at a moment',
        columns: ['edit similarity', 'lines exact'],
        rows,
      },
      notes: ['Indentation counts. Goals at 1080p: 97 % and 90 %.'],
    },
  ];
}

function momentsOf(steps: Recorded['steps']): Moment[] {
  return steps.flatMap((step) => {
    const text = shownAfter(step);
    return text === undefined ? [] : [{ atMs: step.dueMs + settledMs, text }];
  });
}

async function drawEditors(
  folder: string,
  { signal }: { signal: AbortSignal },
): Promise<{ readonly file: string; readonly moments: readonly Moment[] }> {
  await mkdir(folder, { recursive: true });
  // What a menu hides nobody can get back.
  const set = { width: 1920, height: 1080, count: drawnScenes, hasPopups: false };
  const screens = await drawScreens(folder, set);
  const film = { compression: 'H.264', secondsEach: shownSeconds, signal } as const;
  const moments = screens.flatMap((screen, index) => {
    const atMs = (index + 0.5) * shownSeconds * 1000;
    return screen.scene.layout === 'editor' ? [{ atMs, text: codeOn(screen) }] : [];
  });
  return { file: await writeFilm(folder, film), moments };
}

/** The lines of code that can be seen, with empty lines where nothing stands. */
function codeOn({ truth }: Screen): string {
  const lines = truth.filter(({ kind }) => kind === 'code').sort((a, b) => a.box.y - b.box.y);
  const pitches = lines.slice(1).map(({ box }, index) => box.y - lines[index]!.box.y);
  const pitch = Math.min(...pitches);
  let text = '';
  lines.forEach((line, index) => {
    const rows = index === 0 ? 0 : Math.round(pitches[index - 1]! / pitch);
    text += '\n'.repeat(rows) + line.text;
  });
  return text;
}
