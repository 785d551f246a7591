import { CancellationTokenSource } from 'vscode';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError, toWireError } from '../../daemon/base/errors.ts';
import { VideoMemory } from '../../extension/videoMemory.ts';
import {
  answerDelta,
  ask,
  mediaChanged,
  mediaMs,
  openMedia,
  sessionStats,
  startSession,
  stopSession,
  summarize,
  type AskParams,
  type MediaInfo,
} from '../../protocol/index.ts';
import { settle } from '../helpers/fakeDaemonLinks.ts';
import { rows as someRows, statsAt } from '../helpers/fakeService.ts';
import { editor, Uri } from '../helpers/fakeVscode.ts';
import { answer, file, media, Scene } from '../helpers/videoScene.ts';

beforeEach(() => {
  editor.reset();
});

describe('watching', () => {
  it('asks nothing until somebody wants to see it', async () => {
    const scene = new Scene();
    await settle();
    expect(scene.harness.told).toEqual([]);
    expect(scene.video.status).toEqual({ state: 'connecting' });
  });

  it('tells rows, counters, and how it ended', async () => {
    const scene = await new Scene().started();
    scene.options = { model: 'changed too late' };
    scene.tell(someRows.slice(0, 2));
    scene.harness.link.tell(sessionStats, { sessionId: 'session-1', stats: statsAt(7000) });
    expect(scene.shown).toEqual(someRows.slice(0, 2));
    scene.tell(someRows.slice(2));
    scene.end('finished');
    expect(scene.video.rows).toEqual(someRows);
    expect(scene.video.status).toEqual({ state: 'finished', stats: statsAt(7000) });
    expect(scene.states).toEqual(['connecting', 'watching', 'finished']);
    expect(scene.sent(startSession.method)).toEqual([
      { source: { kind: 'file', path: file }, options: {} },
    ]);
  });

  it('hears nothing of other sessions', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows, 'session-of-another-window');
    expect(scene.video.rows).toEqual([]);
  });

  it('loses nothing that overtakes the answer that names its session', async () => {
    let reply: ((result: unknown) => void) | undefined;
    const result = new Promise((resolve) => {
      reply = resolve;
    });
    const scene = await new Scene({ [startSession.method]: () => result }).started();
    scene.tell(someRows, 'early');
    reply?.({ sessionId: 'early', videoId: 'video', isIndexed: true });
    await settle();
    expect(scene.video.rows).toEqual(someRows);
  });

  it('says why it failed, and can be tried again', async () => {
    let attempts = 0;
    const scene = await new Scene({
      [startSession.method]: () => {
        if (++attempts === 1) throw new AppError('ffmpeg.missing');
        return { sessionId: 'session-0', videoId: 'video', isIndexed: false };
      },
    }).started();
    expect(scene.video.status.state).toBe('failed');
    expect(scene.video.status.error?.message).toBe('ffmpeg was not found.');
    scene.video.start();
    await settle();
    expect(scene.video.status).toEqual({ state: 'watching' });
  });

  it('says why it failed later on, with what mends it', async () => {
    const scene = await new Scene().started();
    scene.end('failed', toWireError(new AppError('source.unreadable', 'It is a text.')));
    expect(scene.video.status.error).toMatchObject({
      message: 'It is a text.',
      action: 'openExternally',
    });
  });

  it('stops when told to, and keeps what was seen', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows);
    await scene.video.stop();
    expect(scene.sent(stopSession.method)).toEqual([{ sessionId: 'session-1' }]);
    scene.end('stopped');
    expect(scene.video.status.state).toBe('stopped');
    expect(scene.video.rows).toEqual(someRows);
    scene.video.start();
    await settle();
    expect(scene.sent(startSession.method)).toHaveLength(2);
  });

  it('goes on when it is started while the stopped one still ends', async () => {
    const scene = await new Scene().started();
    await scene.video.stop();
    scene.video.start();
    scene.end('stopped');
    await settle();
    expect(scene.video.status.state).toBe('watching');
    expect(scene.sent(stopSession.method)).toEqual([{ sessionId: 'session-1' }]);
  });

  it('that has come to its end is neither stopped nor started again', async () => {
    const scene = await new Scene().started();
    scene.end('finished');
    await scene.video.stop();
    scene.video.start();
    await settle();
    expect(scene.video.status.state).toBe('finished');
    expect(scene.harness.link.methods).toEqual([openMedia.method, startSession.method]);
    scene.sessions.release(scene.video);
    await settle();
    expect(scene.sent(stopSession.method)).toEqual([{ sessionId: 'session-1' }]);
  });

  it('stops what was just being started', async () => {
    const scene = new Scene();
    scene.video.start();
    await scene.video.stop();
    await settle();
    expect(scene.video.status.state).toBe('stopped');
    expect(scene.sent(stopSession.method)).toEqual([{ sessionId: 'session-1' }]);
  });
});

