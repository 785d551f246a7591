import { beforeEach, describe, expect, it } from 'vitest';
import { LiveMemory } from '../../extension/liveMemory.ts';
import { deleteKeptSession } from '../../extension/deleteKept.ts';
import {
  openKept,
  watchAgain,
  watchLivestream,
  watchScreen,
  type LiveParts,
} from '../../extension/watchLive.ts';
import { mediaMs, wallMs, type RequestMethod, type ScreenPart } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';
import { VideoWindow } from '../helpers/videoWindow.ts';

const videoId = 'live-0123456789ab';
const url = 'https://tv.test/live.m3u8?key=1';
const box = [0, 0, 800, 600] as const;
const part = (kind: ScreenPart['kind'], name: string): ScreenPart => ({
  ...{ kind, name, box },
  source: { kind: 'screen', display: ':0', title: name },
});

class Secrets {
  readonly stored = new Map<string, string>();
  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.stored.get(key));
  }
  store(key: string, value: string): Promise<void> {
    this.stored.set(key, value);
    return Promise.resolve();
  }
}

let window: VideoWindow;
let sent: { readonly method: string; readonly params: unknown }[];
let answers: Record<string, unknown>;
let secrets: Secrets;
let parts: LiveParts;

beforeEach(() => {
  editor.reset();
  window = new VideoWindow();
  window.video.status = { state: 'watching' };
  sent = [];
  answers = {
    'codealong/startSession': {
      ...{ sessionId: 's1', videoId, isIndexed: false },
      name: 'https://tv.test/live.m3u8',
    },
    'codealong/stopSession': null,
  };
  secrets = new Secrets();
  parts = {
    client: {
      request: <Params, Result>({ method }: RequestMethod<Params, Result>, params: Params) => {
        sent.push({ method, params });
        return Promise.resolve(answers[method] as Result);
      },
    },
    ...{ sessions: window.sessions, videos: window.videos },
    live: new LiveMemory(secrets),
    sessionOptions: () => ({ frameRateFps: 2 }),
  };
});

const methods = (): readonly string[] => sent.map(({ method }) => method);

