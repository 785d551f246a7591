/** What is heard beside a screen: a real sound server, a real microphone of its, a real display, a real ffmpeg. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import type { Cue } from '../../daemon/media/captionSource.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { LiveSource, liveLimits } from '../../daemon/media/liveSource.ts';
import { captureInput, type CaptureTools } from '../../daemon/media/screenCapture.ts';
import { ScreenHearing } from '../../daemon/media/screenHearing.ts';
import { findSound, listSounds } from '../../daemon/media/soundCapture.ts';
import { Transcriber } from '../../daemon/media/transcriber.ts';
import type { SoundSource } from '../../protocol/index.ts';
import { createTemporaryFolder, writeScript } from '../helpers/fixtures.ts';
import { processesWith } from '../../scripts/processes.ts';
import { VirtualDisplay } from '../../scripts/virtualDisplay.ts';
import { noSoundServer, SoundServer } from '../helpers/soundServer.ts';
import { startTranscriber, type TranscriberServer } from '../helpers/transcriberServer.ts';

const running = new AbortController().signal;
const ffmpeg = (): Promise<string> => Promise.resolve('ffmpeg');
const tools: CaptureTools = { ffmpeg, clock: systemClock, platform: 'linux' };

let display: VirtualDisplay;
let transcriber: TranscriberServer;
beforeEach(async () => {
  display = await VirtualDisplay.start();
  transcriber = await startTranscriber();
});
afterEach(async () => {
  await display[Symbol.asyncDispose]();
  await transcriber[Symbol.asyncDispose]();
  expect(transcriber.problems).toEqual([]);
  expect(processesWith('-stream_name speech')).toEqual([]);
});

class Watched {
  readonly frames: Frame[] = [];
  readonly cues: Cue[] = [];
  readonly troubles: string[] = [];
  readonly hearing: ScreenHearing;
  readonly source: LiveSource;

  constructor(sound: SoundSource, env: Readonly<Record<string, string>>) {
    const onTrouble = (sentence: string): void => {
      this.troubles.push(sentence);
    };
    this.hearing = new ScreenHearing({
      ...{ sound, env, ffmpeg, onTrouble, clock: systemClock },
      transcriber: new Transcriber(transcriber.origin),
      locate: (scope) => findSound(sound, tools, scope),
    });
    const screen = { kind: 'screen', display: display.name } as const;
    this.source = new LiveSource({
      ...captureInput(screen, { frameRateFps: 2 }, tools),
      ...{ ffmpeg, frameRateFps: 2, clock: systemClock, limits: liveLimits, onTrouble },
      hearing: this.hearing,
    });
  }

  async watch(isEnough: (watched: this) => boolean): Promise<void> {
    await using hearing = this.hearing;
    for await (const item of this.source.open({ signal: running })) {
      if (item.kind !== 'frame') continue;
      this.frames.push(item.frame);
      this.cues.push(...hearing.due(item.frame.ptsMs));
      if (isEnough(this)) break;
    }
  }
}

/** When the screen has changed first. */
const changedMs = ({ frames }: Watched): number =>
  frames.find(({ data }) => Buffer.compare(data, frames[0]!.data) !== 0)!.ptsMs;

