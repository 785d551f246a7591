import { describe, expect, it } from 'vitest';
import type { RecallModel } from '../../../daemon/assistant/recall.ts';
import { summarize, type SummaryRange } from '../../../daemon/assistant/summarizer.ts';
import {
  linkMoments,
  mediaMs,
  type ChapterRow,
  type NewRow,
  type ScreenRegion,
  type SummaryRow,
} from '../../../protocol/index.ts';
import { ScriptedRecall, type RecallCall, type Scripted } from '../../helpers/scriptedRecall.ts';
import { guidance, screenText } from '../timeline/rowSamples.ts';
import { longTimeline, watchedVideo } from './timelines.ts';

const { signal } = new AbortController();

interface Summarized {
  readonly summary: SummaryRow;
  readonly calls: readonly RecallCall[];
}

async function check(
  rows: readonly NewRow[],
  reply: Scripted | ((call: RecallCall) => Scripted),
  options: { range?: SummaryRange; durationMs?: number; isDemonstration?: boolean } = {},
): Promise<Summarized> {
  const { range = {}, durationMs = 60_000, isDemonstration = false } = options;
  using video = watchedVideo(rows, durationMs);
  const model = new ScriptedRecall(reply);
  const parts = { timeline: video.timeline, model, isDemonstration };
  const summary = await summarize(range, parts, { signal });
  expect(video.timeline.read({ kinds: ['summary'] })).toEqual([summary]);
  return { summary, calls: model.calls };
}

const nothing: Scripted = { names: [] };
const prompt = 'Summarize what happened.';
const words = (markdown: string): number => markdown.split(/\s+/).filter(Boolean).length;
const inRegion = (text: string, region: ScreenRegion, startMs: number, endMs: number): NewRow => ({
  ...screenText(text, startMs, endMs),
  region,
});
const chapter = (title: string, startMs: number, endMs: number): NewRow<ChapterRow> => ({
  ...{ kind: 'chapter', title, startMs: mediaMs(startMs), endMs: mediaMs(endMs) },
  ...{ origin: 'model', evidence: [], model: 'scripted' },
});

