import { beforeEach, describe, expect, it } from 'vitest';
import type { Sessions } from '../../extension/sessions.ts';
import { describeStatus, StatusBar } from '../../extension/statusBar.ts';
import type { WatchedVideo } from '../../extension/watchedVideo.ts';
import { mediaMs, type HostToWebview, type SessionStats } from '../../protocol/index.ts';
import { statsAt } from '../helpers/fakeService.ts';
import { FakeVideo } from '../helpers/fakeVideo.ts';
import { editor, EventEmitter } from '../helpers/fakeVscode.ts';

const check = (status: HostToWebview['status'], text: string, tooltip: string): void => {
  expect(describeStatus('pantry.mp4', status)).toMatchObject({ text, tooltip });
};

const unmeasured = (): SessionStats => {
  const { durationMs: _none, ...stats } = statsAt(65_000);
  return stats;
};

describe('describeStatus', () => {
  it('says what is being done, how far it is, and how far behind', () => {
    check(
      { state: 'connecting' },
      '$(sync~spin) pantry.mp4 connecting',
      'Codealong: pantry.mp4, connecting.',
    );
    check(
      { state: 'watching', stats: statsAt(8700) },
      '$(sync~spin) pantry.mp4 indexing 43 %',
      'Codealong: pantry.mp4, indexing 43 %.',
    );
    check(
      { state: 'watching', stats: { ...statsAt(20_000), lagMs: 2400 } },
      '$(sync~spin) pantry.mp4 indexing 99 %, 2 s behind',
      'Codealong: pantry.mp4, indexing 99 %, 2 s behind.',
    );
    check(
      { state: 'watching', stats: unmeasured() },
      '$(sync~spin) pantry.mp4 watched up to 1:05',
      'Codealong: pantry.mp4, watched up to 1:05.',
    );
    check(
      { state: 'finished', stats: statsAt(20_000) },
      '$(eye) pantry.mp4 watched',
      'Codealong: pantry.mp4, watched.',
    );
    check(
      { state: 'failed', error: { message: 'It broke.', remedy: 'Mend it.' } },
      '$(warning) pantry.mp4 failed',
      'Codealong: pantry.mp4, failed. It broke. Mend it.',
    );
    check(
      { state: 'lost', stats: { ...statsAt(5000), lagMs: 9000 } },
      '$(sync~spin) pantry.mp4 connection lost, reconnecting',
      'Codealong: pantry.mp4, connection lost, reconnecting.',
    );
  });

  it('shortens long names in the bar only', () => {
    const name = 'a-very-long-name-of-a-recorded-lecture.mp4';
    const { text, tooltip } = describeStatus(name, { state: 'stopped' });
    expect(text).toBe('$(debug-pause) a-very-long-name-of-a-r… stopped');
    expect(tooltip).toContain(name);
  });

  it('never says 100 % before the end', () => {
    const stats = { ...statsAt(0), positionMs: mediaMs(30_000) };
    expect(describeStatus('a', { state: 'watching', stats }).text).toContain('99 %');
  });
});

describe('StatusBar', () => {
  beforeEach(() => {
    editor.reset();
  });

  it('is one item, seen only while a video is open, and leads to it', () => {
    const changes = new EventEmitter<WatchedVideo | undefined>();
    const sessions = { active: undefined, onDidChangeActive: changes.event };
    const bar = new StatusBar(sessions as Pick<Sessions, 'active' | 'onDidChangeActive'>);
    const [item, ...more] = editor.statusBarItems;
    expect(more).toEqual([]);
    expect(item!.isShown).toBe(false);

    const video = new FakeVideo('/videos/pantry.mp4');
    changes.fire(video.asWatched);
    expect(item).toMatchObject({
      ...{ isShown: true, text: '$(sync~spin) pantry.mp4 connecting', backgroundColor: undefined },
      accessibilityInformation: { label: 'Codealong: pantry.mp4, connecting.' },
      command: { command: 'codealong.openVideo', arguments: [{ path: '/videos/pantry.mp4' }] },
    });

    video.setStatus({ state: 'failed' });
    expect(item).toMatchObject({
      text: '$(warning) pantry.mp4 failed',
      backgroundColor: { id: 'statusBarItem.warningBackground' },
    });
    video.setStatus({ state: 'finished' });
    expect(item!.backgroundColor).toBeUndefined();

    changes.fire(undefined);
    expect(item!.isShown).toBe(false);
    video.setStatus({ state: 'failed' });
    expect(item!.text).toBe('$(eye) pantry.mp4 watched');
    bar.dispose();
    expect(item!.isDisposed).toBe(true);
  });
});
