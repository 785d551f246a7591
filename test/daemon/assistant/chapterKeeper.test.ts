import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChapterKeeper } from '../../../daemon/assistant/chapterKeeper.ts';
import type { ChapterTitler } from '../../../daemon/assistant/chapterTitler.ts';
import { defaultSceneCutConfig } from '../../../daemon/assistant/sceneCuts.ts';
import { mediaMs, type Chapter, type TimelineRow } from '../../../protocol/index.ts';
import { emptyUpdate, openedLine } from '../../helpers/scriptedSession.ts';
import { screenText } from '../timeline/rowSamples.ts';
import { emptyVideo, type TestVideo } from './timelines.ts';

const { signal } = new AbortController();
let video: TestVideo;
let told: TimelineRow[];
let problems: unknown[];
beforeEach(() => {
  video = emptyVideo();
  video.timeline.beginIndexing();
  [told, problems] = [[], []];
});
afterEach(() => {
  video[Symbol.dispose]();
});

/** Names a part by its last line. */
const titler: ChapterTitler = {
  title: (rows) => {
    const last = rows.at(-1)!;
    const text = 'text' in last ? last.text : '';
    return Promise.resolve({ title: `About ${text}`, evidence: [last.id], model: 'pack 1' });
  },
};

const keeper = (
  parts: { titler?: ChapterTitler; named?: readonly Chapter[] } = {},
  watchedMs?: number,
): ChapterKeeper =>
  new ChapterKeeper({
    ...{ timeline: video.timeline, titler, named: [], frameRateFps: 2, ...parts },
    ...{ cuts: defaultSceneCutConfig },
    onRow: (row) => {
      told.push(row);
    },
    onProblem: (error) => {
      problems.push(error);
    },
    ...(watchedMs === undefined ? {} : { watchedMs: mediaMs(watchedMs) }),
  });

/** Each screen stands for 20 s and has one line of its own. @param from frame to begin at */
async function watch(
  chapters: ChapterKeeper,
  screens: readonly string[],
  { from = 0, isKnown = false } = {},
): Promise<void> {
  for (let frame = from; frame < screens.length * 40; frame++) {
    const ptsMs = mediaMs(frame * 500);
    const at = Math.floor(frame / 40);
    const isFirst = frame % 40 === 0 || frame === from;
    const line = openedLine({ id: at, text: screens[at]!, startMs: ptsMs });
    if (isFirst && !isKnown) video.timeline.append(screenText(screens[at]!, ptsMs));
    const closed =
      frame % 40 === 0 && frame > 0
        ? [{ id: at - 1, endMs: ptsMs, provenance: { sightings: 1, readings: 1 } }]
        : [];
    const update = { ...emptyUpdate, opened: isFirst ? [line] : [], closed };
    chapters.see(ptsMs, update, { isKnown, signal });
    video.timeline.markWatched(ptsMs);
    await Promise.resolve();
  }
}
const stored = (): TimelineRow[] => video.timeline.read({ kinds: ['chapter'] });
const essence = (rows: readonly TimelineRow[]) =>
  rows.map((row) => row.kind === 'chapter' && [row.startMs, row.endMs, row.title]);

describe('chapters', () => {
  it('are cut, titled by the model, and told again under their ids when they end', async () => {
    const chapters = keeper();
    await watch(chapters, ['editor', 'browser', 'terminal']);
    await chapters.finish(mediaMs(61_000), { signal });
    expect(essence(stored())).toEqual([
      [0, 20_000, 'About editor'],
      [20_000, 40_000, 'About browser'],
      [40_000, 61_000, 'About terminal'],
    ]);
    expect(stored()[1]).toMatchObject({ origin: 'model', model: 'pack 1' });
    const ids = stored().map(({ id }) => id);
    expect(told.map(({ id }) => id)).toEqual(ids.flatMap((id) => [id, id]));
    expect(video.timeline.search({ query: 'About', limit: 5 })).toEqual([]);
    expect(video.timeline.find({ query: 'About browser', limit: 1 })[0]?.kind).toBe('chapter');
  });

  it('grow with the video', async () => {
    await watch(keeper(), ['editor']);
    expect(essence(stored())).toEqual([[0, 19_500, 'About editor']]);
  });

  it('are those that the file names, told once, and no others', async () => {
    const named = [{ startMs: mediaMs(0), endMs: mediaMs(30_000), title: 'Hello' }];
    for (let round = 0; round < 2; round++) {
      const chapters = keeper({ named });
      await watch(chapters, ['editor', 'browser']);
      await chapters.finish(mediaMs(40_000), { signal });
    }
    expect(essence(stored())).toEqual([[0, 30_000, 'Hello']]);
    expect(told).toHaveLength(1);
  });

  it('go on where an earlier watching was left', async () => {
    await watch(keeper(), ['editor']);
    const chapters = keeper({}, 19_500);
    await watch(chapters, ['editor'], { from: 20, isKnown: true });
    await watch(chapters, ['editor', 'browser'], { from: 40 });
    await chapters.finish(mediaMs(40_000), { signal });
    expect(essence(stored())).toEqual([
      [0, 20_000, 'About editor'],
      [20_000, 40_000, 'About browser'],
    ]);
  });

  it('are not made of parts that get no title, and a titler that fails ends nothing', async () => {
    let round = 0;
    const choosy: ChapterTitler = {
      title: (rows, options) => {
        if (round++ === 0) return Promise.reject(new Error('no words'));
        const isBrowser = rows.some(
          (row) => row.text === 'browser' && row.startMs === rows[0]?.startMs,
        );
        return isBrowser ? titler.title(rows, options) : Promise.resolve(undefined);
      },
    };
    const chapters = keeper({ titler: choosy });
    await watch(chapters, ['editor', 'browser', 'terminal']);
    await chapters.finish(mediaMs(60_000), { signal });
    expect(problems).toEqual([new Error('no words')]);
    expect(stored().every(({ startMs }) => startMs > 0)).toBe(true);
  });
});
