import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../../daemon/base/clock.ts';
import type { Cue } from '../../../daemon/media/captionSource.ts';
import { SpeechListener } from '../../../daemon/media/speechListener.ts';
import { readTranscript, Transcriber } from '../../../daemon/media/transcriber.ts';
import { isServerAddress, serverPlace } from '../../../protocol/index.ts';
import { startTranscriber } from '../../helpers/transcriberServer.ts';

const { signal } = new AbortController();
const second = new Int16Array(16_000);

describe('the address of a transcriber', () => {
  it.each([
    ['http://127.0.0.1:8080/inference', '127.0.0.1:8080', true],
    ['http://localhost:8080', 'localhost:8080', true],
    ['http://[::1]:80/inference', '[::1]:80', true],
    ['https://api.example.org/v1/audio/transcriptions?model=x', 'api.example.org', false],
    ['http://127.0.0.1.example.org/inference', '127.0.0.1.example.org', false],
  ])('tells where speech goes: %s', (address, host, isLocal) => {
    expect(isServerAddress(address)).toBe(true);
    expect(serverPlace(address)).toEqual({ host, isLocal });
    expect(new URL(address).host.replace(/:80$/, '')).toBe(host.replace(/:80$/, ''));
  });

  it.each([
    '',
    'localhost:8080',
    'ftp://a/b',
    'https://me:key@a.org/',
    'http://a b/',
    'http://a\\@b/',
    'http://127.0.0.1:99999/',
    'http://a%2e/',
  ])('has no key and no other scheme: %s', (address) => {
    expect(isServerAddress(address)).toBe(false);
  });
});

describe('Transcriber', () => {
  it.each([
    ['', '/inference', undefined],
    ['/inference', '/inference', undefined],
    ['/v1/audio/transcriptions', '/v1/audio/transcriptions', 'whisper-1'],
    ['/v1/audio/transcriptions?model=large', '/v1/audio/transcriptions', 'large'],
  ])('asks as the published API says: %s', async (address, path, model) => {
    await using server = await startTranscriber();
    const transcriber = new Transcriber(`${server.origin}${address}`, 'key');
    const segments = await transcriber.transcribe(second, { signal });
    expect(server.problems).toEqual([]);
    expect(server.heard).toMatchObject([{ path, seconds: 1, authorization: 'Bearer key' }]);
    expect(server.heard[0]!.fields['model']).toBe(model);
    expect(segments).toEqual([{ startMs: 0, endMs: 1000, text: 'Heard.' }]);
  });

  it.each([
    [400, 'ServerRefusal'],
    [401, 'ServerRefusal'],
    [429, 'ServerOutage'],
    [503, 'ServerOutage'],
    [200, 'Error'],
  ])('tells refusals from outages: %i', async (status, name) => {
    await using server = await startTranscriber(() => ({ status, body: {} }));
    const asked = new Transcriber(server.origin).transcribe(second, { signal });
    await expect(asked).rejects.toMatchObject({ name });
  });
});

describe('readTranscript', () => {
  const check = (answer: object, expected: readonly string[]): void => {
    const segments = readTranscript(JSON.stringify(answer), 3000);
    expect(segments.map(({ startMs, endMs, text }) => `${startMs}-${endMs} ${text}`)).toEqual(
      expected,
    );
  };
  const segment = (text: string, more = {}) => ({ start: 1, end: 2, text, ...more });

  it('takes times that lie within the sound, and all of it where there are none', () => {
    check({ text: ' a b', segments: [segment(' a'), { start: 2, end: 31, text: 'b' }] }, [
      '1000-2000 a',
      '2000-3000 b',
    ]);
    check({ text: ' all ' }, ['0-3000 all']);
    check({ text: '' }, []);
    check({ segments: [segment('x', { start: '1' }), 7, null] }, []);
  });

  it('leaves out what a model says in silence, and noises', () => {
    check({ segments: [segment('Thank you.', { no_speech_prob: 0.9, avg_logprob: -1.5 })] }, []);
    check({ segments: [segment('Sure?', { no_speech_prob: 0.9, avg_logprob: -0.2 })] }, [
      '1000-2000 Sure?',
    ]);
    check({ segments: [segment(' [BLANK_AUDIO]'), segment('(music)'), segment('...')] }, []);
  });
});

