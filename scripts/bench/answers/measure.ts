/** Searches, questions and summaries on annotated recordings; nothing without `--clips`. */
import type { Bench } from '../bench.ts';
import { DaemonRun } from '../daemonRun.ts';
import { readClips, type Clip } from '../reading/clips.ts';
import { mean, median } from '../statistics.ts';
import type { Comparison, ComparisonRow } from '../table.ts';
import { isHit, keywordsIn, scoreAnswer } from './rules.ts';

/** Nothing in any recording answers them. */
const unanswerable: readonly string[] = [
  "What is the presenter's date of birth?",
  'Which bank account number was entered?',
];

/** What one recording gave; shares but for the times. */
interface ClipScore {
  readonly found: number;
  readonly grounded: number;
  readonly right: number;
  readonly abstained: number;
  readonly keywords: number;
  readonly askMs: number;
  readonly summaryMs: number;
}

/** Goals: 0.9 of searches, 0.7 of questions grounded, 0.5 right, 0.7 of the keywords. */
export async function measureAnswers(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Comparison[]> {
  if (bench.clips === undefined) return [];
  await using daemon = await DaemonRun.start(bench, { signal });
  const clips = await readClips(bench.clips);
  const scores: ClipScore[] = [];
  for (const clip of clips) {
    await daemon.watch(clip.file, { signal });
    scores.push(await scoreClip(daemon, clip, { signal }));
  }
  const all = Object.fromEntries(
    parts.map((part) => [part, mean(scores.map((score) => score[part]))]),
  ) as unknown as ClipScore;
  const row = (key: string, name: string, score: ClipScore): ComparisonRow => ({
    ...{ key, name, unit: 'share' },
    cells: shares.map((part) => [score[part]]),
  });
  const times = ({ askMs, summaryMs }: ClipScore): string =>
    `An answer takes ${Math.round(askMs)} ms, a summary ${Math.round(summaryMs)} ms.`;
  return [
    {
      ...{ key: 'answers', heading: 'Real recordings: searches, questions and summaries' },
      columns: ['searches', 'grounded', 'right', 'abstained', 'summary keywords'],
      rows: [
        row('all', `All ${clips.length} recordings`, all),
        ...clips.map(({ slug }, index) => row(slug, slug, scores[index]!)),
      ],
      notes: [
        times(all),
        'Goals: 90 %, 70 %, 50 %, none, 70 %. Abstained: of two questions that nothing answers.',
      ],
    },
  ];
}

const shares = ['found', 'grounded', 'right', 'abstained', 'keywords'] as const;
const parts = [...shares, 'askMs', 'summaryMs'] as const;

async function scoreClip(
  daemon: DaemonRun,
  clip: Clip,
  { signal }: { signal: AbortSignal },
): Promise<ClipScore> {
  const { file, texts, questions, summaryKeywords, durationSeconds } = clip;
  const found: boolean[] = [];
  for (const text of texts) {
    found.push(isHit(text, await daemon.search(text.text, { file, signal })));
  }
  const answers = [];
  const askMs: number[] = [];
  for (const question of questions) {
    const startMs = performance.now();
    const answer = await daemon.ask(file, question, { signal });
    askMs.push(performance.now() - startMs);
    answers.push(scoreAnswer(question, answer, { durationSeconds }));
  }
  const abstained: boolean[] = [];
  for (const text of unanswerable) {
    abstained.push((await daemon.ask(file, { text }, { signal })).abstained);
  }
  const startMs = performance.now();
  const { markdown } = await daemon.summarize(file, { signal });
  return {
    found: shareOf(found),
    grounded: shareOf(answers.map(({ isGrounded }) => isGrounded)),
    right: shareOf(answers.map(({ isRight }) => isRight)),
    abstained: shareOf(abstained),
    keywords: keywordsIn(markdown, summaryKeywords, { durationSeconds }),
    askMs: median(askMs),
    summaryMs: performance.now() - startMs,
  };
}

const shareOf = (values: readonly boolean[]): number =>
  values.filter(Boolean).length / values.length;
