import { existsSync } from 'node:fs';
import { appendFile, readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../daemon/base/log.ts';
import type { Fragment, InitSegment } from '../../../daemon/media/fragments.ts';
import { FragmentReader } from '../../../daemon/media/fragments.ts';
import { Recording } from '../../../daemon/media/recording.ts';
import { Recordings } from '../../../daemon/media/recordings.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../helpers/fixtures.ts';

const init: InitSegment = {
  ...{ kind: 'init', bytes: Buffer.from('init'), codecs: 'avc1.640028' },
  ...{ width: 640, height: 360 },
};
const fragment = (second: number, { bytes = 4, isKey = second % 2 === 0 } = {}): Fragment => ({
  ...{ kind: 'fragment', bytes: Buffer.alloc(bytes, second) },
  ...{ startSeconds: second + 10, durationSeconds: 1, isKey },
});

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await createTemporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

async function record(seconds: number, bytes = 4): Promise<Recording> {
  const recording = Recording.create(folder.path('one'));
  const id = await recording.addInit(init);
  for (let second = 0; second < seconds; second++) {
    await recording.add(fragment(second, { bytes }), { init: id, offsetMs: -10_000 });
  }
  return recording;
}

const ids = (fragments: readonly { readonly id: number }[]): number[] =>
  fragments.map(({ id }) => id);

describe('a recording', () => {
  it('gives what a player needs from a moment on, key frame first', async () => {
    const recording = await record(6);
    expect(recording.stretch).toEqual({ startMs: 0, endMs: 6000 });
    expect(ids(recording.from(3500, 2))).toEqual([2, 3]);
    expect(ids(recording.from(2000, 9))).toEqual([2, 3, 4, 5]);
    expect(ids(recording.from(-5, 1))).toEqual([0]);
    expect(recording.from(6000, 9)).toEqual([]);
    expect(ids(recording.behind(3, 9))).toEqual([4, 5]);
    expect(recording.behind(5, 9)).toEqual([]);
    expect(await recording.readInit(0)).toEqual(init.bytes);
    expect(await recording.read(3)).toEqual(Buffer.alloc(4, 3));
    expect(await recording.readInit(1)).toBeUndefined();
    expect(await recording.read(99)).toBeUndefined();
  });

  it('gives what the picture of a moment is decoded from, and nothing where nothing was recorded', async () => {
    const recording = await record(4);
    // Pictures came again after six seconds.
    for (const second of [4, 5])
      await recording.add(fragment(second), { init: 0, offsetMs: -4000 });
    expect(ids(recording.upTo(0))).toEqual([0]);
    expect(ids(recording.upTo(1999))).toEqual([0, 1]);
    expect(ids(recording.upTo(3000))).toEqual([2, 3]);
    // The last picture before a short pause is still shown, a long one is a gap.
    expect(ids(recording.upTo(5500))).toEqual([2, 3]);
    expect(recording.upTo(8000)).toEqual([]);
    expect(ids(recording.upTo(9800))).toEqual([4]);
    expect(ids(recording.upTo(11_900))).toEqual([4, 5]);
    expect(recording.upTo(20_000)).toEqual([]);
    expect(Recording.create(folder.path('two')).upTo(0)).toEqual([]);
  });

  it('begins with a key frame', async () => {
    const recording = Recording.create(folder.path('one'));
    const id = await recording.addInit(init);
    for (const second of [1, 2]) await recording.add(fragment(second), { init: id, offsetMs: 0 });
    expect(recording.stretch?.startMs).toBe(12_000);
  });

  it('is the same when it is loaded, half a line of a killed daemon or not', async () => {
    const recording = await record(4);
    await appendFile(folder.path('one/index.jsonl'), '{"kind":"frag');
    const loaded = await Recording.load(folder.path('one'));
    expect(loaded?.stretch).toEqual(recording.stretch);
    expect(loaded?.from(0, 9)).toEqual(
      recording.from(0, 9).map((one) => ({ kind: 'fragment', ...one })),
    );
    expect(loaded?.bytes).toBe(recording.bytes);
    expect(await Recording.load(folder.path('two'))).toBeUndefined();
  });

  it('loses its oldest files when there are too many, but what a player needs', async () => {
    const recording = await record(10, 5_000_000);
    const parts = (await readdir(folder.path('one'))).filter((name) => name.startsWith('part'));
    expect(parts.length).toBeGreaterThan(3);
    await recording.shrink(25_000_000);
    expect(recording.bytes).toBeLessThanOrEqual(25_000_000);
    expect(recording.stretch!.startMs).toBeGreaterThan(0);
    expect(recording.from(0, 1)[0]?.isKey).toBe(true);
    await recording.shrink(1);
    expect(recording.stretch).toBeDefined();
    const loaded = await Recording.load(folder.path('one'));
    expect(loaded?.stretch).toEqual(recording.stretch);
  });
});

describe('all recordings', () => {
  const id = (digit: number): string => `live-${String(digit).repeat(12)}`;
  const condition = () => ({ liveMs: 0, state: 'live' as const });
  const fill = async (recordings: Recordings, name: string): Promise<void> => {
    await using running = recordings.begin(name, condition);
    const first = await running.recording.addInit(init);
    await running.recording.add(fragment(0, { bytes: 1000 }), { init: first, offsetMs: 0 });
  };

  it('are removed, those that are over first, when there is no room', async () => {
    const recordings = new Recordings({ folder: folder.path('.'), maxBytes: 1000, log: silentLog });
    const running = recordings.begin(id(1), condition);
    const first = await running.recording.addInit(init);
    await running.recording.add(fragment(0, { bytes: 1000 }), { init: first, offsetMs: 0 });
    await fill(recordings, id(2));
    expect(existsSync(folder.path(id(2)))).toBe(false);
    expect(await recordings.find(id(1))).toBe(running.recording);
    await running[Symbol.asyncDispose]();
    expect(existsSync(folder.path(id(1)))).toBe(false);
  });

  it('never leave their folder', async () => {
    const recordings = new Recordings({ folder: folder.path('.'), maxBytes: 1e9, log: silentLog });
    await expect(recordings.find('../secret')).rejects.toThrow();
  });

  it('that cannot be read do not stop the watching', async () => {
    const recordings = new Recordings({ folder: folder.path('.'), maxBytes: 1e9, log: silentLog });
    await using running = recordings.begin(id(3), condition);
    let taken = 0;
    // eslint-disable-next-line @typescript-eslint/require-await -- as a pipe would give it
    const broken = async function* (): AsyncGenerator<Buffer> {
      for (; taken < 3; taken++) yield Buffer.alloc(16);
    };
    await running.take(broken(), () => 0);
    expect(taken).toBe(3);
  });
});

describe('a stream of fragments', () => {
  it('is refused when it is none', () => {
    expect(() => new FragmentReader().read(Buffer.alloc(8))).toThrow('not a stream of fragments');
  });

  it('is read whatever the pieces it comes in', () => {
    const reader = new FragmentReader();
    const box = Buffer.from([0, 0, 0, 12, ...Buffer.from('free'), 1, 2, 3, 4]);
    for (const byte of box) expect(reader.read(Buffer.from([byte]))).toEqual([]);
  });
});
