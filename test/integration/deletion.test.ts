/** What is deleted is gone from the disk: also when the process that deletes is killed half-way. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../daemon/base/log.ts';
import { Library } from '../../daemon/library.ts';
import { Recordings } from '../../daemon/media/recordings.ts';
import { TimelineStore } from '../../daemon/timeline/timelineStore.ts';
import { mediaMs, wallMs } from '../../protocol/index.ts';
import { guidance, screenText } from '../daemon/timeline/rowSamples.ts';

const [gone, kept] = ['live-000000000001', 'live-000000000002'] as const;
/** Of each kind of thing that is stored; no two begin alike, since an index stores the beginning of words once. */
const words = [
  'abrzyqx',
  'benkwolf',
  'cruvimp',
  'dollutz',
  'egrifax',
  'fjordyp',
  'gnumbix',
] as const;
const sound = words[5];
const other = 'hobbelqu';

let home: string;
const openStore = (): TimelineStore =>
  new TimelineStore({ file: join(home, 'timeline.db'), onDamage: () => undefined });
const libraryOf = (store: TimelineStore): Library =>
  new Library(store, new Recordings({ folder: join(home, 'live'), maxBytes: 1e9, log: silentLog }));

/** All that lies in the home, in small letters. */
function onDisk(): string {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1').toLowerCase())
    .join('\n');
}
const left = (): string[] => words.filter((word) => onDisk().includes(word));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'codealong-deletion-'));
  using store = openStore();
  for (const [videoId, texts] of [
    [gone, words],
    [kept, words.map(() => other)],
  ] as const) {
    const [screen, spoken, cue, asked, given, recorded, name] = texts;
    const video = store.openVideo({
      ...{ videoId, model: 'm', frameRateFps: 2, silenceThreshold: 0.5 },
    });
    video.beginIndexing();
    video.beginLive({ name: `window ${name}`, startedMs: wallMs(1_700_000_000_000) });
    for (let at = 0; at < 40; at++) {
      video.append(screenText(`${screen} line ${at}`, at * 500, at * 500 + 400));
      video.append(guidance(`Typed ${spoken} ${at}.`, at * 500, at * 500));
    }
    const [startMs, endMs] = [mediaMs(0), mediaMs(900)];
    video.append({ kind: 'cue', text: `we call it ${cue}`, startMs, endMs });
    video.append({ kind: 'query', text: `Where is ${asked}?`, startMs, endMs, atMs: endMs });
    const lines = [{ text: given, region: 'editor' }];
    video.keepFrame({ ptsMs: startMs, lines, rows: new Float32Array(8) });
    video.markWatched(mediaMs(20_000));
    video.settle();
    mkdirSync(join(home, 'live', videoId), { recursive: true });
    writeFileSync(join(home, 'live', videoId, '0.m4s'), recorded);
  }
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Begins to delete in another process, which is killed at a place. */
function dieWhileDeleting(place: 'between' | 'behind'): void {
  const path = (file: string): string => JSON.stringify(resolve(import.meta.dirname, file));
  const die = "process.kill(process.pid, 'SIGKILL'); for (;;);";
  const script = `
    import { rmSync } from 'node:fs';
    const { Library } = await import(${path('../../daemon/library.ts')});
    const { TimelineStore } = await import(${path('../../daemon/timeline/timelineStore.ts')});
    const store = new TimelineStore({ file: ${JSON.stringify(join(home, 'timeline.db'))}, onDamage: () => {} });
    const remove = async () => {
      rmSync(${JSON.stringify(join(home, 'live', gone))}, { recursive: true });
      ${place === 'between' ? die : ''}
    };
    await new Library(store, { remove }).deleteKept('${gone}');
    ${die}`;
  const options = { encoding: 'utf8', timeout: 60_000 } as const;
  const { signal, stderr } = spawnSync(
    ...([process.execPath, ['--input-type=module', '--eval', script], options] as const),
  );
  expect(signal, stderr).toBe('SIGKILL');
}

it('leaves nothing of a session, and everything of another', async () => {
  expect(left()).toEqual([...words]);
  using store = openStore();
  await libraryOf(store).deleteKept(gone);
  expect(left()).toEqual([]);
  expect(onDisk()).toContain(other);
  expect(store.find({ query: `${other} line`, limit: 1 })).toHaveLength(1);
});

it('can be done again when it was killed behind the recording', async () => {
  dieWhileDeleting('between');
  expect(left()).toEqual(words.filter((word) => word !== sound));
  using store = openStore();
  expect(store.listLive().map(({ videoId }) => videoId)).toContain(gone);
  await libraryOf(store).deleteKept(gone);
  expect(left()).toEqual([]);
});

it('is whole when it was killed behind the rows', () => {
  dieWhileDeleting('behind');
  {
    using store = openStore();
    expect(store.listLive().map(({ videoId }) => videoId)).toEqual([kept]);
  }
  expect(left()).toEqual([]);
});
