/** Which watchings of a video share a timeline. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { watchedWith, type PackDescription } from '../../daemon/assistant/collaborators.ts';
import { Library } from '../../daemon/library.ts';
import { TimelineStore } from '../../daemon/timeline/timelineStore.ts';
import { mediaMs, wallMs, type SessionOptions } from '../../protocol/index.ts';

const pack: PackDescription = {
  ...{ name: 'sample 0.1.0', frameRateFps: 2, silenceThreshold: 0.5 },
  ...{
    plainWords: undefined,
    quote: undefined,
    minReplyLikelihood: undefined,
    requestSilenceThreshold: undefined,
  },
  isDemonstration: true,
};

it('watches for a request of the user with the threshold that the pack has for it', () => {
  const patient = { ...pack, requestSilenceThreshold: 0.8 };
  const request = { instruction: 'Tell me when the tests pass.' };
  const thresholdOf = (options: SessionOptions, of: PackDescription): number =>
    watchedWith(options, of).silenceThreshold;
  expect(thresholdOf(request, patient)).toBe(0.8);
  expect(thresholdOf({}, patient)).toBe(0.5);
  expect(thresholdOf(request, pack)).toBe(0.5);
  expect(thresholdOf({ ...request, silenceThreshold: 0.3 }, patient)).toBe(0.3);
});

it('keeps what changes the guidance apart, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-library-'));
  try {
    using store = new TimelineStore({ file: join(folder, 'a.db'), onDamage: () => undefined });
    const library = new Library(store, { remove: () => Promise.resolve() });
    const keyOf = (options: SessionOptions): string => library.openVideo('abc', pack, options).key;
    const usual = keyOf({});
    for (const same of [
      { frameRateFps: 2 },
      { speed: 'realtime' },
      { isUngrounded: false },
    ] as const) {
      expect(keyOf(same)).toBe(usual);
    }
    const others = [
      keyOf({ instruction: 'Tell me when the tests pass.' }),
      keyOf({ instruction: 'Tell me when they commit.' }),
      ...[keyOf({ isUngrounded: true }), keyOf({ silenceThreshold: 0.6 })],
    ];
    expect(new Set([usual, ...others]).size).toBe(5);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('deletes a live session that is over, with its recording, and no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-library-'));
  try {
    using store = new TimelineStore({ file: join(folder, 'a.db'), onDamage: () => undefined });
    const removed: string[] = [];
    const remove = (id: string): Promise<void> => Promise.resolve(void removed.push(id));
    const library = new Library(store, { remove });
    const [gone, kept] = ['live-000000000001', 'live-000000000002'] as const;
    for (const videoId of [gone, kept]) {
      const timeline = library.openVideo(videoId, pack, {});
      timeline.beginIndexing();
      timeline.beginLive({ name: 'screen :0', startedMs: wallMs(1_700_000_000_000) });
      const said = { kind: 'cue', text: 'They open pantry.js.' } as const;
      timeline.appendAll([{ ...said, startMs: mediaMs(0), endMs: mediaMs(0) }]);
      timeline.markWatched(mediaMs(500));
    }
    await expect(library.deleteKept(gone)).rejects.toMatchObject({ code: 'source.inUse' });
    for (const videoId of [gone, kept]) library.openKept(videoId).video.settle();
    await library.deleteKept(gone);
    expect(removed).toEqual([gone]);
    expect(library.listKept().map(({ videoId }) => videoId)).toEqual([kept]);
    const found = library.find({ query: 'pantry.js', limit: 10 });
    expect(found.map(({ video }) => video.videoId)).toEqual([kept]);
    await expect(library.deleteKept(gone)).rejects.toMatchObject({ code: 'source.notKept' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
