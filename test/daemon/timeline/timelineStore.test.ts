import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../../daemon/base/errors.ts';
import { Database } from '../../../daemon/timeline/database.ts';
import { migrations } from '../../../daemon/timeline/migrations.ts';
import {
  TimelineStore,
  type TimelineStoreOptions,
  type VideoTimeline,
} from '../../../daemon/timeline/timelineStore.ts';
import {
  mediaMs,
  wallMs,
  type NewRow,
  type QueryRow,
  type SummaryRow,
} from '../../../protocol/index.ts';
import { cue, guidance, screenText } from './rowSamples.ts';

let folder: string;
let file: string;
let warnings: string[];
let store: TimelineStore;

const openStore = (owner: NonNullable<TimelineStoreOptions['owner']> = {}): TimelineStore =>
  new TimelineStore({ file, onDamage: (sentence) => void warnings.push(sentence), owner });
const identity = { videoId: 'abc', model: 'sample 0.1.0', frameRateFps: 2, silenceThreshold: 0.5 };
const texts = (video: VideoTimeline, untilMs?: number): string[] =>
  video
    .read(untilMs === undefined ? {} : { untilMs: mediaMs(untilMs) })
    .map((row) => ('text' in row ? row.text : row.kind));

const question: NewRow<QueryRow> = {
  ...{ kind: 'query', text: 'What?' },
  ...{ startMs: mediaMs(0), endMs: mediaMs(0), atMs: mediaMs(0) },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-store-'));
  file = join(folder, 'timeline.db');
  warnings = [];
  store = openStore();
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

describe('VideoTimeline', () => {
  it('gives back what it was given, in time order, after reopening too', () => {
    const video = store.openVideo(identity);
    const rows = video.appendAll([
      guidance('Opens main.py.', 2000, 2500),
      screenText('import os', 1000),
      cue('so here we go', 0, 900),
    ]);
    store[Symbol.dispose]();
    store = openStore();
    expect(store.openVideo(identity).read({})).toEqual([rows[2], rows[1], rows[0]]);
  });

  it('reads by kind and by time', () => {
    const video = store.openVideo(identity);
    video.appendAll([cue('one', 0, 900), cue('two', 1000, 1900), guidance('three', 1500)]);
    const ranged = video.read({ kinds: ['cue'], fromMs: mediaMs(950), toMs: mediaMs(1200) });
    expect(ranged).toMatchObject([{ text: 'two' }]);
  });

  it('knows at S only what was seen up to S', () => {
    const video = store.openVideo(identity);
    const line = video.append(screenText('import os', 1000));
    video.closeScreenText(line.id, mediaMs(9000));
    video.append(guidance('Imports os.', 1000, 3000));
    const summary: NewRow<SummaryRow> = {
      kind: 'summary',
      startMs: mediaMs(0),
      endMs: mediaMs(9000),
      markdown: '',
      citations: [],
      model: '',
    };
    video.append(summary);
    expect(texts(video, 999)).toEqual([]);
    expect(texts(video, 2000)).toEqual(['import os']);
    expect(video.read({ untilMs: mediaMs(2000) })[0]?.endMs).toBe(2000);
    expect(texts(video, 3000)).toEqual(['import os', 'Imports os.']);
    expect(texts(video, 9000)).toContain('summary');
  });

  it('lets a line that is still on screen reach up to the moment that is asked about', () => {
    const video = store.openVideo(identity);
    const line = video.append(screenText('import os', 1000));
    expect(video.read({ untilMs: mediaMs(5000) })[0]?.endMs).toBe(5000);
    video.closeScreenText(line.id, mediaMs(3000));
    expect(video.read({ untilMs: mediaMs(5000) })[0]?.endMs).toBe(3000);
  });

  it('ends open lines with the video', () => {
    const video = store.openVideo(identity);
    expect(video.isComplete).toBe(false);
    video.append(screenText('import os', 1000));
    video.markComplete(mediaMs(8000));
    expect(video.read({})[0]?.endMs).toBe(8000);
    expect(video.isComplete).toBe(true);
    expect(video.durationMs).toBe(8000);
  });

  it('keeps what an unfinished run has seen, drops the rest, and never uses an id twice', () => {
    store[Symbol.dispose]();
    store = openStore({ pid: deadProcess() });
    const video = store.openVideo(identity);
    video.beginIndexing();
    const kept = video.appendAll([guidance('Opens main.py.', 0), screenText('import os', 0)]);
    video.markWatched(mediaMs(500));
    // The process dies before this frame is marked.
    const lost = video.append(guidance('Runs pytest.', 1000));
    const asked = video.append(question);
    store[Symbol.dispose]();
    store = openStore();
    const again = store.openVideo(identity);
    expect(again).toMatchObject({ watchedMs: 500, isComplete: false });
    again.beginIndexing();
    expect(again.read({}).map(({ id }) => id)).toEqual([...kept, asked].map(({ id }) => id));
    expect(again.search({ query: 'pytest', limit: 5 })).toEqual([]);
    expect(again.search({ query: 'main.py', limit: 5 })).toHaveLength(1);
    expect(again.append(guidance('Runs pytest.', 1000)).id).toBeGreaterThan(lost.id);
    again.markComplete(mediaMs(2000));
    again.beginIndexing();
    expect(again.read({ kinds: ['guidance'] })).toHaveLength(2);
  });

  it('forgets everything of a run that has not seen a frame', () => {
    const video = store.openVideo(identity);
    video.append(guidance('Opens main.py.', 0));
    video.beginIndexing();
    expect(video.read({})).toEqual([]);
    expect(video.watchedMs).toBeUndefined();
  });

  it('knows the lines that stand on screen at the last frame, and how long they have', () => {
    const video = store.openVideo(identity);
    const [gone, standing] = video.appendAll([screenText('one', 0), screenText('two', 500)]);
    video.closeScreenText(gone!.id, mediaMs(500));
    video.markWatched(mediaMs(3000));
    expect(video.openLines().map(({ id }) => id)).toEqual([standing?.id]);
    expect(video.read({}).map(({ endMs }) => endMs)).toEqual([500, 3000]);
  });

  it('takes captions that came later, once, and only for a video that was watched to its end', () => {
    const video = store.openVideo(identity);
    const captions = [cue('hello', 0, 900), cue('bye', 1000, 1900)];
    video.addCaptions(captions);
    expect(texts(video)).toEqual([]);
    video.beginIndexing();
    video.markComplete(mediaMs(3000));
    // Another store than the one that watched it.
    store[Symbol.dispose]();
    store = openStore();
    const again = store.openVideo(identity);
    again.addCaptions(captions);
    again.addCaptions([cue('other', 0, 900)]);
    expect(texts(again)).toEqual(['hello', 'bye']);
    expect(again.search({ query: 'bye', limit: 5 })).toHaveLength(1);
  });

  it('stores rows and how far they reach together or not at all', () => {
    const video = store.openVideo(identity);
    const attempt = () =>
      video.transaction(() => {
        video.append(guidance('Opens main.py.', 0));
        video.markWatched(mediaMs(0));
        throw new Error('half-way');
      });
    expect(attempt).toThrow('half-way');
    expect(video.read({})).toEqual([]);
    expect(video.watchedMs).toBeUndefined();
  });

  it('takes over a store from before it was known how far a video was watched', () => {
    store[Symbol.dispose]();
    rmSync(file);
    const old = Database.open({
      file,
      migrations: migrations.slice(0, 1),
      onDamage: () => undefined,
    });
    old.run(
      `INSERT INTO videos (video_id, model, frame_rate_fps, silence_threshold, duration_ms, is_complete)
       VALUES ('abc', 'sample 0.1.0', 2, 0.5, 9000, 1), ('def', 'sample 0.1.0', 2, 0.5, NULL, 0)`,
    );
    for (const video of [1, 2]) {
      old.run(
        `INSERT INTO rows (video, kind, start_ms, end_ms, fields)
         VALUES (?, 'gap', 0, 500, '{"reason":"lost"}')`,
        video,
      );
    }
    old[Symbol.dispose]();
    store = openStore();
    const complete = store.openVideo(identity);
    complete.beginIndexing();
    expect([complete.isComplete, complete.read({}).length]).toEqual([true, 1]);
    const unfinished = store.openVideo({ ...identity, videoId: 'def' });
    unfinished.beginIndexing();
    expect([unfinished.watchedMs, unfinished.read({}).length]).toEqual([undefined, 0]);
  });

  it('gives every line of an older store one window, in no region, and finds it again though misread', () => {
    store[Symbol.dispose]();
    rmSync(file);
    const old = Database.open({
      file,
      migrations: migrations.slice(0, 2),
      onDamage: () => undefined,
    });
    old.run(
      `INSERT INTO videos (video_id, model, frame_rate_fps, silence_threshold, watched_ms, watched_row)
       VALUES ('abc', 'sample 0.1.0', 2, 0.5, 9000, 2)`,
    );
    const fields = '{"text":"import requests","box":[1,2,30,10],"confidence":0.9}';
    for (const [endMs, isOpen] of [
      [4000, 0],
      [1500, 1],
    ] as const) {
      old.run(
        `INSERT INTO rows (video, kind, start_ms, end_ms, is_open, fields)
         VALUES (1, 'screenText', 1000, ?, ?, ?)`,
        ...[endMs, isOpen, fields],
      );
    }
    old[Symbol.dispose]();
    store = openStore();
    const video = store.openVideo(identity);
    video.beginIndexing();
    const line = {
      ...{ kind: 'screenText', text: 'import requests', box: [1, 2, 30, 10], confidence: 0.9 },
      ...{ region: 'other', indentColumns: 0, provenance: { sightings: 1, readings: 1 } },
    };
    expect(video.read({})).toEqual([
      { ...line, id: 1, startMs: 1000, endMs: 4000, windows: [[1000, 4000]] },
      { ...line, id: 2, startMs: 1000, endMs: 9000, windows: [[1000, 9000]] },
    ]);
    expect(video.openLines().map(({ id }) => id)).toEqual([2]);
    expect(store.find({ query: 'irnport requests', limit: 5 })).toHaveLength(1);
  });

  it('keeps videos, packs, frame rates and thresholds apart', () => {
    const video = store.openVideo(identity);
    video.append(guidance('Opens main.py.', 0));
    for (const other of [
      { ...identity, videoId: 'def' },
      { ...identity, model: 'sample 0.2.0' },
      { ...identity, frameRateFps: 4 },
      { ...identity, silenceThreshold: 0.7 },
    ]) {
      const timeline = store.openVideo(other);
      expect(timeline.key).not.toBe(video.key);
      expect(timeline.read({})).toEqual([]);
      expect(timeline.search({ query: 'main.py', limit: 5 })).toEqual([]);
    }
    expect(store.openVideo(identity).key).toBe(video.key);
  });
});

describe('two daemons with one file', () => {
  const taken = 'store.unavailable This video is being watched by another Codealong';
  let other: TimelineStore;
  afterEach(() => {
    other[Symbol.dispose]();
  });

  it('index a video one after the other', () => {
    const video = store.openVideo(identity);
    video.beginIndexing();
    video.append(guidance('Opens main.py.', 0));
    other = openStore();
    const theirs = other.openVideo(identity);
    const attempts = [
      () => {
        theirs.beginIndexing();
      },
      () => theirs.append(guidance('Opens test.py.', 0)),
      () => {
        theirs.markComplete(mediaMs(1000));
      },
    ];
    for (const attempt of attempts) expect(failureOf(attempt)).toContain(taken);
    expect(texts(video)).toEqual(['Opens main.py.']);
    theirs.append(question);
    video.endIndexing();
    theirs.beginIndexing();
    theirs.append(guidance('Opens test.py.', 0));
    expect(failureOf(() => video.append(guidance('Opens it.', 0)))).toContain(taken);
    expect(texts(video)).toEqual(['What?', 'Opens test.py.']);
  });

  it('may both ask about a video that was watched to its end', () => {
    const video = store.openVideo(identity);
    video.beginIndexing();
    video.append(guidance('Opens main.py.', 0));
    video.markComplete(mediaMs(1000));
    other = openStore();
    const theirs = other.openVideo(identity);
    theirs.beginIndexing();
    theirs.append(question);
    expect(texts(video)).toEqual(['Opens main.py.', 'What?']);
  });

  it('do not wait for one that is dead', () => {
    other = openStore({ pid: deadProcess() });
    other.openVideo(identity).beginIndexing();
    expect(failureOf(() => store.openVideo(identity).append(guidance('Opens it.', 0)))).toContain(
      taken,
    );
    store.openVideo(identity).beginIndexing();
    store.openVideo(identity).append(guidance('Opens main.py.', 0));
  });

  it('do not wait for one whose process id belongs to somebody else by now', () => {
    let nowMs = 0;
    const clock = { now: () => wallMs(nowMs) };
    other = openStore({ clock });
    const theirs = other.openVideo(identity);
    theirs.beginIndexing();
    nowMs = 500_000;
    theirs.append(guidance('Opens main.py.', 0));
    nowMs = 1_000_000;
    const third = openStore({ clock });
    const begin = (): void => {
      third.openVideo(identity).beginIndexing();
    };
    expect(failureOf(begin)).toContain(taken);
    nowMs = 1_200_000;
    expect(failureOf(begin)).toBe('no failure');
    third[Symbol.dispose]();
  });
});

describe('the store’s file', () => {
  it('puts a damaged file aside and begins a new one', () => {
    store[Symbol.dispose]();
    writeFileSync(file, 'this is no database, and long enough to be read as one '.repeat(40));
    store = openStore();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`${file}.damaged-`);
    expect(readdirSync(folder).some((name) => name.includes('.damaged-'))).toBe(true);
    expect(store.openVideo(identity).read({})).toEqual([]);
  });

  it('notices pages that were overwritten', () => {
    const video = store.openVideo(identity);
    video.appendAll(Array.from({ length: 500 }, (_, i) => guidance(`step ${i}`, i)));
    video.markComplete(mediaMs(500));
    store[Symbol.dispose]();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096, 4096 * 12);
    writeFileSync(file, bytes);
    store = openStore();
    expect(warnings).toHaveLength(1);
    expect(store.openVideo(identity).isComplete).toBe(false);
  });

  it('is looked at as a whole after damage was met in it, however large it is', () => {
    const options = { file, onDamage: (sentence: string) => void warnings.push(sentence) };
    store
      .openVideo(identity)
      .appendAll(Array.from({ length: 500 }, (_, i) => guidance(`step ${i}`, i)));
    store[Symbol.dispose]();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, bytes.length - 4096 * 8);
    writeFileSync(file, bytes);
    store = new TimelineStore({ ...options, alwaysCheckedBytes: 0 });
    expect(warnings).toEqual([]);
    expect(failureOf(() => store.openVideo(identity).read({}))).toMatch(/^store.unavailable/);
    store[Symbol.dispose]();
    store = new TimelineStore({ ...options, alwaysCheckedBytes: 0 });
    expect(warnings).toHaveLength(1);
    store.openVideo(identity).append(question);
    store[Symbol.dispose]();
    store = new TimelineStore({ ...options, alwaysCheckedBytes: 0 });
    expect(store.openVideo(identity).read({})).toHaveLength(1);
  });

  it('refuses a file of a newer version instead of touching it', () => {
    const newer = join(folder, 'newer.db');
    Database.open({
      file: newer,
      migrations: [...migrations, 'SELECT 1'],
      onDamage: () => undefined,
    })[Symbol.dispose]();
    expect(failureOf(() => new TimelineStore({ file: newer, onDamage: () => undefined }))).toMatch(
      /newer version/,
    );
  });

  it('says so when the place cannot be written', () => {
    expect(
      failureOf(
        () => new TimelineStore({ file: join(file, 'timeline.db'), onDamage: () => undefined }),
      ),
    ).toMatch(/^store\.unavailable/);
  });

  it('says so when the file is read-only', ({ skip }) => {
    // The superuser may write anything.
    skip(process.getuid?.() === 0, 'file permissions do not bind root');
    store[Symbol.dispose]();
    chmodSync(file, 0o400);
    expect(
      failureOf(() => {
        store = openStore();
        store.openVideo({ ...identity, videoId: 'new' });
      }),
    ).toMatch(/^store\.unavailable/);
  });

  it('undoes a transaction whose disk is full', () => {
    const full = Database.open({
      file: join(folder, 'small.db'),
      migrations: ['CREATE TABLE things (thing TEXT); PRAGMA max_page_count = 4;'],
      onDamage: () => undefined,
    });
    const message = failureOf(() => {
      full.transaction(() => {
        for (let i = 0; i < 50; i++) full.run('INSERT INTO things VALUES (?)', 'x'.repeat(1000));
      });
    });
    expect(message).toMatch(/^store\.unavailable .*full/);
    expect(full.all('SELECT * FROM things')).toEqual([]);
    full[Symbol.dispose]();
  });
});

const deadProcess = (): number => spawnSync(process.execPath, ['--version']).pid;

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isAppError(error) ? `${error.code} ${error.message}` : `bug: ${String(error)}`;
  }
  return 'no failure';
}
