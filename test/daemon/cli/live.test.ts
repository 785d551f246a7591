/** The command line and what is live. */
import { describe, expect, it } from 'vitest';
import { createFakeService } from '../../helpers/fakeService.ts';
import { runInMemory } from '../../helpers/memoryCli.ts';
import type { AskParams, SessionOptions, SourceSpec } from '../../../protocol/index.ts';

/** What a command line starts watching. */
async function watched(...argv: string[]): Promise<SourceSpec | undefined> {
  let source: SourceSpec | undefined;
  const service = createFakeService();
  const startSession = service.startSession.bind(service);
  service.startSession = (params, ...rest) => {
    ({ source } = params);
    return startSession(params, ...rest);
  };
  await runInMemory(['watch', ...argv], { service });
  return source;
}

/** What a command line lets be heard. */
async function heard(...argv: string[]): Promise<SessionOptions['sound']> {
  let sound: SessionOptions['sound'];
  const service = createFakeService();
  const startSession = service.startSession.bind(service);
  service.startSession = (params, ...rest) => {
    sound = params.options.sound;
    return startSession(params, ...rest);
  };
  await runInMemory(['watch', ...argv], { service });
  return sound;
}

describe('watch', () => {
  it('hears a microphone or what the machine plays beside a screen, when that is said', async () => {
    const transcribed = ['--screen', '--transcriber', 'http://127.0.0.1:8080/inference'];
    expect(await heard(...transcribed)).toBeUndefined();
    expect(await heard(...transcribed, '--microphone')).toEqual({ kind: 'microphone' });
    const usb = { kind: 'microphone', device: 'usb' };
    expect(await heard('--microphone', 'usb', ...transcribed)).toEqual(usb);
    expect(await heard(...transcribed, '--sound')).toEqual({ kind: 'machine' });
  });

  it.each([
    ['--screen --microphone', '--transcriber'],
    ['--screen --sound', '--transcriber'],
    ['rtsp://a.org/1 --microphone --transcriber http://a.org/', '--screen'],
    ['--screen --microphone --sound --transcriber http://a.org/', 'not both'],
  ])('%s is wrong usage', async (line, word) => {
    const { code, stderr } = await runInMemory(['watch', ...line.split(' ')]);
    expect([code, stderr[0]]).toEqual([2, expect.stringContaining(word)]);
  });

  it('lists microphones', async () => {
    const argv = ['watch', '--screen', '--microphone', 'list'];
    const { code, stdout, stderr } = await runInMemory(argv);
    expect([code, stdout]).toEqual([0, ['usb  USB']]);
    expect(stderr).toEqual(['What this machine plays is heard with --sound.']);
  });

  it('takes an address, a screen, or a part of it', async () => {
    const url = 'rtmp://127.0.0.1/live/x';
    expect(await watched(url)).toEqual({ kind: 'stream', url });
    expect(await watched('--screen')).toEqual({ kind: 'screen', display: ':7' });
    expect(await watched('--screen', '--all')).toEqual({ kind: 'screen', display: ':7' });
    expect(await watched('--screen', ':3')).toEqual({ kind: 'screen', display: ':3' });
    const window = { kind: 'screen', display: ':7', window: '0x20000c' };
    expect(await watched('--screen=0x20000c')).toEqual(window);
    expect(await watched('--screen', 'DP-1')).toMatchObject({ box: [0, 0, 800, 600] });
    expect(await watched('--screen', 'a terminal')).toMatchObject({ window: '0x20000c' });
    expect(await watched('live-0123456789ab')).toEqual({
      ...{ kind: 'kept', videoId: 'live-0123456789ab' },
    });
  });

  it('lists the parts of the screen', async () => {
    const { code, stdout, stderr } = await runInMemory(['watch', '--screen', 'list']);
    expect(code).toBe(0);
    expect(stdout).toEqual([
      ':7        display, 800 × 600 at 0, 0',
      'DP-1      monitor, 800 × 600 at 0, 0',
      '0x20000c  window "a terminal", 800 × 600 at 0, 0',
    ]);
    expect(stderr).toEqual(['Something cannot be listed.']);
    const { stdout: json } = await runInMemory(['watch', '--screen', 'list', '--json']);
    expect(JSON.parse(json[0]!)).toMatchObject({ parts: [{ kind: 'display' }, {}, {}] });
  });

  it('does not know every name, nor two things at once', async () => {
    const { code, stderr } = await runInMemory(['watch', '--screen', 'DP-9']);
    expect([code, stderr[0]]).toEqual([2, expect.stringContaining('"DP-9"')]);
    expect((await runInMemory(['watch', 'talk.mp4', '--screen', ':0'])).code).toBe(2);
    expect((await runInMemory(['watch'])).code).toBe(2);
  });

  it('tells the id to ask by, and ends well at Ctrl+C', async () => {
    const interrupt = new AbortController();
    const { code, stdout } = await runInMemory(['watch', 'http://a.org/endless.mp4', '--json'], {
      interrupt,
      onLine: () => {
        interrupt.abort();
      },
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout[0]!)).toEqual({ kind: 'session', videoId: 'video-1' });
    expect(JSON.parse(stdout.at(-1)!)).toMatchObject({ kind: 'stats', state: 'stopped' });
  });
});

describe('a kept session', () => {
  it('is asked about by its id', async () => {
    let params: AskParams | undefined;
    const service = createFakeService();
    const ask = service.ask.bind(service);
    service.ask = (given, ...rest) => {
      params = given;
      return ask(given, ...rest);
    };
    await runInMemory(['ask', 'live-0123456789ab', 'What?'], { service });
    expect(params?.source).toEqual({ kind: 'kept', videoId: 'live-0123456789ab' });
  });

  it('is not asked about by its address', async () => {
    const { code, stderr } = await runInMemory(['ask', 'https://a.org/x.m3u8', 'What?']);
    expect([code, stderr[0]]).toEqual([2, expect.stringContaining('watched first')]);
  });

  it('is listed with its id', async () => {
    const { code, stdout } = await runInMemory(['sessions']);
    expect(code).toBe(0);
    expect(stdout).toHaveLength(1);
    expect(stdout[0]).toMatch(
      /^live-0123456789ab {2}2023-11-1\d \d\d:\d\d {2}1:30 so far {2}screen :0$/,
    );
    const { stdout: json } = await runInMemory(['sessions', '--json']);
    expect(JSON.parse(json[0]!)).toMatchObject({ sessions: [{ isRunning: true }] });
  });
});