describe('a lost connection', () => {
  it('is mended: watching goes on, known rows are no news, new ones are', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows.slice(0, 2));
    scene.harness.link.crash();
    await settle();
    expect(scene.states).toEqual(['connecting', 'watching', 'lost', 'connecting', 'watching']);
    scene.replay(someRows.slice(0, 2));
    scene.tell(someRows.slice(2));
    expect(scene.resets).toBe(0);
    expect(scene.shown).toEqual(someRows);
  });

  it('to a daemon that knows another timeline resets the rows', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows);
    scene.harness.link.crash();
    await settle();
    scene.replay(someRows.slice(0, 1));
    expect(scene.resets).toBe(1);
    expect(scene.shown).toEqual(someRows.slice(0, 1));
    expect(scene.ids).toEqual([1]);
  });

  it('keeps what it has when half of the rows were told again', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows);
    scene.harness.link.crash();
    await settle();
    scene.tell(someRows.slice(0, 1));
    scene.end('stopped');
    expect(scene.video.rows).toEqual(someRows);
  });

  it('keeps the counters on show until there are new ones', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows);
    scene.harness.link.tell(sessionStats, { sessionId: 'session-1', stats: statsAt(7000) });
    scene.harness.link.crash();
    await settle();
    expect(scene.video.status).toEqual({ state: 'watching', stats: statsAt(7000) });
  });

  it('is not felt by a video that was watched to its end', async () => {
    const scene = await new Scene().started();
    scene.tell(someRows);
    scene.end('finished');
    scene.harness.link.crash();
    await settle();
    // The new daemon is told of it: it can still be played, and names are looked up in it.
    expect(scene.sent(startSession.method)).toHaveLength(2);
    expect(scene.sent(openMedia.method)).toHaveLength(2);
    scene.tell(someRows);
    scene.end('finished');
    expect(scene.states).toEqual(['connecting', 'watching', 'finished']);
    expect(scene.video.rows).toEqual(someRows);
  });

  it('of a watched video shows when the new daemon has to watch it again', async () => {
    const scene = await new Scene().started();
    scene.end('finished');
    scene.harness.link.crash();
    await settle();
    scene.harness.link.tell(sessionStats, { sessionId: 'session-2', stats: statsAt(500) });
    expect(scene.video.status.state).toBe('watching');
  });

  it('that cannot be mended is told', async () => {
    const scene = await new Scene().started();
    for (let crash = 0; crash < 5; crash++) {
      scene.harness.link.crash();
      await settle();
    }
    expect(scene.video.status.state).toBe('failed');
    expect(scene.video.status.error?.action).toBe('restartDaemon');
    expect(scene.video.media?.state).toBe('failed');
    await scene.harness.client.restart();
    scene.video.start();
    await settle();
    expect(scene.video.status.state).toBe('watching');
    expect(scene.video.media?.state).toBe('ready');
  });

  it('by somebody who ended the daemon stops it, until it is started again', async () => {
    const scene = await new Scene().started();
    scene.harness.link.leave('stopped');
    await settle();
    expect(scene.video.status).toMatchObject({ state: 'stopped', error: { action: 'retry' } });
    expect(scene.harness.links).toHaveLength(1);
    scene.video.start();
    await settle();
    expect(scene.video.status.state).toBe('watching');
    expect(scene.sent(openMedia.method)).toHaveLength(2);
  });

  it('by somebody who ended the daemon opens what was watched with the next daemon', async () => {
    const scene = await new Scene({ [ask.method]: () => answer }).started();
    scene.end('finished');
    scene.harness.link.leave('stopped');
    await settle();
    expect(scene.harness.links).toHaveLength(1);
    const question = { question: 'What is it named?', scope: { kind: 'whole' as const } };
    const { token } = new CancellationTokenSource();
    await scene.video.ask(question, { onText: () => undefined }, token);
    await settle();
    // Its addresses have ended with the daemon before.
    expect(scene.sent(openMedia.method)).toHaveLength(2);
    expect(scene.sent(startSession.method)).toHaveLength(2);
  });
});

