/** The closed list of errors that people can meet, and how one travels over the wire. */

/**
 * Every expected failure has a code: `room.what`. Its sentence and its remedy stand once, in the daemon's catalogue
 * (`daemon/base/errors.ts`).
 */
export const errorCodes = [
  'request.invalid',
  'request.cancelled',
  'connection.refused',
  'connection.lost',
  'daemon.startFailed',
  'daemon.crashLoop',
  'source.notFound',
  'source.unreadable',
  'source.noVideo',
  'source.noFrames',
  'source.tooLarge',
  'source.notKept',
  'source.notRecorded',
  'source.inUse',
  'stream.unreachable',
  'stream.unreadable',
  'stream.lost',
  'page.toolMissing',
  'page.toolFailed',
  'capture.noDisplay',
  'capture.unsupported',
  'capture.refused',
  'capture.cannotExclude',
  'capture.excluded',
  'capture.lost',
  'sound.noServer',
  'sound.noDevice',
  'sound.refused',
  'sound.unsupported',
  'sound.lost',
  'ffmpeg.missing',
  'ffmpeg.failed',
  'model.notFound',
  'model.invalidManifest',
  'model.fileMismatch',
  'model.unsupported',
  'model.unreachable',
  'model.termsNotAccepted',
  'model.noRoom',
  'model.inUse',
  'model.notRemovable',
  'gpu.notOffered',
  'gpu.noDriver',
  'gpu.damaged',
  'endpoint.away',
  'endpoint.busy',
  'endpoint.refused',
  'endpoint.keyRefused',
  'endpoint.keyWithheld',
  'endpoint.unreadable',
  'endpoint.noModel',
  'endpoint.notAllowed',
  'engine.libraryUnknown',
  'engine.modelUnreadable',
  'engine.lost',
  'engine.crashLoop',
  'engine.contextFull',
  'engine.decodeFailed',
  'engine.stateMismatch',
  'perception.workerLost',
  'perception.modelUnreadable',
  'store.unavailable',
  'session.notFound',
  'question.tooLong',
  'bench.invalidTruth',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The `data` of a JSON-RPC error: what a client needs to show one sentence and one action. */
export interface WireError {
  readonly code: ErrorCode;
  /** One sentence, ready to be shown. */
  readonly message: string;
  /** One action that mends it, as an imperative sentence. */
  readonly remedy: string;
  /** Set for bugs: finds the stack in the daemon's log. */
  readonly incidentId?: string;
}
