/**
 * Speech → timed text, by a server of the user's: whisper.cpp's, or any that speaks OpenAI's API.
 * @source whisper.cpp, examples/server/README.md (POST /inference); OpenAI API reference, "Create transcription" (POST
 *   /v1/audio/transcriptions): both take multipart/form-data and give `verbose_json`
 */
import { serverPlace, type ServerPlace } from '../../protocol/index.ts';
import { askServer, authorization, readAnswer } from '../base/foreignServer.ts';
import { asObject, parseObject, type JsonObject } from '../base/json.ts';
import { soundRateHz } from './hearingArgs.ts';

/** A piece of what was said. */
export interface TranscriptSegment {
  /** From the first sample. */
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/** A slow machine takes as long for half a minute of speech. */
const timeoutMs = 60_000;
const maxAnswerCharacters = 1_000_000;
/** OpenAI's own; others name theirs in the address, see `Transcriber`. */
const defaultModel = 'whisper-1';
/** Whisper's own rule for what was no speech. @source openai/whisper, transcribe.py: no_speech_threshold, logprob_threshold */
const noSpeechThreshold = 0.6;
const leastLogProbability = -1;

export class Transcriber {
  /** Where the sound goes. */
  readonly place: ServerPlace;
  readonly #url: string;
  readonly #fields: Readonly<Record<string, string>>;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param address `http://127.0.0.1:8080` or one that ends with `/inference` is whisper.cpp's; every other is taken for OpenAI's API. Its
   *   query may name the model: `…/v1/audio/transcriptions?model=whisper-large-v3`
   * @param key goes along where nobody on the way can read it
   */
  constructor(address: string, key?: string) {
    const url = new URL(address);
    this.place = serverPlace(address);
    if (url.pathname === '/') url.pathname = '/inference';
    const isWhisper = url.pathname.endsWith('/inference');
    const model = url.searchParams.get('model') ?? defaultModel;
    url.searchParams.delete('model');
    this.#url = url.href;
    this.#fields = {
      ...{ response_format: 'verbose_json', temperature: '0' },
      ...(isWhisper ? {} : { model }),
    };
    this.#headers = authorization(address, key);
  }

  /**
   * @param samples mono, `soundRateHz`
   * @throws ServerRefusal; ServerOutage; Error when what it says makes no sense
   */
  async transcribe(
    samples: Int16Array,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<readonly TranscriptSegment[]> {
    const form = new FormData();
    form.append('file', new Blob([toWav(samples)], { type: 'audio/wav' }), 'speech.wav');
    for (const [name, value] of Object.entries(this.#fields)) form.append(name, value);
    const asked = { method: 'POST', body: form, headers: this.#headers };
    const response = await askServer(this.#url, asked, { signal, timeoutMs });
    const text = await readAnswer(response, { maxCharacters: maxAnswerCharacters, signal });
    return readTranscript(text, (samples.length / soundRateHz) * 1000);
  }
}

/** One that cannot tell times gives all that was said as one. @throws Error */
export function readTranscript(answer: string, lengthMs: number): readonly TranscriptSegment[] {
  const told = parseObject(answer);
  const segments = told?.['segments'];
  if (Array.isArray(segments)) {
    return segments.flatMap((one: unknown) => {
      const { start, end, text, ...rest } = asObject(one) ?? {};
      if (typeof start !== 'number' || typeof end !== 'number' || typeof text !== 'string')
        return [];
      const startMs = Math.min(Math.max(0, start * 1000), lengthMs);
      const endMs = Math.min(Math.max(startMs, end * 1000), lengthMs);
      return isSpeech(text, rest) ? [{ startMs, endMs, text: text.trim() }] : [];
    });
  }
  const text = told?.['text'];
  if (typeof text !== 'string') throw new Error('its answer is no transcript');
  return isSpeech(text, {}) ? [{ startMs: 0, endMs: lengthMs, text: text.trim() }] : [];
}

/** Whisper invents words in silence, and says so; what is in brackets is a noise: [BLANK_AUDIO], (music). */
function isSpeech(text: string, facts: JsonObject): boolean {
  const { no_speech_prob: noSpeech, avg_logprob: logProbability } = facts;
  const isInvented =
    typeof noSpeech === 'number' &&
    noSpeech > noSpeechThreshold &&
    (typeof logProbability !== 'number' || logProbability < leastLogProbability);
  return !isInvented && text.replace(/\[[^\]]*\]|\([^)]*\)|[\s.♪*-]/g, '') !== '';
}

/** @source RIFF WAVE: 44 bytes before the samples */
export function toWav(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  // PCM, one channel.
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(soundRateHz, 24);
  bytes.writeUInt32LE(soundRateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples.length * 2, 40);
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, 44 + index * 2);
  return bytes;
}
