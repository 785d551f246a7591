/** Fetches files that are known by their hash: goes on behind what is there, and asks again while a source has an outage. */
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { longestWaitMs, ServerOutage, ServerRefusal } from '../base/foreignServer.ts';
import { exists } from './files.ts';
import type { ExpectedFile, FileSource } from './packSource.ts';
import { PartialFile } from './partialFile.ts';

interface DownloaderParts {
  readonly clock: Pick<Clock, 'sleep'>;
  /** What the files are parts of, for people: "model pack". */
  readonly subject: string;
}

interface FetchOptions {
  readonly target: string;
  /** Told how much of the file is there. */
  readonly onBytes: (bytes: number) => void;
  /** Aborting keeps what is there. */
  readonly signal: AbortSignal;
}

/** A file, where it comes from and where it goes. */
interface WantedFile {
  readonly source: FileSource;
  readonly file: ExpectedFile;
  readonly target: string;
}

interface FetchAllOptions {
  readonly onBytes: (bytes: number, file: ExpectedFile) => void;
  /** Aborting keeps what is there. */
  readonly signal: AbortSignal;
}

interface FillOptions extends Omit<FetchOptions, 'target'> {
  readonly part: PartialFile;
}

/** Between tries of which none brought a byte; then it is given up. */
const waitsMs = [1000, 2000, 5000, 10_000, 20_000];

export class Downloader {
  readonly #parts: DownloaderParts;

  constructor(parts: DownloaderParts) {
    this.#parts = parts;
  }

  /**
   * One file after the other; what is there whole is not fetched again.
   * @param onBytes told how much of all of them is there, and of which file
   * @throws AppError model.unreachable, model.fileMismatch
   */
  async fetchAll(
    wanted: readonly WantedFile[],
    { onBytes, signal }: FetchAllOptions,
  ): Promise<void> {
    let doneBefore = 0;
    for (const { source, file, target } of wanted) {
      const tell = (bytes: number): void => {
        onBytes(doneBefore + bytes, file);
      };
      // Under its own name lies only what was compared with its hash.
      if (!(await exists(target)))
        await this.fetch(source, file, { target, onBytes: tell, signal });
      doneBefore += file.bytes;
      tell(0);
    }
  }

  /** Under its own name lies the file only once it was compared with its hash. @throws AppError model.unreachable, model.fileMismatch */
  async fetch(
    source: FileSource,
    file: ExpectedFile,
    { target, onBytes, signal }: FetchOptions,
  ): Promise<void> {
    const { algorithm } = file.hash;
    await using part = await PartialFile.open(target, { algorithm, signal });
    const wasBegun = part.bytes > 0;
    let isWhole = await this.#fill(source, file, { part, onBytes, signal });
    if (!isWhole && wasBegun) {
      // What was there may be of another file of that name, or spoiled.
      await part.restart();
      isWhole = await this.#fill(source, file, { part, onBytes, signal });
    }
    if (isWhole) {
      await part.finish();
      return;
    }
    await part.restart();
    const sentence = `${file.path} from ${source.name} has another ${algorithm} than ${file.hash.from} says.`;
    throw new AppError('model.fileMismatch', sentence);
  }

  /**
   * Asks again while the source has an outage. @param progress grows while asking is of use
   * @throws AppError model.unreachable
   */
  async insisting<Result>(
    source: Pick<FileSource, 'name'>,
    work: () => Promise<Result>,
    signal: AbortSignal,
    progress: () => number = () => 0,
  ): Promise<Result> {
    let reached = progress();
    for (let failures = 0; ; failures++) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof ServerRefusal) throw this.#unreachable(source, error);
        if (!(error instanceof ServerOutage)) throw error;
        if (progress() > reached) failures = 0;
        reached = progress();
        if (failures >= waitsMs.length) throw this.#unreachable(source, error);
        const waitMs = Math.min(error.retryAfterMs ?? backOff(waitsMs, failures), longestWaitMs);
        await this.#parts.clock.sleep(waitMs, { signal });
      }
    }
  }

  /** @returns whether it is then what is expected */
  async #fill(
    source: FileSource,
    file: ExpectedFile,
    { part, onBytes, signal }: FillOptions,
  ): Promise<boolean> {
    if (part.bytes > file.bytes) await part.restart();
    await this.insisting(
      source,
      async () => {
        if (part.bytes === file.bytes) return;
        const { offset, bytes } = await source.open(file, part.bytes, { signal });
        if (offset !== part.bytes) await part.restart();
        for await (const piece of bytes) {
          await part.append(piece);
          if (part.bytes > file.bytes) break;
          onBytes(part.bytes);
        }
        if (part.bytes < file.bytes) throw new ServerOutage('it broke off');
      },
      signal,
      () => part.bytes,
    );
    return part.bytes === file.bytes && part.digest === file.hash.digest;
  }

  #unreachable({ name }: Pick<FileSource, 'name'>, cause: Error): AppError {
    const sentence = `The ${this.#parts.subject} at ${name} cannot be downloaded: ${cause.message}.`;
    return new AppError('model.unreachable', sentence, { cause });
  }
}
