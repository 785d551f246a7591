import { describe, expect, it } from 'vitest';
import {
  defaultSceneCutConfig,
  SceneCuts,
  type VisibleLine,
} from '../../../daemon/assistant/sceneCuts.ts';
import { mediaMs } from '../../../protocol/index.ts';

/** What a part of a video does with the screen: its lines at its n-th frame, by name. */
type Scene = (frame: number) => Readonly<Record<string, VisibleLine>>;

const line = (text: string, region: VisibleLine['region'] = 'editor'): VisibleLine => ({
  ...{ text, region },
});
const frameOnly = {
  menu: line('File Edit Selection View Go Run Terminal Help', 'other'),
  status: line('Ln 1, Col 1 UTF-8 TypeScript', 'statusBar'),
};

/** Someone types a line every four seconds; a popup comes and goes. */
const editing =
  (file: string): Scene =>
  (frame) => ({
    ...frameOnly,
    [`${file} path`]: line(`src > ${file}`, 'breadcrumbs'),
    ...Object.fromEntries(
      Array.from({ length: 12 + Math.floor(frame / 8) }, (_, n) => [
        `${file} ${n}`,
        line(`  const value${n} = compute(${file}, ${n});`),
      ]),
    ),
    ...(frame % 14 < 3 ? { [`${file} popup ${frame}`]: line('compute(value)', 'popup') } : {}),
  });
/** A page that is scrolled by a line a second. */
const browsing =
  (page: string): Scene =>
  (frame) =>
    Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => {
        const at = n + Math.floor(frame / 2);
        return [`${page} ${at}`, line(`Paragraph ${at} of ${page} tells of something.`, 'browser')];
      }),
    );
/** A log of 20 lines that runs by, four lines a second. */
const logging: Scene = (frame) =>
  Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => {
      const at = n + 2 * frame;
      return [`log ${at}`, line(`[${at}] request served in ${at % 90} ms`, 'terminal')];
    }),
  );

/** Watches scenes one after the other at 2 fps. @returns seconds of the true cuts, of those found, and how late each was known */
function watch(scenes: readonly (readonly [Scene, seconds: number])[]) {
  const cuts = new SceneCuts(2, 0, defaultSceneCutConfig);
  const [found, late, truth]: [number[], number[], number[]] = [[], [], []];
  let frame = 0;
  for (const [scene, seconds] of scenes) {
    if (frame > 0) truth.push(frame / 2);
    for (let n = 0; n < 2 * seconds; n++, frame++) {
      const cutMs = cuts.see(mediaMs(frame * 500), Object.values(scene(n)));
      if (cutMs === undefined) continue;
      found.push(cutMs / 1000);
      late.push(frame / 2 - cutMs / 1000);
    }
  }
  return { truth, found, late };
}

/** @param toleranceS as in capabilities of chapter finders: three seconds */
function f1({ truth, found }: ReturnType<typeof watch>, toleranceS = 3): number {
  const left = new Set(found);
  const hits = truth.filter((at) => {
    const near = [...left].find((one) => Math.abs(one - at) <= toleranceS);
    return near !== undefined && left.delete(near);
  }).length;
  return truth.length + found.length === 0 ? 1 : (2 * hits) / (truth.length + found.length);
}

describe('cuts between parts', () => {
  it('are found where another file, page or program comes, and nowhere else', () => {
    const watched = watch([
      [editing('app.ts'), 40],
      [browsing('manual'), 30],
      [editing('app.ts'), 35],
      [editing('test.ts'), 45],
      [logging, 30],
      [editing('app.ts'), 25],
    ]);
    expect(watched.found).toEqual(watched.truth);
    expect(f1(watched)).toBe(1);
  });

  it('are known at most ten seconds later', () => {
    const { late } = watch([
      [editing('app.ts'), 30],
      [browsing('manual'), 30],
    ]);
    expect(late).toHaveLength(1);
    expect(late[0]).toBeLessThanOrEqual(10);
  });

  it.each<[string, Scene]>([
    ['someone types', editing('app.ts')],
    ['a page is scrolled', browsing('manual')],
    ['a log runs by', logging],
    ['nothing is to be read', () => ({})],
  ])('are none while %s', (_what, scene) => {
    expect(watch([[scene, 180]]).found).toEqual([]);
  });

  it('are none around a look at another window that is shorter than a part', () => {
    const { found } = watch([
      [editing('app.ts'), 30],
      [browsing('manual'), 3],
      [editing('app.ts'), 30],
    ]);
    expect(found).toEqual([]);
  });

  it('leave no part shorter than the least', () => {
    const { found } = watch(
      Array.from({ length: 20 }, (_, n) => [editing(`file${n}.ts`), 7] as const),
    );
    const lengths = found.map((at, n) => at - (found[n - 1] ?? 0));
    expect(lengths.length).toBeGreaterThan(3);
    expect(Math.min(...lengths) * 1000).toBeGreaterThanOrEqual(defaultSceneCutConfig.leastPartMs);
  });
});