describe('playing', () => {
  it('uses addresses that the window can reach, with their path and query', async () => {
    editor.toExternal = (uri) =>
      Uri.parse(`https://far.example/proxy/${uri.authority.split(':')[1]!}/`);
    const scene = await new Scene().started();
    expect(scene.video.media).toEqual({
      ...media,
      videoUrl: 'https://far.example/proxy/4000/secret/key/video.mp4?v=1',
      frameUrl: 'https://far.example/proxy/4000/secret/key/frame',
    });
  });

  it('hears of better copies of this video only', async () => {
    const scene = await new Scene().started();
    const heard: MediaInfo[] = [];
    scene.video.onDidChangeMedia((info) => {
      heard.push(info);
    });
    const tell = (path: string, progress: number): void => {
      const change: MediaInfo = { ...media, state: 'preparing', progress };
      const source = { kind: 'file' as const, path };
      scene.harness.link.tell(mediaChanged, { source, media: change });
    };
    tell('/other.mp4', 0.1);
    tell(file, 0.2);
    tell(file, 0.3);
    await settle();
    expect(heard.map(({ progress }) => progress)).toEqual([0.3]);
  });

  it('says that it cannot where no address can be reached', async () => {
    editor.toExternal = () => {
      throw new Error('no tunnel');
    };
    const scene = await new Scene().started();
    expect(scene.video.media?.state).toBe('failed');
    editor.toExternal = (uri) => uri;
    const source = { kind: 'file' as const, path: file };
    scene.harness.link.tell(mediaChanged, { source, media });
    await settle();
    expect(scene.video.media).toEqual(media);
    editor.toExternal = () => {
      throw new Error('no tunnel');
    };
    scene.harness.link.tell(mediaChanged, { source, media });
    await settle();
    expect(scene.video.media?.state).toBe('failed');
  });

  it('says why it cannot', async () => {
    const scene = await new Scene({
      [openMedia.method]: () => {
        throw new AppError('source.noVideo');
      },
    }).started();
    expect(scene.video.media).toMatchObject({
      state: 'failed',
      notices: ['The file has no video track. Choose a file that has one.'],
    });
  });

  it('is tried again with the next daemon, which may have what the last one lacked', async () => {
    let attempts = 0;
    const scene = await new Scene({
      [openMedia.method]: () => {
        if (++attempts === 1) throw new AppError('ffmpeg.missing');
        return media;
      },
    }).started();
    scene.end('failed', toWireError(new AppError('ffmpeg.missing')));
    expect(scene.video.media?.state).toBe('failed');
    expect(scene.video.status.state).toBe('failed');
    scene.harness.link.leave('restart');
    await settle();
    expect(scene.video.media?.state).toBe('ready');
    expect(scene.video.status.state).toBe('watching');
  });

  it('remembers where the video was left, over windows', () => {
    const scene = new Scene();
    expect(scene.video.lastPositionMs).toBeUndefined();
    scene.video.player = { positionMs: mediaMs(12_000), isPlaying: true };
    scene.video.player = { positionMs: mediaMs(13_000), isPlaying: true };
    scene.video.player = { positionMs: mediaMs(13_500), isPlaying: false };
    expect(scene.video.lastPositionMs).toBe(13_500);
    const nextWindow = new VideoMemory(scene.memento);
    expect(nextWindow.positionOf(file)).toBe(13_500);
  });

  it('is moved by a seek, also one that comes before the player', () => {
    const { video } = new Scene();
    const seeks: unknown[] = [];
    video.onDidRequestSeek((seek) => {
      seeks.push(seek);
    });
    video.seek(mediaMs(30_000), true);
    expect(seeks).toEqual([{ atMs: 30_000, play: true }]);
    expect(video.player).toEqual({ positionMs: 30_000, isPlaying: false });
  });
});

