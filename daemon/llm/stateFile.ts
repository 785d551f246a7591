/** The file of a saved sequence: llama.cpp's own format, whose list of prompt tokens carries our stamp and the last logits. */
import { open, rename, rm } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';

/** Everything that must agree before a state may be loaded; llama.cpp itself checks little and can crash on a foreign one. */
export interface StateStamp {
  /** @see LlamaModel.fingerprint */
  readonly model: string;
  readonly release: string;
  readonly cacheType: string;
  readonly contextSize: number;
}

/** What a file says about the sequence in it. */
interface StateContents {
  readonly stamp: StateStamp;
  /** Positions in use. */
  readonly length: number;
  /** Bytes of llama.cpp's part. It ends the process when its file is shorter than it should be. */
  readonly stateBytes: number;
  /** Output after the last position; absent when the sequence had none at that moment. */
  readonly logits: Float32Array | undefined;
}

/** Bytes before the list: magic, version, count. @source llama_context::state_seq_save_file of llama.cpp v0.4.0 */
const headerBytes = 12;

/** The contents as 32-bit words: length of the JSON in bytes, the JSON padded to words, then the logits. */
export function packContents(contents: StateContents): Int32Array {
  const { logits, ...known } = contents;
  const json = Buffer.from(JSON.stringify(known));
  const jsonWords = Math.ceil(json.length / 4);
  const words = new Int32Array(1 + jsonWords + (logits?.length ?? 0));
  words[0] = json.length;
  Buffer.from(words.buffer).set(json, 4);
  if (logits) new Float32Array(words.buffer).set(logits, 1 + jsonWords);
  return words;
}

/** Number of words in the list of a state file, and what they hold. @throws AppError engine.stateMismatch if it is no such file */
export async function readContents(
  path: string,
): Promise<StateContents & { readonly words: number }> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw mismatch('there is no such file', error);
  });
  try {
    const { size } = await file.stat();
    const header = await file.read({ buffer: Buffer.alloc(headerBytes), position: 0 });
    const count = header.bytesRead === headerBytes ? header.buffer.readUInt32LE(8) : 0;
    if (count < 1 || headerBytes + count * 4 > size) throw mismatch('the file is cut off');
    const words = new Int32Array(count);
    const bytes = Buffer.from(words.buffer);
    await file.read({ buffer: bytes, position: headerBytes });
    const jsonBytes = words[0]!;
    const logitsStart = 4 + Math.ceil(jsonBytes / 4) * 4;
    const known = JSON.parse(bytes.toString('utf8', 4, 4 + jsonBytes)) as Omit<
      StateContents,
      'logits'
    >;
    if (size !== headerBytes + count * 4 + known.stateBytes) throw mismatch('the file is cut off');
    const logits = new Float32Array(words.buffer.slice(logitsStart));
    return { ...known, words: count, logits: logits.length > 0 ? logits : undefined };
  } catch (error) {
    throw error instanceof AppError ? error : mismatch('the file holds no stamp', error);
  } finally {
    await file.close();
  }
}

/** @throws AppError engine.stateMismatch naming the first difference */
export function requireSameStamp(found: StateStamp, expected: StateStamp): void {
  for (const key of Object.keys(expected) as (keyof StateStamp)[]) {
    if (found[key] !== expected[key]) throw mismatch(`its ${key} differs`);
  }
}

/** Lets `write` fill a new file beside `path`, then puts it in the place of `path` in one step. */
export async function replaceFile(
  path: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function mismatch(reason: string, cause?: unknown): AppError {
  return new AppError('engine.stateMismatch', undefined, { cause, data: { reason } });
}
