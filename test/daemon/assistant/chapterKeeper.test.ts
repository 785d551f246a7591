import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChapterKeeper, type ChapterStep } from '../../../daemon/assistant/chapterKeeper.ts';
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
  parts: { titler?: ChapterTitler; named?: readonly Chapter[]; isLive?: boolean } = {},
  watchedMs?: number,
): ChapterKeeper =>
  new ChapterKeeper({
    ...{ timeline: video.timeline, titler, named: [], frameRateFps: 2, ...parts },
    ...{ cuts: defaultSceneCutConfig },
    onProblem: (error) => {
      problems.push(error);
    },
    ...(watchedMs === undefined ? {} : { watchedMs: mediaMs(watchedMs) }),
  });

/** Each screen stands for 20 s and has one line of its own. @param from first frame @param to first frame that is not seen */
async function watch(
  chapters: ChapterKeeper,
  screens: readonly string[],
  { from = 0, to = screens.length * 40, isKnown = false } = {},
): Promise<void> {
  for (let frame = from; frame < to; frame++) {
    const ptsMs = mediaMs(frame * 500);
    const at = Math.floor(frame / 40);
    const isNew = frame % 40 === 0;
    const line = openedLine({ id: at, text: screens[at]!, startMs: ptsMs });
    if (isNew && !isKnown) video.timeline.append(screenText(screens[at]!, ptsMs));
    const closed =
      isNew && frame > 0
        ? [{ id: at - 1, endMs: ptsMs, provenance: { sightings: 1, readings: 1 } }]
        : [];
    const update = { ...emptyUpdate, opened: isNew || frame === from ? [line] : [], closed };
    const step = await chapters.see(ptsMs, update, { isKnown, signal });
    if (isKnown) continue;
    video.timeline.transaction(() => {
      store(step);
      video.timeline.markWatched(ptsMs);
    });
  }
}
/** As the recorder does. */
function store(step: ChapterStep): void {
  told.push(...step(() => true));
}
const stored = (): TimelineRow[] => video.timeline.read({ kinds: ['chapter'] });
const essence = (rows: readonly TimelineRow[]) =>
  rows.map((row) => row.kind === 'chapter' && [row.startMs, row.endMs, row.title]);

