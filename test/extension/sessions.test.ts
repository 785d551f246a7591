import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VideoMemory } from '../../extension/videoMemory.ts';
import { closeMedia, stopSession } from '../../protocol/index.ts';
import { settle } from '../helpers/fakeDaemonLinks.ts';
import { editor, FakeMemento } from '../helpers/fakeVscode.ts';
import { file, Scene } from '../helpers/videoScene.ts';

beforeEach(() => {
  editor.reset();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});
describe('the videos of a window', () => {
  it('are one object each, as long as somebody shows them', async () => {
    const scene = await new Scene().started();
    const { sessions, video } = scene;
    expect(sessions.open('/videos/../videos/pantry.mp4')).toBe(video);
    sessions.release(video);
    expect(sessions.find(file)).toBe(video);
    sessions.release(video);
    expect(sessions.find(file)).toBeUndefined();
    await settle();
    expect(scene.sent(closeMedia.method)).toEqual([{ source: { kind: 'file', path: file } }]);
    expect(scene.sent(stopSession.method)).toEqual([{ sessionId: 'session-1' }]);
    expect(sessions.open(file)).not.toBe(video);
  });

  it('that are let go while there is no daemon start none', async () => {
    const scene = new Scene();
    scene.sessions.release(scene.video);
    await settle();
    expect(scene.harness.told).toEqual([]);
  });

  it('have one that is looked at; when it goes, another one is', () => {
    const { sessions, video } = new Scene();
    const other = sessions.open('/videos/other.mp4');
    const active: (string | undefined)[] = [];
    sessions.onDidChangeActive((next) => {
      active.push(next?.name);
    });
    sessions.setActive(other);
    sessions.setActive(other);
    sessions.release(other);
    sessions.release(video);
    expect(active).toEqual(['other.mp4', 'pantry.mp4', undefined]);
  });

  it('are listed, newest first, twenty at most', () => {
    const { sessions, memento } = new Scene();
    for (let number = 0; number < 30; number++) sessions.open(`/videos/${number}.mp4`);
    sessions.open('/videos/15.mp4');
    expect(sessions.recent).toHaveLength(20);
    expect(sessions.recent.slice(0, 2).map(({ path }) => path)).toEqual([
      ...['/videos/29.mp4', '/videos/28.mp4'],
    ]);
    sessions.forgetRecent('/videos/29.mp4');
    expect(new VideoMemory(memento).recent[0]?.path).toBe('/videos/28.mp4');
  });

  it('survive a store that another version wrote', () => {
    const memento = new FakeMemento();
    const stored = [{ path: '/a.mp4', positionMs: 5 }, { path: 'relative' }, 7, null, { path: 1 }];
    void memento.update('codealong.videos', stored);
    expect(new VideoMemory(memento).recent).toEqual([{ path: '/a.mp4', positionMs: 5 }]);
  });
});