/** A tone of a second and a second of silence, so many times. */
function utterances(count: number): Readable {
  const bytes = Buffer.alloc(count * 64_000);
  for (let index = 0; index < bytes.length / 2; index++) {
    const isLoud = index % 32_000 < 16_000;
    bytes.writeInt16LE(isLoud ? Math.round(9000 * Math.sin(index / 9)) : 0, index * 2);
  }
  // Pieces of an odd length, as a pipe may give them.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 10_001) }, (_, index) =>
    bytes.subarray(index * 10_001, (index + 1) * 10_001),
  );
  return Readable.from(pieces);
}

/** Waits take no time. */
const hasty: Clock = { ...systemClock, sleep: () => setImmediate() };

describe('SpeechListener', () => {
  const troubles: string[] = [];
  const listen = (
    transcribe: Transcriber['transcribe'],
    clock = hasty,
  ): { readonly listener: SpeechListener; readonly cues: Cue[] } => {
    const cues: Cue[] = [];
    troubles.length = 0;
    const listener = new SpeechListener({
      transcriber: { place: { host: 'there', isLocal: false }, transcribe },
      clock,
      onCue: (cue) => {
        cues.push(cue);
      },
      onTrouble: (sentence) => {
        troubles.push(sentence);
      },
    });
    return { listener, cues };
  };
  const always = (): boolean => true;
  const heard = [{ startMs: 100, endMs: 900, text: 'Heard.' }];

  it('tells what was said where it was said', async () => {
    const { listener, cues } = listen(() => Promise.resolve(heard));
    await listener.take(utterances(2), () => 60_000, always);
    await listener.settled({ signal });
    expect(listener.stats).toMatchObject({ host: 'there', sent: 2, dropped: 0, isAway: false });
    expect(cues.map(({ origin }) => origin)).toEqual(['speech', 'speech']);
    expect(Math.abs(cues[1]!.startMs - 62_100)).toBeLessThan(350);
    expect(cues[1]!.endMs - cues[1]!.startMs).toBe(800);
  });

  it('does not send what nobody wants', async () => {
    const { listener } = listen(() => Promise.resolve(heard));
    await listener.take(
      utterances(2),
      () => 0,
      (startMs) => startMs > 1000,
    );
    await listener.settled({ signal });
    expect(listener.stats.sent).toBe(1);
  });

  it('asks again when the server is away, and says so once', async () => {
    let calls = 0;
    const { listener, cues } = listen(() => {
      calls++;
      return calls < 5 ? Promise.reject(new Error('fetch failed')) : Promise.resolve(heard);
    });
    await listener.take(utterances(2), () => 0, always);
    while (cues.length < 2) await setImmediate();
    await listener[Symbol.asyncDispose]();
    expect(calls).toBe(6);
    expect(troubles).toEqual(['What is spoken cannot be transcribed.']);
  });

  it('drops the oldest that wait, and counts them', async () => {
    const first = Promise.withResolvers<typeof heard>();
    const { listener } = listen(() => first.promise);
    await listener.take(utterances(10), () => 0, always);
    expect(listener.stats).toMatchObject({ sent: 0, dropped: 3 });
    first.resolve(heard);
    await listener[Symbol.asyncDispose]();
  });

  it('leaves at once', async () => {
    const { listener } = listen((_samples, options) => {
      return new Promise((_resolve, reject) => {
        options.signal.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
    }, systemClock);
    await listener.take(utterances(1), () => 0, always);
    await listener[Symbol.asyncDispose]();
    expect(listener.stats.sent).toBe(0);
    expect(troubles).toEqual([]);
  });
});
