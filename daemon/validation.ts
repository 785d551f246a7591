/** What each request's params must look like; checked against the protocol's types when compiled. */
import path from 'node:path';
import { z } from 'zod';
import {
  chattinessLevels,
  gpuTypes,
  isAddressOfModel,
  isStreamAddress,
  isServerAddress,
  liveIdPattern,
  maxRequestCharacters,
  maxRequests,
  mediaMs,
  screenRegions,
  streamSchemes,
  type AdjustSessionParams,
  type AskParams,
  type DeleteKeptParams,
  type DoctorParams,
  type FileSource,
  type InstallGpuLibraryParams,
  type InstallModelParams,
  type KeptSource,
  type ListGpuLibrariesParams,
  type ListModelsParams,
  type ListScreensParams,
  type ModelSource,
  type OpenMediaParams,
  type PauseSessionParams,
  type ReadCodeParams,
  type ReadLogParams,
  type ReadScreenParams,
  type ReadTimelineParams,
  type ScreenSource,
  type SearchParams,
  type StartSessionParams,
  type StopSessionParams,
  type StreamSource,
  type SummarizeParams,
  type TimelineKind,
} from '../protocol/index.ts';
import { AppError } from './base/errors.ts';

/** Longer texts are a mistake or an attack; what the model can take is checked where the model is known. */
const maxQuestionCharacters = 20_000;
/** It stays in the model's memory all through a video. */
const maxInstructionCharacters = 500;
const maxPathCharacters = 32_768;
/** Above this no camera records and no pack was trained. */
const maxFrameRateFps = 60;

const timelineKinds = [
  'guidance',
  'screenText',
  'cue',
  'query',
  'answer',
  'summary',
  'chapter',
  'gap',
] as const satisfies readonly TimelineKind[];

const moment = z.number().nonnegative().transform(mediaMs);
const text = (maxCharacters: number) => z.string().min(1).max(maxCharacters);

/** Longer addresses are a mistake; signed ones of large sites have two thousand characters. */
const maxAddressCharacters = 8192;
const maxDisplayCharacters = 200;
const maxTitleCharacters = 500;

/** x, y, width, height in pixels of the video. */
const rectangle = z.tuple([
  z.number().nonnegative(),
  z.number().nonnegative(),
  z.number().positive(),
  z.number().positive(),
]);

const absolutePath = text(maxPathCharacters).refine(
  (value) => path.isAbsolute(value),
  'must be absolute',
);

const file = z.object({ kind: z.literal('file'), path: absolutePath });
const kept = z.object({
  kind: z.literal('kept'),
  videoId: z.string().regex(liveIdPattern, 'is not the id of a live session'),
});
/** An ffmpeg would take much more for a display: filters, devices, files. */
const display = text(maxDisplayCharacters)
  .regex(/^(?:[\w.-]*:\d+(?:\.\d+)?|\d+)$/, 'is not the name of a display, such as :0')
  .exactOptional();
const authority = absolutePath.exactOptional();
const screen = z.object({
  kind: z.literal('screen'),
  display,
  authority,
  window: z
    .string()
    .regex(/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i, 'is not the id of a window')
    .exactOptional(),
  box: rectangle.exactOptional(),
  title: text(maxTitleCharacters).exactOptional(),
});
const stream = z.object({
  kind: z.literal('stream'),
  url: text(maxAddressCharacters).refine(
    isStreamAddress,
    `must be an address that begins with ${streamSchemes.join(', ')}`,
  ),
});

const source = z.discriminatedUnion('kind', [file, kept]);
const anySource = z.discriminatedUnion('kind', [file, kept, screen, stream]);

const manner = {
  chattiness: z.enum(chattinessLevels).exactOptional(),
  requests: z.array(text(maxRequestCharacters)).max(maxRequests).exactOptional(),
};

const maxExclusions = 200;
const excluded = z.object({
  names: z.array(text(maxTitleCharacters)).max(maxExclusions),
  own: z
    .object({
      titleParts: z.array(text(maxTitleCharacters)).min(1).max(10),
      processId: z.number().int().nonnegative().exactOptional(),
    })
    .exactOptional(),
});