describe('watching a livestream', () => {
  it('asks for an address, shows its session, and leaves the watching to the panel', async () => {
    ui.answers.push(` ${url} `);
    await watchLivestream(parts);
    expect(sent).toEqual([
      {
        method: 'codealong/startSession',
        params: { source: { kind: 'stream', url }, options: { frameRateFps: 2 } },
      },
      { method: 'codealong/stopSession', params: { sessionId: 's1' } },
    ]);
    expect(window.told).toEqual([`show ${videoId}`]);
    expect(window.names.get(videoId)).toBe('https://tv.test/live.m3u8');
  });

  it('lets go of the watching only when the panel follows it', async () => {
    window.video.status = { state: 'connecting' };
    ui.answers.push(url);
    const watching = watchLivestream(parts);
    await expect.poll(() => window.told).toEqual([`show ${videoId}`]);
    expect(methods()).not.toContain('codealong/stopSession');
    window.video.setStatus({ state: 'watching' });
    await watching;
    expect(methods()).toContain('codealong/stopSession');
  });

  it('offers what was watched before, newest first, and keeps it among the secrets', async () => {
    ui.answers.push(url);
    await watchLivestream(parts);
    ui.answers.push('$(add) Another Address…', 'rtsp://camera.test/1');
    await watchLivestream(parts);
    ui.answers.push(url);
    await watchLivestream(parts);
    expect(ui.dialogs.map(({ kind, labels }) => [kind, ...labels])).toEqual([
      ['input'],
      ['pick', '$(add) Another Address…', url],
      ['input'],
      ['pick', '$(add) Another Address…', 'rtsp://camera.test/1', url],
    ]);
    expect([...secrets.stored.values()].join()).toContain(url);
  });

  it('says what is wrong with an address', async () => {
    await watchLivestream(parts);
    const validate = ui.dialogs[0]!.options['validateInput'] as (text: string) => unknown;
    expect(validate(` ${url} `)).toBeUndefined();
    expect(validate('')).toBe('Write the address of a stream.');
    for (const bad of ['live.m3u8', 'file:///etc/passwd', 'concat:a|b', 'https://a b']) {
      expect(validate(bad)).toMatch(/^An address begins with one of http:\/\//);
    }
    expect(sent).toEqual([]);
  });

  it('survives secrets that another version wrote', async () => {
    secrets.stored.set(
      'codealong.live',
      '[1,{"videoId":"x","source":{"kind":"stream","url":"no"}}]',
    );
    expect(await parts.live.addresses()).toEqual([]);
    secrets.stored.set('codealong.live', '{');
    expect(await parts.live.addresses()).toEqual([]);
  });
});

describe('watching a screen', () => {
  beforeEach(() => {
    answers['codealong/listScreens'] = {
      parts: [
        ...[part('display', ':0'), part('monitor', 'DP-1'), part('window', 'a $(terminal)')],
        part('window', 'app.ts - pantry - Fake'),
      ],
      notices: ['Something cannot be listed.'],
    };
  });

  it('lists displays, then windows but this editor, then what is missing', async () => {
    await watchScreen(parts);
    expect(ui.dialogs[0]?.labels).toEqual([
      ...['Displays', '$(device-desktop) :0', '$(device-desktop) DP-1'],
      ...['Windows', '$(window) a $\u200b(terminal)'],
      ...['Not in this list', '$(info) Something cannot be listed.'],
      '$(info) The window of this editor is left out.',
    ]);
    expect(window.told).toEqual([]);
  });

  it('watches what is chosen', async () => {
    ui.answers.push('$(device-desktop) DP-1');
    await watchScreen(parts);
    expect(sent[1]).toMatchObject({
      method: 'codealong/startSession',
      params: { source: { kind: 'screen', title: 'DP-1' } },
    });
    expect(window.told).toEqual([`show ${videoId}`]);
  });

  describe('with a transcriber', () => {
    beforeEach(() => {
      parts = { ...parts, sessionOptions: () => ({ transcriber: 'http://127.0.0.1:8080/' }) };
      answers['codealong/listSounds'] = {
        microphones: [{ name: 'Desk', source: { kind: 'microphone', device: 'desk' } }],
        isMachineHeard: true,
      };
    });

    it.each<[string, object | undefined]>([
      ['$(mute) Nothing', undefined],
      ['$(mic) The usual microphone', { kind: 'microphone' }],
      ['$(mic) Desk', { kind: 'microphone', device: 'desk' }],
      ['$(unmute) What this machine plays', { kind: 'machine' }],
    ])('asks what is to be heard, nothing first: %s', async (label, sound) => {
      ui.answers.push('$(device-desktop) DP-1', label);
      await watchScreen(parts);
      expect(ui.dialogs[1]?.labels[0]).toBe('$(mute) Nothing');
      const params = sent.find(({ method }) => method === 'codealong/startSession')?.params;
      expect((params as { options: { sound?: object } }).options.sound).toEqual(sound);
    });

    it('watches nothing when people leave it at that', async () => {
      ui.answers.push('$(device-desktop) DP-1');
      await watchScreen(parts);
      expect(methods()).toEqual(['codealong/listScreens', 'codealong/listSounds']);
    });
  });

  it('does nothing for a line that only says something', async () => {
    ui.answers.push('$(info) Something cannot be listed.');
    await watchScreen(parts);
    expect(methods()).toEqual(['codealong/listScreens']);
  });
});

describe('kept sessions', () => {
  it('are listed with when and how long, and shown under their names', async () => {
    const kept = { videoId, name: 'screen :0', startedMs: wallMs(1_700_000_000_000) };
    answers['codealong/listKept'] = {
      sessions: [{ ...kept, watchedMs: mediaMs(90_000), isRunning: true }],
    };
    ui.answers.push('$(record) screen :0');
    await openKept(parts);
    expect(window.told).toEqual([`show ${videoId}`]);
    expect(window.names.get(videoId)).toBe('screen :0');
  });

  it('are deleted when people say so twice, and only those that are over', async () => {
    const kept = { videoId, name: 'screen :0', startedMs: wallMs(1_700_000_000_000) };
    const session = { ...kept, watchedMs: mediaMs(90_000), isRunning: false };
    answers['codealong/listKept'] = { sessions: [session, { ...session, isRunning: true }] };
    ui.answers.push('$(history) screen :0');
    await deleteKeptSession(parts);
    expect(ui.dialogs.at(-1)?.labels).toEqual(['$(history) screen :0']);
    expect(methods()).toEqual(['codealong/listKept']);
    ui.answers.push('$(history) screen :0');
    editor.press = 'Delete';
    await deleteKeptSession(parts);
    expect(sent.at(-1)).toEqual({ method: 'codealong/deleteKept', params: { videoId } });
  });

  it('may be none', async () => {
    answers['codealong/listKept'] = { sessions: [] };
    await openKept(parts);
    expect(editor.messages).toMatchObject([{ text: 'Nothing was watched live yet.' }]);
  });

  it('are watched again as what they were of', async () => {
    ui.answers.push(url);
    await watchLivestream(parts);
    await watchAgain(parts, videoId);
    expect(sent.at(-2)?.params).toMatchObject({ source: { kind: 'stream', url } });
    await expect(watchAgain(parts, 'live-ffffffffffff')).rejects.toMatchObject({
      code: 'source.notKept',
    });
  });
});
