// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs, type HostToWebview } from '../../protocol/index.ts';
import { Playback, playerReport } from '../../webview/playback.ts';
import { initialState } from '../../webview/state.ts';
import { Store } from '../../webview/store.ts';
import { FakeVideo } from './fakeVideo.ts';
import { init, media } from './rows.ts';

const networkError = 2;
const decodeError = 3;
const sourceError = 4;
const other = { ...media, videoUrl: 'http://127.0.0.1:2/second/video.mp4' };

let store: Store;
let video: FakeVideo;
let playback: Playback;
const report = vi.fn<(detail: string) => void>();

const send = (body: HostToWebview['media']): void => {
  store.dispatch({ kind: 'media', body });
};
const seek = (seconds: number, play = false): void => {
  store.dispatch({ kind: 'seek', body: { atMs: mediaMs(seconds * 1000), play } });
};
/** The address has given its first data. */
const load = (): void => {
  video.say('loadedmetadata');
};

beforeEach(() => {
  report.mockReset();
  store = new Store(initialState);
  store.dispatch(init);
  video = new FakeVideo();
  playback = new Playback(store, report);
  playback.attach(video.element);
});

describe('loading', () => {
  it('takes the address when it comes, and the picture of where it will begin', () => {
    seek(12);
    expect(video.loaded).toEqual([]);
    send(media);
    expect(video.loaded).toEqual([media.videoUrl]);
    expect(video.element.poster).toBe(`${media.frameUrl}/12000.jpg`);
  });

  it('begins where the page was, as it was', async () => {
    const player = { isPlaying: true, rate: 1.5, volume: 0.25, isMuted: true };
    store.dispatch({ kind: 'playerChanged', body: player });
    seek(30);
    send(media);
    load();
    await vi.waitFor(() => {
      expect(video.paused).toBe(false);
    });
    expect(video.currentTime).toBe(30);
    const { playbackRate, volume, muted } = video.element;
    expect({ playbackRate, volume, muted }).toEqual({
      playbackRate: 1.5,
      volume: 0.25,
      muted: true,
    });
  });

  it('asks for no pictures where there are none', () => {
    const { videoUrl: _, ...unplayable } = media;
    send({ ...unplayable, state: 'failed', frameUrl: '' });
    seek(31);
    expect(video.element.poster).toBeFalsy();
  });

  it('does not take what an element says of itself before it has loaded', () => {
    seek(30);
    send(media);
    video.reach(0);
    video.say('pause');
    expect(store.state.player.positionMs).toBe(30_000);
    expect(playback.positionMs).toBe(30_000);
  });

  it('shows pictures of where a person goes while there is nothing to play', () => {
    const { videoUrl, ...preparing } = media;
    send({ ...preparing, state: 'preparing', progress: 0.1 });
    expect(video.element.poster).toBe(`${media.frameUrl}/0.jpg`);
    seek(31);
    expect(video.element.poster).toBe(`${media.frameUrl}/31000.jpg`);
    expect(video.loaded).toEqual([]);
    send(media);
    expect(video.loaded).toEqual([videoUrl]);
  });

  it('says that it waits until there is something to show', () => {
    const isWaiting = (): boolean => store.state.player.isWaiting;
    send(media);
    expect(isWaiting()).toBe(true);
    load();
    video.say('canplay');
    expect(isWaiting()).toBe(false);
    video.say('waiting');
    expect(isWaiting()).toBe(true);
    video.fail(networkError, 'gone');
    expect(isWaiting()).toBe(false);
  });

  it('does not load again when only the progress of a copy changes', () => {
    send({ ...media, state: 'preparing', progress: 0.1 });
    send({ ...media, state: 'preparing', progress: 0.2 });
    expect(video.loaded).toHaveLength(1);
  });
});

describe('another address', () => {
  it('goes on at the same moment, as fast, and playing', async () => {
    send(media);
    load();
    playback.setRate(2);
    playback.toggle();
    video.reach(41.5);
    send(other);
    expect(video.loaded).toEqual([media.videoUrl, other.videoUrl]);
    video.reach(0);
    load();
    await vi.waitFor(() => {
      expect(video.paused).toBe(false);
    });
    expect(video.currentTime).toBe(41.5);
    expect(video.element.playbackRate).toBe(2);
  });

  it('stands where it stood', () => {
    send(media);
    load();
    video.reach(41.5);
    send(other);
    load();
    expect(video).toMatchObject({ currentTime: 41.5, paused: true });
  });
});