describe('chapters', () => {
  it('are cut, titled by the model, and told again under their ids when they end', async () => {
    const chapters = keeper();
    await watch(chapters, ['editor', 'browser', 'terminal']);
    store(await chapters.finish(mediaMs(61_000), { signal }));
    expect(essence(stored())).toEqual([
      [0, 20_000, 'About editor'],
      [20_000, 40_000, 'About browser'],
      [40_000, 61_000, 'About terminal'],
    ]);
    expect(stored()[1]).toMatchObject({ origin: 'model', model: 'pack 1' });
    const ids = stored().map(({ id }) => id);
    expect([...new Set(told.map(({ id }) => id))]).toEqual(ids);
    expect(essence(ids.map((id) => told.findLast((row) => row.id === id)!))).toEqual(
      essence(stored()),
    );
    expect(video.timeline.search({ query: 'About', limit: 5 })).toEqual([]);
    expect(video.timeline.find({ query: 'About browser', limit: 1 })[0]?.kind).toBe('chapter');
  });

  it('grow with the video: told again every few seconds, titled again when they have doubled', async () => {
    let asked = 0;
    const counting: ChapterTitler = {
      title: (rows, options) => {
        asked++;
        return titler.title(rows, options);
      },
    };
    await watch(keeper({ titler: counting }), ['editor', 'browser', 'browser']);
    expect(essence(stored())).toEqual([
      [0, 20_000, 'About editor'],
      [20_000, 59_500, 'About browser'],
    ]);
    expect(essence(told)).toEqual([
      [0, 20_000, 'About editor'],
      ...[32_000, 36_000, 40_000, 44_000, 48_000, 52_000, 56_000].map((endMs) => [
        ...[20_000, endMs, 'About browser'],
      ]),
    ]);
    expect(asked).toBe(3);
  });

  it('hold up no frame of what is live: a title comes with the first frame behind which it is there', async () => {
    const slow = Promise.withResolvers<undefined>();
    const waiting: ChapterTitler = {
      title: async (rows, options) => {
        await slow.promise;
        return titler.title(rows, options);
      },
    };
    const chapters = keeper({ titler: waiting, isLive: true });
    const screens = ['editor', 'browser', 'terminal'];
    await watch(chapters, screens, { to: 100 });
    expect(stored()).toEqual([]);
    slow.resolve(undefined);
    await chapters.settled();
    await watch(chapters, screens, { from: 100, to: 101 });
    expect(essence(stored())).toEqual([[0, 20_000, 'About editor']]);
    await chapters.settled();
    await watch(chapters, screens, { from: 101, to: 102 });
    store(await chapters.finish(mediaMs(51_000), { signal }));
    expect(essence(stored())).toEqual([
      [0, 20_000, 'About editor'],
      [20_000, 51_000, 'About browser'],
    ]);
  });

  it('of what is live wait for their titles at its end', async () => {
    const chapters = keeper({ isLive: true });
    await watch(chapters, ['editor', 'browser', 'terminal']);
    store(await chapters.finish(mediaMs(61_000), { signal }));
    expect(essence(stored())).toEqual([
      [0, 20_000, 'About editor'],
      [20_000, 40_000, 'About browser'],
      [40_000, 61_000, 'About terminal'],
    ]);
  });

  it('are none in a video that shows one thing, and none that are too short at its end', async () => {
    const one = keeper();
    await watch(one, ['editor']);
    store(await one.finish(mediaMs(20_000), { signal }));
    expect(stored()).toEqual([]);
    const two = keeper();
    await watch(two, ['editor', 'browser'], { to: 55 });
    store(await two.finish(mediaMs(27_500), { signal }));
    expect(essence(stored())).toEqual([[0, 27_500, 'About editor']]);
  });

  it('are those that the file names, told once, and no others', async () => {
    const named = [{ startMs: mediaMs(0), endMs: mediaMs(30_000), title: 'Hello' }];
    for (let round = 0; round < 2; round++) {
      const chapters = keeper({ named });
      await watch(chapters, ['editor', 'browser']);
      store(await chapters.finish(mediaMs(40_000), { signal }));
    }
    expect(essence(stored())).toEqual([[0, 30_000, 'Hello']]);
    expect(told).toHaveLength(1);
  });

  it.each([1, 7, 8, 9, 40, 47, 48, 51, 52, 53, 79])(
    'are those of an undisturbed watching when it was killed behind frame %i',
    async (frame) => {
      const screens = ['editor', 'browser'];
      await watch(keeper(), screens, { to: frame });
      // What a frame had not brought to its end is forgotten with it.
      video.timeline.append({
        ...{ kind: 'chapter', title: 'Lost', origin: 'model', model: 'pack 1', evidence: [] },
        ...{ startMs: mediaMs(0), endMs: mediaMs(frame * 500) },
      });
      video.timeline.beginIndexing();
      const chapters = keeper({}, (frame - 1) * 500);
      await watch(chapters, screens, { from: Math.max(0, frame - 40), to: frame, isKnown: true });
      await watch(chapters, screens, { from: frame });
      store(await chapters.finish(mediaMs(40_000), { signal }));
      expect(essence(stored())).toEqual([
        [0, 20_000, 'About editor'],
        [20_000, 40_000, 'About browser'],
      ]);
    },
  );

  it('stay as they were marked where frames were dropped', async () => {
    const chapters = keeper();
    await watch(chapters, ['editor', 'browser']);
    const marked = stored();
    const end = await chapters.finish(mediaMs(41_000), { signal });
    expect(end(() => false)).toHaveLength(1);
    expect(stored()).toEqual(marked);
  });

  it('take in what follows and gets no title', async () => {
    const choosy: ChapterTitler = {
      title: (rows, options) => {
        const isBrowser = rows.at(-1)?.text === 'browser';
        return isBrowser ? Promise.resolve(undefined) : titler.title(rows, options);
      },
    };
    const chapters = keeper({ titler: choosy });
    await watch(chapters, ['editor', 'browser', 'terminal']);
    store(await chapters.finish(mediaMs(60_000), { signal }));
    expect(essence(stored())).toEqual([
      [0, 40_000, 'About editor'],
      [40_000, 60_000, 'About terminal'],
    ]);
  });

  it('begin with the video although its first part has no title, and a titler that fails ends nothing', async () => {
    const choosy: ChapterTitler = {
      title: (rows, options) => {
        const isEditor = rows.some((row) => row.text === 'editor' && row.startMs === 0);
        return isEditor && rows.length === 1
          ? Promise.reject(new Error('no words'))
          : titler.title(rows, options);
      },
    };
    const chapters = keeper({ titler: choosy });
    await watch(chapters, ['editor', 'browser', 'terminal']);
    store(await chapters.finish(mediaMs(60_000), { signal }));
    expect(problems).toEqual([new Error('no words')]);
    expect(essence(stored())).toEqual([
      [0, 40_000, 'About browser'],
      [40_000, 60_000, 'About terminal'],
    ]);
  });

  it('end nothing but the watching that was stopped', async () => {
    const stop = new AbortController();
    const stopping: ChapterTitler = {
      title: () => {
        stop.abort();
        return Promise.reject(new Error('stopped'));
      },
    };
    const chapters = keeper({ titler: stopping });
    await watch(chapters, ['editor', 'browser'], { to: 51 });
    const opened = openedLine({ id: 1, text: 'browser', startMs: mediaMs(25_500) });
    const update = { ...emptyUpdate, opened: [opened] };
    const finished = chapters.see(mediaMs(25_500), update, {
      ...{ isKnown: false, signal: stop.signal },
    });
    await expect(finished).rejects.toBe(stop.signal.reason);
    expect(problems).toEqual([]);
  });
});