/** Some hosts look like one and are none: `http://1.2.3.999`. */
const isUsableAddress = (value: string): boolean => isServerAddress(value) && URL.canParse(value);

const transcriber = text(maxAddressCharacters)
  .refine(isUsableAddress, 'must be an address that begins with http:// or https://')
  .exactOptional();

/** Packages lie below it, and it is shown whole. */
const registry = text(maxAddressCharacters)
  .refine(
    (value) => isUsableAddress(value) && !/[?#]/.test(value),
    'must be an address such as https://host/npm/, without a user name, a password or a query',
  )
  .exactOptional();

const model = text(maxPathCharacters)
  .refine(
    (value) => !isAddressOfModel(value) || isUsableAddress(value),
    'must be an address such as https://host/v1#name, without a password',
  )
  .exactOptional();
/** It becomes part of a header. */
const modelKey = text(maxAddressCharacters)
  .regex(/^[\x21-\x7e]+$/, 'is no key')
  .exactOptional();

/** An ffmpeg would take much more for a device: a colon separates it from another one. */
const sound = z.object({
  kind: z.enum(['microphone', 'machine']),
  device: text(maxTitleCharacters)
    .regex(/^[^-:\p{C}][^:\p{C}]*$|^(?:plug)?hw:[\w,=]+$/u, 'is not the name of a microphone')
    .exactOptional(),
});

const options = z.object({
  ...manner,
  frameRateFps: z.number().positive().max(maxFrameRateFps).exactOptional(),
  speed: z.enum(['max', 'realtime']).exactOptional(),
  silenceThreshold: z.number().min(0).max(1).exactOptional(),
  model,
  modelKey,
  instruction: text(maxInstructionCharacters).exactOptional(),
  isUngrounded: z.boolean().exactOptional(),
  excluded: excluded.exactOptional(),
  transcriber,
  sound: sound.exactOptional(),
  framesFile: absolutePath.exactOptional(),
});

/** Of a pack or a catalogue. */
const packPlace = text(maxPathCharacters).refine(
  (value) => isUsableAddress(value) || path.isAbsolute(value),
  'must be an address that begins with http:// or https://, or an absolute path',
);

const maxHits = 100;

/** Chosen by the client, as LSP allows. */
const maxTokenCharacters = 200;
const workDoneToken = z.union([text(maxTokenCharacters), z.number().int()]).exactOptional();

/** A stretch whose ends may be left out. */
const stretch = { fromMs: moment.exactOptional(), toMs: moment.exactOptional() };
const isForward = ({ fromMs = 0, toMs = Infinity }: { fromMs?: number; toMs?: number }): boolean =>
  fromMs <= toMs;
const backward = { path: ['toMs'], message: 'the end of the stretch lies before its start' };

/** One schema for each request; unknown fields are dropped, so that a newer client may send more. */
export const paramsSchemas = {
  startSession: z.object({ source: anySource, options }),
  stopSession: z.object({ sessionId: z.string() }),
  adjustSession: z.object({ sessionId: z.string(), ...manner }),
  pauseSession: z.object({ sessionId: z.string(), isPaused: z.boolean() }),
  ask: z
    .object({
      source,
      question: text(maxQuestionCharacters),
      atMs: moment.exactOptional(),
      ...stretch,
      box: rectangle.exactOptional(),
      followUpOf: z.number().int().exactOptional(),
      requestId: z.string().exactOptional(),
      workDoneToken,
      options: options.exactOptional(),
    })
    .refine(isForward, backward)
    .refine(({ box, atMs }) => box === undefined || atMs !== undefined, {
      path: ['atMs'],
      message: 'a box needs the moment it was drawn at',
    }),
  summarize: z
    .object({ source, ...stretch, workDoneToken, options: options.exactOptional() })
    .refine(isForward, backward),
  readScreen: z.object({
    source,
    atMs: moment,
    region: z.enum(screenRegions).exactOptional(),
    options: options.exactOptional(),
  }),
  readCode: z.object({
    source,
    atMs: moment,
    region: z.enum(['editor', 'terminal']).exactOptional(),
    options: options.exactOptional(),
  }),
  search: z.object({
    query: text(maxQuestionCharacters),
    source: source.exactOptional(),
    kinds: z.array(z.enum(timelineKinds)).exactOptional(),
    limit: z.number().int().positive().max(maxHits).exactOptional(),
    options: options.exactOptional(),
  }),
  openMedia: z.object({ source }),
  deleteKept: kept.pick({ videoId: true }),
  listScreens: z.object({ display, authority }),
  doctor: z.object({ display, authority, transcriber, model, modelKey }),
  readTimeline: z
    .object({
      source,
      kinds: z.array(z.enum(timelineKinds)).exactOptional(),
      ...stretch,
      options: options.exactOptional(),
    })
    .refine(isForward, backward),
  listModels: z.object({
    catalogue: packPlace.exactOptional(),
    isThorough: z.boolean().exactOptional(),
  }),
  inspectModel: z.object({ from: packPlace }),
  installModel: z.object({ from: packPlace, hasAcceptedTerms: z.boolean() }),
  removeModel: z.object({ name: text(maxTitleCharacters) }),
  listGpuLibraries: z.object({ isThorough: z.boolean().exactOptional() }),
  installGpuLibrary: z.object({
    type: z.enum(gpuTypes).exactOptional(),
    registry,
  }),
  removeGpuLibrary: z.object({ type: z.enum(gpuTypes) }),
  readLog: z.object({ maxLines: z.number().int().nonnegative().exactOptional() }),
  nothing: z.object({}),
};

/**
 * Checks params that came over the wire.
 * @throws AppError "request.invalid" naming the field
 */
export function parseParams<Params>(schema: z.ZodType<Params>, value: unknown): Params {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue && issue.path.length > 0 ? issue.path.join('.') : 'params';
  throw new AppError('request.invalid', `${field}: ${issue?.message ?? 'not valid'}.`, {
    cause: parsed.error,
  });
}

/** A type with its optional fields spelled out, so that assigning both ways means being equal. */
type Shape<Value> = Value extends string | number | boolean
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Shape<Item>[]
    : {
        [Key in keyof Value]-?: object extends Pick<Value, Key>
          ? { optional: Shape<Value[Key]> }
          : { required: Shape<Value[Key]> };
      };
/** `never`, and so an error of the compiler, when a schema and its type have come apart. */
type Same<Schema extends z.ZodType, Params> = [Shape<z.output<Schema>>] extends [Shape<Params>]
  ? [Shape<Params>] extends [Shape<z.output<Schema>>]
    ? true
    : never
  : never;

type Schemas = typeof paramsSchemas;
true satisfies Same<typeof file, FileSource>;
true satisfies Same<typeof kept, KeptSource>;
true satisfies Same<typeof screen, ScreenSource>;
true satisfies Same<typeof stream, StreamSource>;
true satisfies Same<Schemas['startSession'], StartSessionParams>;
true satisfies Same<Schemas['stopSession'], StopSessionParams>;
true satisfies Same<Schemas['pauseSession'], PauseSessionParams>;
true satisfies Same<Schemas['adjustSession'], AdjustSessionParams>;
true satisfies Same<Schemas['ask'], AskParams>;
true satisfies Same<Schemas['summarize'], SummarizeParams>;
true satisfies Same<Schemas['openMedia'], OpenMediaParams>;
true satisfies Same<Schemas['deleteKept'], DeleteKeptParams>;
true satisfies Same<Schemas['listScreens'], ListScreensParams>;
true satisfies Same<Schemas['doctor'], DoctorParams>;
true satisfies Same<Schemas['readScreen'], ReadScreenParams>;
true satisfies Same<Schemas['readCode'], ReadCodeParams>;
true satisfies Same<Schemas['search'], SearchParams>;
true satisfies Same<Schemas['readTimeline'], ReadTimelineParams>;
true satisfies Same<Schemas['listModels'], ListModelsParams>;
true satisfies Same<Schemas['inspectModel'], ModelSource>;
true satisfies Same<Schemas['installModel'], InstallModelParams>;
true satisfies Same<Schemas['listGpuLibraries'], ListGpuLibrariesParams>;
true satisfies Same<Schemas['installGpuLibrary'], InstallGpuLibraryParams>;
true satisfies Same<Schemas['readLog'], ReadLogParams>;