describe('a dead address', () => {
  const die = (code = networkError, message = 'PIPELINE_ERROR_READ'): void => {
    send(media);
    load();
    playback.toggle();
    video.reach(20);
    video.fail(code, message);
  };

  it('is told, and the position stays', () => {
    die();
    expect(store.state.player).toMatchObject({
      positionMs: 20_000,
      isPlaying: true,
      problem: { kind: 'address' },
    });
    expect(report).toHaveBeenCalledWith('error 2: PIPELINE_ERROR_READ');
  });

  it('is followed by the next one, at the same moment', async () => {
    die();
    seek(25);
    send(other);
    load();
    await vi.waitFor(() => {
      expect(video.paused).toBe(false);
    });
    expect(video.currentTime).toBe(25);
    expect(store.state.player.problem).toBeUndefined();
  });

  it('is tried again when the connection is back', () => {
    die();
    store.dispatch({ kind: 'status', body: { state: 'lost' } });
    expect(video.loaded).toHaveLength(1);
    store.dispatch({ kind: 'status', body: { state: 'watching' } });
    expect(video.loaded).toHaveLength(2);
  });

  it('is told from a video that cannot be decoded, which another copy mends', () => {
    die(decodeError, 'PIPELINE_ERROR_DECODE');
    expect(store.state.player.problem?.kind).toBe('decoder');
    send({ ...media, state: 'preparing', progress: 0.5 });
    expect(video.loaded).toHaveLength(1);
    send(other);
    expect(video.loaded).toHaveLength(2);
  });

  it.each([
    ['DEMUXER_ERROR_COULD_NOT_OPEN', 'decoder'],
    ['Format error', 'address'],
  ])('is guessed from the words of a source that did not load: %s', (message, kind) => {
    send(media);
    video.fail(sourceError, message);
    expect(store.state.player.problem?.kind).toBe(kind);
  });
});

describe('playing', () => {
  beforeEach(() => {
    send(media);
    load();
  });

  it('follows the element', () => {
    playback.toggle();
    expect(store.state.player.isPlaying).toBe(true);
    video.reach(3.25);
    expect(store.state.player.positionMs).toBe(3250);
    playback.toggle();
    expect(store.state.player.isPlaying).toBe(false);
  });

  it('waits for a click when the browser refuses to play', async () => {
    video.refusal = new DOMException('no click yet', 'NotAllowedError');
    store.dispatch({ kind: 'playerChanged', body: { isPlaying: true } });
    seek(1, true);
    await vi.waitFor(() => {
      expect(store.state.player.isPlaying).toBe(false);
    });
  });

  it('does not take a new address for a refusal', async () => {
    video.refusal = new DOMException('interrupted by a new load', 'AbortError');
    seek(1, true);
    await Promise.resolve();
    expect(store.state.player.isPlaying).toBe(true);
  });

  it('is moved by a seek, and starts when the host wants it', () => {
    seek(60);
    expect(video).toMatchObject({ currentTime: 60, paused: true });
    seek(70, true);
    expect(video).toMatchObject({ currentTime: 70, paused: false });
  });

  it('takes speed and volume that were set in another window', () => {
    video.element.playbackRate = 1.25;
    video.say('ratechange');
    video.element.volume = 0.5;
    video.say('volumechange');
    expect(store.state.player).toMatchObject({ rate: 1.25, volume: 0.5 });
  });

  it('keeps the volume inside its bounds', () => {
    playback.setVolume(1.4);
    expect(store.state.player).toMatchObject({ volume: 1, isMuted: false });
    playback.setVolume(-1);
    expect(store.state.player).toMatchObject({ volume: 0, isMuted: true });
  });
});

it('lets go of an element', () => {
  const again = new FakeVideo();
  const detach = new Playback(store, report).attach(again.element);
  detach();
  send(media);
  expect(again.loaded).toEqual([]);
});

it('tells the host the position, and the selection where there is one', () => {
  expect(playerReport(store.state)).toEqual({ positionMs: 0, isPlaying: false });
  const range = { fromMs: mediaMs(1000), toMs: mediaMs(2000) };
  store.dispatch({ kind: 'selected', body: { range } });
  expect(playerReport(store.state)).toMatchObject({ range });
});
