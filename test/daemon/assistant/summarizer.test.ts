import { describe, expect, it } from 'vitest';
import { summarize, type SummaryRange } from '../../../daemon/assistant/summarizer.ts';
import { linkMoments, mediaMs, type NewRow, type SummaryRow } from '../../../protocol/index.ts';
import { ScriptedRecall, type RecallCall } from '../../helpers/scriptedRecall.ts';
import { guidance, screenText } from '../timeline/rowSamples.ts';
import { longTimeline, watchedVideo } from './timelines.ts';

const { signal } = new AbortController();

interface Summarized {
  readonly summary: SummaryRow;
  readonly calls: readonly RecallCall[];
}

async function check(
  rows: readonly NewRow[],
  reply: string | ((call: RecallCall) => string),
  options: { range?: SummaryRange; durationMs?: number; isDemonstration?: boolean } = {},
): Promise<Summarized> {
  const { range = {}, durationMs = 60_000, isDemonstration = false } = options;
  using video = watchedVideo(rows, durationMs);
  const model = new ScriptedRecall(reply);
  const parts = {
    timeline: video.timeline,
    model,
    summaryPrompt: 'Summarize what happened.',
    isDemonstration,
  };
  const summary = await summarize(range, parts, { signal });
  expect(video.timeline.read({ kinds: ['summary'] })).toEqual([summary]);
  return { summary, calls: model.calls };
}

const words = (markdown: string): number => markdown.split(/\s+/).filter(Boolean).length;