describe('summarize', () => {
  it('writes what the model says and finds weighty, each with its time, and its lists', async () => {
    const { summary } = await check(
      [
        guidance('Opens main.py.', 1000, 2000),
        inRegion('import requests', 'editor', 5000, 50_000),
        inRegion('$ pytest', 'terminal', 64_000, 90_000),
        guidance('Runs pytest.', 65_000, 66_000),
        inRegion('E  ModuleNotFoundError', 'terminal', 66_000, 70_000),
        guidance('Installs requests.', 80_000, 81_000),
      ],
      ({ question }) => {
        if (question === prompt) {
          return {
            says: 'They ran pytest.',
            names: ['Runs pytest.', '$ pytest', 'import requests'],
          };
        }
        if (question.includes('commands')) return { names: ['$ pytest'] };
        if (question.includes('errors')) return { names: ['E  ModuleNotFoundError'] };
        return nothing;
      },
      { durationMs: 90_000 },
    );
    expect(summary.markdown).toBe(`# Summary 0:00–1:30

- **0:05** They ran pytest.
- **0:05** \`import requests\`
- **1:05** Runs pytest.

## Commands

- **1:04** \`$ pytest\`

## Errors

- **1:06** \`E  ModuleNotFoundError\` (until 1:10)
- **1:20** Installs requests.
`);
    expect(summary.citations.map(({ startMs }) => startMs)).toEqual([
      5000, 5000, 65_000, 64_000, 66_000, 80_000,
    ]);
  });

  it('tells in which part of the screen a line stood, where one would not look for it', async () => {
    const rows = [
      inRegion('Saved.', 'dialog', 0, 9000),
      inRegion('Log out', 'dialog', 400, 9000),
      inRegion('class Invoice:', 'editor', 0, 9000),
    ];
    const { summary } = await check(rows, ({ question }) =>
      question === prompt ? { names: rows.map((row) => ('text' in row ? row.text : '')) } : nothing,
    );
    expect(summary.markdown).toContain(
      '- **0:00** dialog: `Saved.`, `Log out`\n- **0:00** `class Invoice:`',
    );
  });

  it('quotes no line that was hardly read, has no letters, or says nothing new', async () => {
    const rows = [
      { ...screenText('const total = sum(prices);', 0, 9000), confidence: 0.95 },
      { ...screenText('const total = sun(prices);', 1000, 9000), confidence: 0.5 },
      { ...screenText('total = sum(prices)', 2000, 9000), confidence: 0.95 },
      { ...screenText('2 1', 2000, 9000), confidence: 0.95 },
    ];
    const { summary, calls } = await check(rows, ({ evidence }) => ({
      names: evidence.map(({ text }) => text),
    }));
    expect(calls[0]?.evidence).toHaveLength(2);
    expect(summary.markdown.match(/^- .*$/gm)).toHaveLength(1);
  });

  it('shows nothing that the model has not named, however much there is', async () => {
    const rows = [guidance('Opens main.py.', 0), screenText('class Invoice:', 2000, 50_000)];
    const { summary } = await check(rows, nothing);
    expect(summary.markdown).toBe('# Summary 0:00–1:00\n');
    expect(summary.citations).toEqual([]);
  });

  it('shows as code what a sentence quotes, and cites it in plain text', async () => {
    const rows = [guidance('Opens `main.py`.', 1000), guidance('Runs `pytest`.', 9000)];
    const { summary } = await check(rows, ({ evidence, question, about }) => {
      if (question !== prompt) return nothing;
      const names = evidence.map(({ text }) => text);
      return about ? { says: 'Opens main.py.', names } : { names };
    });
    expect(summary.markdown).toContain('- **0:09** Runs `pytest`.');
    // It was said already.
    expect(summary.markdown).not.toContain('Opens `main.py`.');
    const cited = summary.citations.map(({ text }) => text);
    expect(new Set(cited)).toEqual(new Set(['Opens main.py.', 'Runs pytest.']));
  });

  it('sums the sentences of parts up in one more', async () => {
    const rows = Array.from({ length: 16 }, (_, i) => guidance(`Step${i} done${i}.`, i * 1000));
    const { summary, calls } = await check(rows, ({ evidence, question, about }) => {
      if (question !== prompt) return nothing;
      const texts = (about ?? []).map((row) => evidence[row]!.text);
      return { says: `[${texts.join(' ')}]`, names: evidence.map(({ text }) => text) };
    });
    const [first, ...asked] = calls.filter(({ question }) => question === prompt);
    expect(first?.evidence).toHaveLength(16);
    const told = asked.filter(({ about }) => about).map(({ about }) => about!.length);
    expect(told.at(-1)).toBe(3);
    expect(told.slice(0, -1).reduce((sum, count) => sum + count)).toBe(16);
    expect(told.every((count) => count <= 3)).toBe(true);
    const last = asked.at(-1)!;
    expect(last.evidence[0]).toEqual({ kind: 'guidance', text: '[Step0 done0. Step1 done1.]' });
    expect(summary.markdown).toMatch(/\n\n- \*\*0:00\*\* \[\[Step0 .*\n\n- /);
    // It cites the row behind the sentence, as it was stored.
    expect(summary.citations[0]?.text).toBe('Step0 done0.');
  });

  it('has a heading for each chapter, with what happened in it', async () => {
    const rows = [
      chapter('Set-up', 0, 30_000),
      chapter('Tests', 30_000, 60_000),
      guidance('Installs flask.', 1000),
      guidance('Runs pytest.', 40_000),
    ];
    const { summary, calls } = await check(rows, ({ evidence, question }) =>
      question === prompt ? { names: [evidence[0]!.text] } : nothing,
    );
    expect(summary.markdown).toBe(
      '# Summary 0:00–1:00\n\n## Set-up\n\n- **0:01** Installs flask.\n\n## Tests\n\n- **0:40** Runs pytest.\n',
    );
    const judged = calls.filter(({ question, about }) => question === prompt && !about);
    expect(judged.map(({ evidence }) => evidence.length)).toEqual([1, 1]);
  });

  it('shows every line to the model, a few at a time, and says nothing about their order', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      inRegion(`$ command ${i}`, 'terminal', i * 1000, i * 1000 + 900),
    );
    const { summary, calls } = await check(rows, ({ question, evidence }) =>
      question.includes('commands')
        ? { names: evidence.slice(0, 1).map(({ text }) => text) }
        : nothing,
    );
    for (const asked of [prompt, 'Which commands were run?']) {
      const of = calls.filter(({ question }) => question === asked);
      expect(of.map(({ evidence }) => evidence.length)).toEqual([20, 20]);
      expect(of.every(({ isList, isSilent }) => isList && isSilent)).toBe(true);
    }
    expect(summary.citations.map(({ text }) => text)).toEqual(['$ command 0', '$ command 20']);
  });

  it('speaks of all of a long video, chapters or not', async () => {
    const rows = Array.from({ length: 1200 }, (_, i) =>
      inRegion(`value${i} = compute${i}()`, 'editor', i * 1000, i * 1000 + 5000),
    );
    const { summary, calls } = await check(
      [chapter('All', 0, 1_200_000), ...rows],
      ({ question, evidence }) =>
        question === prompt ? { names: evidence.map(({ text }) => text) } : nothing,
      { durationMs: 1_200_000 },
    );
    const minutes = new Set(summary.citations.map(({ startMs }) => Math.floor(startMs / 120_000)));
    expect(minutes.size).toBe(10);
    expect(summary.markdown.match(/## All/g)).toHaveLength(1);
    expect(calls.length).toBeLessThan(70);
  });

  it('puts a row into the list that it fits best', async () => {
    const rows = [inRegion('npm test', 'terminal', 0, 9000)];
    using video = watchedVideo(rows, 60_000);
    const model = new ScriptedRecall(nothing);
    const shares: Readonly<Record<string, number>> = {
      ...{ 'Which commands were run?': 0.9, 'Which files were touched?': 0.95 },
      'Which errors appeared?': 0.4,
    };
    const judging: RecallModel = {
      ...{ name: model.name, notSeenReply: model.notSeenReply },
      ...{ limits: model.limits, prompts: model.prompts },
      recall: ({ question }) =>
        Promise.resolve({ rows: [], shares: [shares[question] ?? 0], text: '', notSeen: 0 }),
    };
    const parts = { timeline: video.timeline, model: judging, isDemonstration: false };
    const { markdown } = await summarize({}, parts, { signal });
    expect(markdown).toContain('## Files\n\n- **0:00** `npm test`');
    expect(markdown).not.toContain('## Commands');
  });

  it('looks for things of a list where they stand', async () => {
    const rows = [inRegion('$ ls', 'terminal', 0, 9000), inRegion('$ in prose', 'slide', 0, 9000)];
    const { calls } = await check(rows, nothing);
    const asked = calls.find(({ question }) => question.includes('commands'));
    expect(asked?.evidence.map(({ text }) => text)).toEqual(['$ ls']);
  });

  it('says when a demonstration model wrote it, and when there is nothing', async () => {
    const { summary } = await check([], nothing, { isDemonstration: true });
    expect(summary.markdown).toContain('small demonstration model');
    expect(summary.markdown).toContain('Nothing was seen');
  });

  it('covers only the stretch that was asked for, and ends with the video', async () => {
    const rows = [0, 20_000, 40_000].map((atMs) => guidance(`Opens file_${atMs}.py.`, atMs));
    const range = { fromMs: mediaMs(10_000), toMs: mediaMs(30_000) };
    const { summary, calls } = await check(rows, nothing, { range });
    expect(calls[0]?.evidence.map((row) => row.text)).toEqual(['Opens file_20000.py.']);
    expect(summary).toMatchObject({ startMs: 10_000, endMs: 30_000 });
    expect(summary.markdown).toContain('# Summary 0:10–0:30');
    const long = { fromMs: mediaMs(10_000), toMs: mediaMs(10_000_000) };
    expect((await check(rows, nothing, { range: long })).summary.endMs).toBe(60_000);
  });

  it.each([
    ['after the end of the video', { fromMs: mediaMs(60_001) }],
    ['after its own end', { fromMs: mediaMs(2000), toMs: mediaMs(1000) }],
  ])('refuses a stretch that begins %s', async (_, range) => {
    using video = watchedVideo([guidance('Opens main.py.', 0)], 60_000);
    const model = new ScriptedRecall(nothing);
    const parts = { timeline: video.timeline, model, isDemonstration: false };
    await expect(summarize(range, parts, { signal })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    expect(video.timeline.read({ kinds: ['summary'] })).toEqual([]);
  });

  it('asks no more often however long the video is', async () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({
      ...screenText(`class Invoice${id}:`, id * 100, id * 100 + 50),
      id,
    }));
    const model = new ScriptedRecall(nothing);
    const parts = { timeline: longTimeline(rows), model, isDemonstration: false };
    const summary = await summarize({}, parts, { signal });
    expect(summary).toMatchObject({ startMs: 0, endMs: 9_999_950 });
    expect(model.calls.length).toBeLessThan(50);
  });

  it('tells how much is done, and cites exactly what it lists, in its order', async () => {
    const rows = Array.from({ length: 30 }, (_, i) =>
      guidance(`Opens file_${i}.py.`, i * 1000 + 250),
    );
    using video = watchedVideo(rows, 60_000);
    const model = new ScriptedRecall(({ evidence }) => ({
      ...{ says: 'They opened files.', names: evidence.slice(0, 3).map(({ text }) => text) },
    }));
    const parts = { timeline: video.timeline, model, isDemonstration: false };
    const done: string[] = [];
    const summary = await summarize({}, parts, {
      signal,
      onProgress: (count, total) => void done.push(`${count}/${total}`),
    });
    expect(done).toEqual(Array.from({ length: 7 }, (_, i) => `${i}/6`));
    const linked = linkMoments(summary, ({ startMs }) => `@${startMs}`);
    const items = linked.split('\n').filter((line) => line.startsWith('- '));
    expect(items.length).toBeGreaterThan(5);
    expect(items.map((item) => Number(/^- @(\d+) /.exec(item)?.[1]))).toEqual(
      summary.citations.map(({ startMs }) => startMs),
    );
  });

  it.each([1, 3, 5])('stops where it is when it is cancelled, in block %i', async (block) => {
    const rows = Array.from({ length: 30 }, (_, i) => guidance(`Opens file_${i}.py.`, i * 1000));
    using video = watchedVideo(rows, 60_000);
    const controller = new AbortController();
    const model = new ScriptedRecall(() => {
      if (model.calls.length === block) controller.abort();
      return nothing;
    });
    const parts = { timeline: video.timeline, model, isDemonstration: false };
    const work = summarize({}, parts, { signal: controller.signal });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.calls).toHaveLength(block);
    expect(video.timeline.read({ kinds: ['summary'] })).toEqual([]);
  });

  it('stays within its words, and leaves room for the lists', async () => {
    const rows: NewRow[] = [
      ...Array.from({ length: 90 }, (_, i) => guidance(`Scrolls up and down ${i} times.`, i * 600)),
      inRegion('$ make', 'terminal', 0, 60_000),
    ];
    const { summary } = await check(rows, ({ evidence, question }) => ({
      says: 'They scrolled up and down.',
      names: question === prompt ? evidence.map(({ text }) => text) : ['$ make'],
    }));
    expect(words(summary.markdown)).toBeLessThanOrEqual(160);
    expect(summary.markdown).toContain('## Commands\n\n- **0:00** `$ make`');
  });
});
