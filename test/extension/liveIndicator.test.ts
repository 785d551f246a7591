import { beforeEach, describe, expect, it } from 'vitest';
import { registerContextKeys } from '../../extension/contextKeys.ts';
import { describeLive, registerLiveIndicator } from '../../extension/liveIndicator.ts';
import { wallMs, type HostToWebview, type LiveState } from '../../protocol/index.ts';
import { statsAt } from '../helpers/fakeService.ts';
import { FakeVideo } from '../helpers/fakeVideo.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

const watching = (state: LiveState, lagMs = 0, reason?: string): HostToWebview['status'] => ({
  state: 'watching',
  stats: { ...statsAt(5000), lagMs },
  live: { state, sinceMs: wallMs(0), ...(reason === undefined ? {} : { reason }) },
});

describe('describeLive', () => {
  it.each([
    [{ state: 'watching' } as const, '$(sync~spin) tv connecting', 'Codealong: tv, connecting.'],
    [watching('live', 400), '$(record) tv watching live', 'Codealong: tv, watching live.'],
    [
      watching('live', 4400),
      '$(record) tv watching live, 4 s behind',
      'Codealong: tv, watching live, 4 s behind.',
    ],
    [
      watching('full'),
      '$(warning) tv waits for room',
      'Codealong: tv, waits for room. The disk is full. Make room, and watching goes on.',
    ],
    [watching('silent'), '$(warning) tv gives no pictures', 'Codealong: tv, gives no pictures.'],
    [
      watching('reconnecting', 0, 'The connection to the source broke.'),
      '$(sync~spin) tv reconnecting',
      'Codealong: tv, reconnecting. The connection to the source broke.',
    ],
    [watching('paused'), '$(debug-pause) tv paused', 'Codealong: tv, paused.'],
  ])('says how the source is: %j', (status, text, tooltip) => {
    expect(describeLive('tv', status)).toMatchObject({ text, tooltip });
  });

  it('says that a microphone is heard, or why not, and not while it is paused', () => {
    const place = { host: '127.0.0.1:8080', isLocal: true };
    const speech = { ...place, sent: 0, dropped: 0, isAway: false, sound: 'microphone' } as const;
    const hearing = (state: LiveState, more: { trouble?: string } = {}) => {
      const { stats, ...status } = watching(state);
      return describeLive('tv', {
        ...status,
        stats: { ...stats!, speech: { ...speech, ...more } },
      });
    };
    const where = 'What is spoken is transcribed on this machine, at 127.0.0.1:8080.';
    expect(hearing('live')).toMatchObject({
      text: '$(record) $(mic) tv watching live',
      tooltip: `Codealong: tv, watching live. The microphone is heard. ${where}`,
    });
    const trouble = 'Nothing is heard: no sound server answers.';
    expect(hearing('live', { trouble })).toMatchObject({
      text: '$(record) tv watching live',
      tooltip: `Codealong: tv, watching live. ${trouble}`,
    });
    expect(hearing('paused')).toMatchObject({
      text: '$(debug-pause) tv paused',
      tooltip: 'Codealong: tv, paused.',
    });
  });

  it('leaves out how an address begins, where there is little room', () => {
    expect(describeLive('https://tv.test/live.m3u8', watching('live'))).toMatchObject({
      text: '$(record) tv.test/live.m3u8 watching live',
      tooltip: 'Codealong: https://tv.test/live.m3u8, watching live.',
    });
  });

  it('says nothing when nothing is captured', () => {
    for (const state of ['connecting', 'lost', 'finished', 'stopped', 'failed'] as const) {
      expect(describeLive('tv', { state })).toBeUndefined();
    }
  });
});

describe('the indicator', () => {
  let window: VideoWindow;
  let video: FakeVideo;
  const contextKeys = (): Record<string, unknown> =>
    Object.fromEntries(
      editor.commands
        .filter(({ command }) => command === 'setContext')
        .map(({ args }) => [args[0] as string, args[1]]),
    );
  beforeEach(() => {
    editor.reset();
    window = new VideoWindow();
    video = new FakeVideo('live-0123456789ab');
  });

  it('is there as long as something is captured, whatever is looked at', () => {
    const indicator = registerLiveIndicator(window.sessions);
    expect(editor.statusBarItems).toEqual([]);
    window.live = [video];
    const [item] = editor.statusBarItems;
    expect(item?.isShown).toBe(false);
    video.setStatus(watching('live'));
    expect(item).toMatchObject({ isShown: true, command: 'codealong.pauseLive' });
    video.setStatus(watching('paused'));
    expect(item).toMatchObject({ isShown: true, command: 'codealong.resumeLive' });
    video.setStatus(watching('silent'));
    expect(item).toMatchObject({ backgroundColor: { id: 'statusBarItem.warningBackground' } });
    video.setStatus({ state: 'stopped' });
    expect(item?.isShown).toBe(false);
    window.live = [];
    expect(item?.isDisposed).toBe(true);
    indicator.dispose();
  });

  it('has keys that tell menus and key bindings', () => {
    const keys = registerContextKeys(window.sessions);
    window.live = [video];
    expect(contextKeys()).toMatchObject({ 'codealong.isLive': false });
    video.setStatus(watching('live'));
    expect(contextKeys()).toMatchObject({
      'codealong.isLive': true,
      'codealong.isLivePaused': false,
    });
    video.setStatus(watching('paused'));
    expect(contextKeys()).toMatchObject({ 'codealong.isLivePaused': true });
    window.live = [];
    expect(contextKeys()).toMatchObject({ 'codealong.isLive': false });
    keys.dispose();
  });
});