describe('summarize', () => {
  it('writes a title, the model’s words, the steps with their times, and what stood on screen', async () => {
    const { summary, calls } = await check(
      [
        guidance('Opens main.py.', 1000, 2000),
        screenText('import requests', 5000, 50_000),
        guidance('Runs pytest.', 65_000, 66_000),
      ],
      'They opened main.py and ran pytest.',
      { durationMs: 90_000 },
    );
    expect(calls).toEqual([
      {
        question: 'Summarize what happened.',
        evidence: [
          { kind: 'guidance', text: 'Opens main.py.' },
          { kind: 'guidance', text: 'Runs pytest.' },
        ],
      },
    ]);
    expect(summary.markdown).toBe(`# Summary 0:00–1:30

They opened main.py and ran pytest.

- **0:01** Opens main.py.
- **1:05** Runs pytest.

On screen:

- **0:05** \`import requests\`
`);
    expect(summary.citations.map((citation) => citation.text)).toEqual([
      'Opens main.py.',
      'Runs pytest.',
      'import requests',
    ]);
  });

  it('says when a demonstration model wrote it', async () => {
    const rows = [guidance('Opens main.py.', 0)];
    const { summary } = await check(rows, 'They opened main.py.', { isDemonstration: true });
    expect(summary.markdown).toContain('small demonstration model');
  });

  it('summarises long videos in chunks of nearly equal length', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => guidance(`Step number ${i}.`, i * 1000));
    const { summary, calls } = await check(rows, ({ evidence }) => `From ${evidence[0]?.text}`);
    expect(calls.map((call) => call.evidence.length)).toEqual([10, 10, 10]);
    expect(summary.markdown).toContain('From Step number 10.');
  });

  it('covers only the stretch that was asked for', async () => {
    const rows = [0, 20_000, 40_000].map((atMs) => guidance(`Opens file_${atMs}.py.`, atMs));
    const { summary, calls } = await check(rows, 'They opened it.', {
      range: { fromMs: mediaMs(10_000), toMs: mediaMs(30_000) },
    });
    expect(calls[0]?.evidence.map((row) => row.text)).toEqual(['Opens file_20000.py.']);
    expect(summary).toMatchObject({ startMs: 10_000, endMs: 30_000 });
    expect(summary.markdown).toContain('# Summary 0:10–0:30');
  });

  it('ends with the video, however far the stretch that was asked for', async () => {
    const rows = [guidance('Opens main.py.', 50_000)];
    const { summary } = await check(rows, 'They opened main.py.', {
      range: { fromMs: mediaMs(10_000), toMs: mediaMs(10_000_000) },
    });
    expect(summary).toMatchObject({ startMs: 10_000, endMs: 60_000 });
  });

  it.each([
    ['after the end of the video', { fromMs: mediaMs(60_001) }],
    ['after its own end', { fromMs: mediaMs(2000), toMs: mediaMs(1000) }],
  ])('refuses a stretch that begins %s', async (_, range) => {
    using video = watchedVideo([guidance('Opens main.py.', 0)], 60_000);
    const parts = {
      ...{ timeline: video.timeline, model: new ScriptedRecall('never') },
      ...{ summaryPrompt: '', isDemonstration: false },
    };
    await expect(summarize(range, parts, { signal })).rejects.toMatchObject({
      code: 'request.invalid',
    });
    expect(video.timeline.read({ kinds: ['summary'] })).toEqual([]);
  });

  it('leaves out words of the model that nothing supports', async () => {
    const rows = [guidance('Opens main.py.', 0)];
    const invented = await check(rows, 'They opened utils.rs.');
    expect(invented.summary.markdown).not.toContain('utils.rs');
    const empty = await check(rows, 'Not seen in this video.');
    expect(empty.summary.markdown).not.toContain('Not seen');
  });

  it('does not ask the model when it said nothing, and shows the telling lines', async () => {
    const { summary, calls } = await check(
      [screenText('class InvoiceReader:', 2000, 50_000), screenText('}', 0, 50_000)],
      'never',
    );
    expect(calls).toEqual([]);
    expect(summary.markdown).toContain('said nothing');
    expect(summary.markdown).toContain('- **0:02** `class InvoiceReader:`');
    expect(summary.markdown).not.toContain('`}`');
  });

  it('says when there is nothing at all', async () => {
    const { summary } = await check([], 'never');
    expect(summary.markdown).toContain('Nothing was seen');
  });

  it('takes timelines of any length', async () => {
    const rows = Array.from({ length: 200_000 }, (_, id) => ({
      ...screenText('class InvoiceReader:', id * 100, id * 100 + 50),
      id,
    }));
    const parts = {
      ...{ timeline: longTimeline(rows), model: new ScriptedRecall('never') },
      ...{ summaryPrompt: '', isDemonstration: false },
    };
    const summary = await summarize({}, parts, { signal });
    expect(summary).toMatchObject({ startMs: 0, endMs: 19_999_950 });
  });

  it('tells how much is done, and cites exactly what it lists, in its order', async () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, i) => guidance(`Opens file_${i}.py.`, i * 1000 + 250)),
      ...Array.from({ length: 9 }, (_, i) => screenText(`value_${i} = ${'x '.repeat(i * 9)}`, i)),
    ];
    using video = watchedVideo(rows, 60_000);
    const model = new ScriptedRecall('They opened file_0.py.');
    const parts = { timeline: video.timeline, model, summaryPrompt: '', isDemonstration: false };
    const done: string[] = [];
    const summary = await summarize({}, parts, {
      signal,
      onProgress: (count, total) => void done.push(`${count}/${total}`),
    });
    expect(done).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4']);
    const linked = linkMoments(summary, ({ startMs }) => `@${startMs}`);
    const items = linked.split('\n').filter((line) => line.startsWith('- '));
    expect(items.map((item) => Number(/^- @(\d+) /.exec(item)?.[1]))).toEqual(
      summary.citations.map(({ startMs }) => startMs),
    );
  });

  it.each([1, 2, 3])('stops where it is when it is cancelled, in block %i', async (block) => {
    const rows = Array.from({ length: 30 }, (_, i) => guidance(`Opens file_${i}.py.`, i * 1000));
    using video = watchedVideo(rows, 60_000);
    const controller = new AbortController();
    const model = new ScriptedRecall(() => {
      if (model.calls.length === block) controller.abort();
      return '';
    });
    const parts = { timeline: video.timeline, model, summaryPrompt: '', isDemonstration: false };
    const work = summarize({}, parts, { signal: controller.signal });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.calls).toHaveLength(block);
    expect(video.timeline.read({ kinds: ['summary'] })).toEqual([]);
  });

  it('stops while it looks through what stood on screen', async () => {
    const rows = Array.from({ length: 5000 }, (_, id) => ({ ...screenText(`line_${id}`, id), id }));
    const controller = new AbortController();
    const parts = {
      ...{ timeline: longTimeline(rows), model: new ScriptedRecall('') },
      ...{ summaryPrompt: '', isDemonstration: false },
    };
    const work = summarize({}, parts, { signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('passes over a line that is too long, and quotes a shorter one of the same words', async () => {
    const rows = [
      screenText(`parse_invoice read_invoice ${'is '.repeat(200)}`, 0, 60_000),
      screenText('parse_invoice read_invoice', 0, 1000),
    ];
    const { summary } = await check(rows, 'never');
    expect(summary.citations.map(({ text }) => text)).toEqual(['parse_invoice read_invoice']);
  });

  it('stays within its words, and keeps the steps that name most', async () => {
    const rows: NewRow[] = [
      guidance('Writes parse_invoice in billing.py.', 59_000),
      ...Array.from({ length: 90 }, (_, i) => guidance('Scrolls up and down again.', i * 600)),
      ...Array.from({ length: 90 }, (_, i) => screenText(`line_${i} = value`, i * 600, 60_000)),
    ];
    const { summary } = await check(rows, 'They wrote parse_invoice.');
    expect(words(summary.markdown)).toBeLessThanOrEqual(160);
    expect(summary.markdown).toContain('- **0:59** Writes parse_invoice in billing.py.');
  });
});
