/** What perception's host and its workers say to each other. Everything is plain data. */
import type { Picture } from '../media/frameSource.ts';
import type {
  FeaturesManifest,
  MatcherManifest,
  ReaderManifest,
  RegionsManifest,
  VisionManifest,
} from '../weights/manifest.ts';
import { AppError, catalogue, toError } from '../base/errors.ts';
import type { VisionPlace } from './visionProviders.ts';
import type { FrameEmbedding, PlacedText, RequestMatch, ScreenLine } from './perception.ts';

/** What a worker is for; given to it when it starts. */
export type WorkerTask =
  | {
      readonly role: 'vision';
      readonly file: string;
      /** Tried in their order. */
      readonly providers: readonly string[];
      readonly manifest: VisionManifest;
    }
  | {
      readonly role: 'reader';
      readonly file: string;
      readonly provider: string;
      readonly manifest: ReaderManifest;
      /** What says where the lines stand. */
      readonly regions: { readonly file: string; readonly manifest: RegionsManifest };
    }
  | {
      readonly role: 'retriever';
      readonly file: string;
      readonly provider: string;
      readonly manifest: FeaturesManifest;
    }
  | {
      readonly role: 'matcher';
      readonly file: string;
      readonly provider: string;
      readonly manifest: MatcherManifest;
    };

/** Every request with its parameters and its result. */
export interface WorkerMethods {
  readonly encode: {
    readonly params: { readonly pictures: readonly Picture[] };
    readonly result: readonly FrameEmbedding[];
  };
  /** Where pictures are computed. */
  readonly place: {
    readonly params: undefined;
    readonly result: VisionPlace;
  };
  readonly read: {
    readonly params: { readonly streamId: string; readonly picture: Picture };
    readonly result: readonly ScreenLine[];
  };
  /** Forgets a stream's screen. */
  readonly endStream: {
    readonly params: { readonly streamId: string };
    readonly result: undefined;
  };
  /** How likely each row answers a question. */
  readonly score: {
    readonly params: { readonly question: string; readonly rows: readonly PlacedText[] };
    readonly result: Float32Array;
  };
  /** What a sentence of guidance is to a standing request. */
  readonly match: {
    readonly params: { readonly request: string; readonly sentence: string };
    readonly result: RequestMatch;
  };
}

export type WorkerMethod = keyof WorkerMethods;

export type WorkerRequest = {
  [Method in WorkerMethod]: {
    readonly id: number;
    readonly method: Method;
    readonly params: WorkerMethods[Method]['params'];
  };
}[WorkerMethod];

export type WorkerReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: CarriedError };

/** An error on its way between threads: structured cloning would lose its code. */
export interface CarriedError {
  readonly code?: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>>;
}

export function packError(thrown: unknown): CarriedError {
  const error = toError(thrown);
  const carried = { message: error.message, stack: error.stack };
  if (!(error instanceof AppError)) return carried;
  const cause = error.cause === undefined ? {} : { cause: toError(error.cause).message };
  return { ...carried, code: error.code, data: { ...error.data, ...cause } };
}

export function unpackError({ code, message, stack, data }: CarriedError): Error {
  if (code !== undefined && isErrorCode(code)) {
    return new AppError(code, message, data === undefined ? {} : { data });
  }
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function isErrorCode(code: string): code is AppError['code'] {
  return Object.hasOwn(catalogue, code);
}
