/** In which manner a video is watched, and what of what is said is news. */
import { describe, expect, it, vi } from 'vitest';
import { keepChattiness } from '../../extension/configuration.ts';
import { VideoMemory } from '../../extension/videoMemory.ts';
import { WatchedVideo } from '../../extension/watchedVideo.ts';
import { adjustSession, startSession, type GuidanceRow } from '../../protocol/index.ts';
import { settle } from '../helpers/fakeDaemonLinks.ts';
import { rows } from '../helpers/fakeService.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { file, Scene } from '../helpers/videoScene.ts';

const guidance = rows.find((row): row is GuidanceRow => row.kind === 'guidance')!;
const pass = 'when the tests pass';

describe('standing requests', () => {
  it('reach the session that runs, all of them each time', async () => {
    const scene = await new Scene().started();
    scene.options = { chattiness: 'quieter' };
    scene.video.request(`Tell me ${pass}.`);
    scene.video.request('when it builds');
    scene.video.forgetRequest(pass);
    await settle();
    expect(scene.sent(adjustSession.method)).toEqual(
      [[pass], [pass, 'when it builds'], ['when it builds']].map((requests) => ({
        ...{ sessionId: 'session-1', chattiness: 'quieter', requests },
      })),
    );
  });

  it('are those that the next session begins with, over a reload of the window', async () => {
    const scene = await new Scene().started();
    scene.video.request(pass);
    const reloaded = new WatchedVideo(file, {
      client: scene.harness.client,
      memory: new VideoMemory(scene.memento as never),
      sessionOptions: () => ({}),
    });
    expect(reloaded.manner.requests).toEqual([pass]);
    reloaded.start();
    await settle();
    expect(scene.sent(startSession.method).at(-1)).toMatchObject({ options: { requests: [pass] } });
    reloaded.dispose();
  });

  it('are few, each of them once, and never empty', async () => {
    const scene = await new Scene().started();
    for (const typed of ['one', 'one', ' ', 'two', 'three', 'four', 'five'])
      scene.video.request(typed);
    expect(scene.video.manner.requests).toEqual(['one', 'two', 'three', 'four']);
    expect(scene.video.takesRequests).toBe(false);
  });
});

describe('how much is said', () => {
  it('is heeded by the session that runs, and told with its threshold to whoever shows it', async () => {
    const scene = new Scene();
    const told = vi.fn();
    scene.video.onDidChangeManner(told);
    expect(scene.video.manner).toEqual({ requests: [] });
    await scene.started();
    expect(scene.video.manner).toEqual({ requests: [], silenceThreshold: 0.5 });
    expect(told).toHaveBeenCalledOnce();
    scene.options = { chattiness: 'chattiest' };
    scene.video.adjust();
    await settle();
    expect(scene.sent(adjustSession.method)).toMatchObject([{ chattiness: 'chattiest' }]);
  });

  it('is heeded when it was changed while the session began', async () => {
    const scene = new Scene();
    scene.video.start();
    scene.options = { chattiness: 'quietest' };
    await settle();
    expect(scene.sent(adjustSession.method)).toMatchObject([{ chattiness: 'quietest' }]);
  });

  it('is kept where it was chosen', async () => {
    editor.reset();
    await keepChattiness('quieter');
    editor.workspaceSettings.add('codealong.guidance.chattiness');
    await keepChattiness('chattier');
    expect(editor.updates.map(({ value, target }) => [value, target])).toEqual([
      ['quieter', 1],
      ['chattier', 2],
    ]);
  });
});

describe('news', () => {
  it('are what is said from now on, not what was stored, nor what is told again after a reconnect', async () => {
    const scene = await new Scene().started();
    const heard: number[] = [];
    scene.video.onDidHear(({ id }) => void heard.push(id));
    scene.replay([guidance]);
    const later = { ...guidance, id: 50 };
    scene.tell([later, later]);
    expect(heard).toEqual([50]);
    scene.harness.link.crash();
    await settle();
    await vi.waitFor(() => {
      expect(scene.sent(startSession.method)).toHaveLength(2);
    });
    await settle();
    scene.replay([guidance, later]);
    expect(heard).toEqual([50]);
    scene.tell([{ ...guidance, id: 51 }]);
    expect(heard).toEqual([50, 51]);
  });
});