describe('asking', () => {
  const question = { question: 'What is it named?', scope: { kind: 'whole' as const } };
  const listen = (words: string[], reports: unknown[] = []) => ({
    onText: (text: string) => {
      words.push(text);
    },
    onProgress: (report: unknown) => {
      reports.push(report);
    },
  });
  const { token } = new CancellationTokenSource();

  it('streams the words of its own answer, tells progress, and keeps both rows', async () => {
    const words: string[] = [];
    const reports: unknown[] = [];
    const scene = new Scene({
      [ask.method]: ({ requestId, workDoneToken }: AskParams) => {
        const { link } = scene.harness;
        link.tell(answerDelta, { requestId: 'another', text: 'no' });
        link.tell(answerDelta, { requestId: requestId!, text: 'It is ' });
        link.tell(answerDelta, { requestId: requestId!, text: 'add.' });
        link.report(String(workDoneToken), { message: 'watching', percentage: 40 });
        return answer;
      },
    });
    const given = await scene.video.ask(question, listen(words, reports), token);
    expect(given).toBe(answer);
    expect(words).toEqual(['It is ', 'add.']);
    expect(reports).toEqual([{ message: 'watching', percentage: 40 }]);
    expect(scene.video.rows).toMatchObject([
      { kind: 'query', id: 40, text: 'What is it named?' },
      { kind: 'answer', id: 41 },
    ]);
  });

  it('sends what the question is about, and the thread', async () => {
    const scene = new Scene({ [ask.method]: () => answer });
    scene.options = { model: 'live-large' };
    const events = listen([]);
    const [atMs, fromMs, toMs] = [mediaMs(5000), mediaMs(1000), mediaMs(2000)];
    await scene.video.ask({ ...question, scope: { kind: 'now', atMs } }, events, token);
    const range = { kind: 'range' as const, fromMs, toMs };
    await scene.video.ask({ ...question, scope: range, followUpOf: 41 }, events, token);
    expect(scene.sent(ask.method)).toMatchObject([
      { atMs: 5000, options: { model: 'live-large' } },
      { fromMs: 1000, toMs: 2000, followUpOf: 41 },
    ]);
  });

  it('fails when the connection is lost', async () => {
    const scene = await new Scene().started();
    const asked = scene.video.ask(question, listen([]), token);
    await settle();
    scene.harness.link.crash();
    await expect(asked).rejects.toMatchObject({ code: 'connection.lost' });
  });

  it('summarises a stretch', async () => {
    const scene = new Scene({ [summarize.method]: () => ({ kind: 'summary' }) });
    const fromMs = mediaMs(1000);
    await scene.video.summarize({ fromMs }, () => undefined, token);
    expect(scene.sent(summarize.method)).toMatchObject([
      { source: { path: file }, fromMs: 1000, options: {} },
    ]);
  });
});