describe.skipIf(noSoundServer)(`with a sound server${noSoundServer ?? ''}`, () => {
  let sounds: SoundServer;
  beforeEach(async () => {
    sounds = await SoundServer.start();
  });
  afterEach(() => sounds[Symbol.asyncDispose]());

  it.each<[string, SoundSource, 'mouth' | 'played']>([
    ['into a microphone', { kind: 'microphone', device: 'mic' }, 'mouth'],
    ['by what the machine plays', { kind: 'machine' }, 'played'],
  ])('what is spoken %s is heard at the time of the pictures', async (_what, sound, sink) => {
    const watched = new Watched(sound, sounds.env);
    await sounds.play(sink);
    const terminal = await display.openTerminal('code', ['const answer = 42;']);
    await watched.watch(({ frames, cues }) => {
      if (frames.length === 8) {
        display.type(terminal, 'const other = 43;');
        void sounds.setMuted(sink, false);
      }
      if (frames.length === 13) void sounds.setMuted(sink, true);
      return cues.length > 0 || frames.length > 60;
    });
    expect(watched.cues).toMatchObject([{ text: 'Heard.', origin: 'speech' }]);
    const [cue] = watched.cues;
    // A change is seen up to a sample later, its frame is told half a second late, and an utterance begins 0.3 s before its first sound;
    // how long it takes to type is the machine's. What is spoken begins four seconds behind the first picture.
    const earlierMs = changedMs(watched) - cue!.startMs;
    expect(earlierMs).toBeGreaterThan(-500);
    expect(earlierMs).toBeLessThan(3500);
    expect(transcriber.heard[0]!.seconds).toBeLessThan(5);
    expect(watched.troubles).toEqual([]);
    expect(watched.hearing.speech).toMatchObject({ sound: sound.kind, sent: 1, isAway: false });
  });

  it('a microphone is not heard while the pictures are paused', async () => {
    const watched = new Watched({ kind: 'microphone', device: 'mic' }, sounds.env);
    const recorders = (): number => processesWith('-stream_name speech').length;
    const counts: number[] = [];
    let isResumed = false;
    await watched.watch(({ frames, source }) => {
      if (frames.length === 6) {
        counts.push(recorders());
        source.setPaused(true);
        void systemClock.sleep(1500, { signal: running }).then(() => {
          counts.push(recorders());
          isResumed = true;
          source.setPaused(false);
        });
      }
      return isResumed && recorders() > 0;
    });
    expect(counts).toEqual([1, 0]);
  });

  it('pictures go on when the sound server ends, and people are told', async () => {
    const watched = new Watched({ kind: 'microphone' }, sounds.env);
    await watched.watch(({ frames, hearing }) => {
      if (frames.length === 6) void sounds.kill();
      return hearing.speech.trouble !== undefined || frames.length > 40;
    });
    expect(watched.hearing.speech.trouble).toMatch(/^Nothing is heard: /);
  });

  it('names a microphone that is not there', async () => {
    const watched = new Watched({ kind: 'microphone', device: 'gone' }, sounds.env);
    await watched.watch(({ troubles, frames }) => troubles.length > 0 || frames.length > 40);
    expect(watched.troubles).toEqual(['Nothing is heard: there is no such microphone.']);
    expect(watched.frames.length).toBeGreaterThan(0);
  });
});

it('pictures go on where no sound server is, and people are told why nothing is heard', async () => {
  const nobody = { PULSE_SERVER: 'unix:/nowhere/pulse', ALSA_CONFIG_PATH: '/dev/null' };
  const watched = new Watched({ kind: 'microphone' }, nobody);
  await watched.watch(({ frames }) => frames.length >= 8);
  expect(watched.troubles).toEqual(['Nothing is heard: no sound server answers.']);
  expect(watched.hearing.speech).toMatchObject({ trouble: watched.troubles[0] });
});

describe('what can be heard', () => {
  it('is listed as ffmpeg tells it, outputs aside', async () => {
    await using folder = await createTemporaryFolder();
    const lists =
      'Auto-detected sources for pulse:\\n* mic [Desk]\\n  out.monitor [Monitor of Out]\\n';
    const script = `case "$2" in -devices) printf ' D  pulse x\\n';; -sources) printf '${lists}';; esac`;
    const program = await writeScript(folder.path('ffmpeg'), script);
    const found = await listSounds(
      { ...tools, ffmpeg: () => Promise.resolve(program) },
      { signal: running },
    );
    const source = { kind: 'microphone', device: 'mic' };
    expect(found).toEqual({ microphones: [{ name: 'Desk', source }], isMachineHeard: true });
  });
});
