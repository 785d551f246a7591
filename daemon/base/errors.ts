/** The three kinds of failure, never mixed: cancellation, an expected `AppError`, and a bug (anything else). */
import type { ErrorCode, WireError } from '../../protocol/index.ts';

interface CatalogueEntry {
  /** The general sentence; an error may carry a more specific one. */
  readonly sentence: string;
  readonly remedy: string;
}

/** Sentence and remedy of every code, written once. */
export const catalogue: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  'request.invalid': {
    sentence: 'The request does not have the form that was agreed.',
    remedy:
      'Check what was asked for; if it is right, update the client and the daemon to the same version.',
  },
  'request.cancelled': { sentence: 'The request was cancelled.', remedy: 'Ask again when ready.' },
  'connection.refused': {
    sentence: 'The daemon did not accept this client.',
    remedy: 'Restart the daemon.',
  },
  'connection.lost': {
    sentence: 'The connection to the daemon was lost.',
    remedy: 'Try again; the daemon is started anew.',
  },
  'daemon.startFailed': {
    sentence: 'The daemon could not be started.',
    remedy: 'Run "codealong doctor" and look at the log it names.',
  },
  'daemon.crashLoop': {
    sentence: 'The daemon ended five times within three minutes and is not started for a while.',
    remedy: 'Look into the log, which says why it ended, and restart the daemon.',
  },
  'source.notFound': {
    sentence: 'There is no such file.',
    remedy: 'Check the path.',
  },
  'source.unreadable': {
    sentence: 'The file cannot be read as a video.',
    remedy: 'Play it in a video player; if it plays there, convert it to MP4 (H.264).',
  },
  'source.noVideo': {
    sentence: 'The file has no video track.',
    remedy: 'Choose a file that has one.',
  },
  'source.noFrames': {
    sentence: 'The file holds no complete frame.',
    remedy: 'Choose another file; this one is probably cut off.',
  },
  'source.tooLarge': {
    sentence: 'The pictures of this video are larger than can be watched.',
    remedy: 'Scale the video down to at most 4096 × 4096 pixels, or as many on sides up to 8192.',
  },
  'source.notKept': {
    sentence: 'No live session is kept under this id.',
    remedy: 'Run "codealong sessions" to see those that are.',
  },
  'source.notRecorded': {
    sentence: 'Nothing of this moment was recorded.',
    remedy: 'Choose a moment that the player shows.',
  },
  'source.inUse': {
    sentence: 'This live session is being watched.',
    remedy: 'Stop watching it, wait a minute, and delete it then.',
  },
  'stream.unreachable': {
    sentence: 'The stream cannot be reached.',
    remedy: 'Check the address, and whether it plays elsewhere on this machine.',
  },
  'stream.unreadable': {
    sentence: 'At this address is no video that can be read.',
    remedy: 'Use the address of the stream itself, such as one that ends in .m3u8.',
  },
  'stream.lost': {
    sentence: 'The stream broke off and did not come back.',
    remedy: 'Watch it again when it is back; what was seen is kept.',
  },
  'page.toolMissing': {
    sentence:
      'This is the address of a web page, and no tool that finds the video in it is installed.',
    remedy:
      'Install yt-dlp ("pipx install yt-dlp") or streamlink, or use the address of the stream.',
  },
  'page.toolFailed': {
    sentence: 'No video was found in this web page.',
    remedy: 'Update yt-dlp or streamlink, which have to follow changes of the sites.',
  },
  'capture.noDisplay': {
    sentence: 'There is no X11 display that can be captured.',
    remedy: 'Log in to an X11 session and name its display, as in "codealong watch --screen :0".',
  },
  'capture.unsupported': {
    sentence: 'This ffmpeg cannot capture the screen.',
    remedy: 'Install an ffmpeg with x11grab (Linux), gdigrab (Windows) or avfoundation (macOS).',
  },
  'capture.refused': {
    sentence: 'The system does not let ffmpeg capture the screen.',
    remedy: 'Allow it where the system asks for screen recording, then try again.',
  },
  'capture.cannotExclude': {
    sentence: 'Windows cannot be left out of what is captured on this system.',
    remedy:
      'Clear the list of what is left out ("codealong.screen.exclude", --exclude) only if nothing on the screen is private.',
  },
  'capture.excluded': {
    sentence: 'This window is among those that are never captured.',
    remedy: 'Take its name off the list ("codealong.screen.exclude", --exclude) to watch it.',
  },
  'capture.lost': {
    sentence: 'The screen can no longer be captured.',
    remedy: 'Watch it again when the display is back; what was seen is kept.',
  },
  'sound.noServer': {
    sentence: 'Nothing is heard: no sound server answers.',
    remedy: 'Start PulseAudio or PipeWire with pipewire-pulse; watching goes on without sound.',
  },
  'sound.noDevice': {
    sentence: 'Nothing is heard: there is no such microphone.',
    remedy: 'Choose one that "codealong watch --screen --microphone list" shows.',
  },
  'sound.refused': {
    sentence: 'Nothing is heard: the system does not let ffmpeg hear the microphone.',
    remedy: 'Allow it in the privacy settings of the system; watching goes on without sound.',
  },
  'sound.unsupported': {
    sentence: 'Nothing is heard: this ffmpeg cannot record that on this system.',
    remedy:
      'Install an ffmpeg with pulse (Linux), dshow (Windows) or avfoundation (macOS); what a machine plays is heard on Linux alone.',
  },
  'sound.lost': {
    sentence: 'Nothing is heard: the sound has ended, or never came.',
    remedy: 'Look whether the microphone is connected; watching goes on without sound.',
  },
  'ffmpeg.missing': {
    sentence: 'ffmpeg was not found.',
    remedy:
      'Install ffmpeg so that it is on the PATH, for instance with "apt install ffmpeg", or correct the setting that names one.',
  },
  'ffmpeg.failed': {
    sentence: 'ffmpeg stopped with an error.',
    remedy: 'Try to play the file; look into the log for what ffmpeg said.',
  },
  'model.notFound': {
    sentence: 'There is no such model pack.',
    remedy: 'Run "codealong doctor" to see the packs that are installed.',
  },
  'model.invalidManifest': {
    sentence: "The model pack's manifest is not valid.",
    remedy: 'Install the model pack again.',
  },
  'model.fileMismatch': {
    sentence: 'A file of the model pack is not the one that its manifest names.',
    remedy: 'Install the model pack again.',
  },
  'model.unsupported': {
    sentence: 'This model cannot be run by this version.',
    remedy: 'Choose another model pack.',
  },
  'model.unreachable': {
    sentence: 'The model pack cannot be downloaded.',
    remedy:
      'Check the address and the network (HTTPS_PROXY), and install it again: it goes on where it stopped.',
  },
  'model.termsNotAccepted': {
    sentence: 'This model pack comes under terms that have to be accepted first.',
    remedy: 'Read the terms; install it with --accept-terms if you agree.',
  },
  'model.noRoom': {
    sentence: 'The disk has no room for the model pack.',
    remedy: 'Make room and install it again: it goes on where it stopped.',
  },
  'model.inUse': {
    sentence: 'The model pack is in use.',
    remedy: 'Wait until it is no longer used, or restart the daemon, and try again.',
  },
  'model.notRemovable': {
    sentence: 'This model pack came with Codealong and stays.',
    remedy: 'Remove packs that you have installed.',
  },
  'gpu.notOffered': {
    sentence: 'There is no such library for graphics cards for this system.',
    remedy: 'Run "codealong gpu list" to see those that there are.',
  },
  'gpu.noDriver': {
    sentence: 'This system has neither Vulkan nor the runtime of CUDA.',
    remedy: 'Install the driver of the graphics card, then run "codealong gpu install" again.',
  },
  'gpu.damaged': {
    sentence: 'The library for graphics cards is not the one that this version needs.',
    remedy: 'Install it again: "codealong gpu install".',
  },
  'endpoint.away': {
    sentence: 'The server of the model does not answer.',
    remedy: 'Check that it runs and can be reached from here, and try again.',
  },
  'endpoint.busy': {
    sentence: 'The server of the model takes no more requests for now.',
    remedy: 'Wait a minute and try again.',
  },
  'endpoint.refused': {
    sentence: 'The server of the model refuses the request.',
    remedy: 'Choose another model on that server, or look into its log.',
  },
  'endpoint.keyRefused': {
    sentence: 'The server of the model does not accept the key, or wants one.',
    remedy:
      'Set it by "Codealong: Set Key of the Model Server…"; on the command line it is CODEALONG_MODEL_KEY.',
  },
  'endpoint.keyWithheld': {
    sentence:
      'The server of the model wants a key, and keys go over HTTPS or to this machine only.',
    remedy: 'Write its address with https://, or reach it through a tunnel to this machine.',
  },
  'endpoint.unreadable': {
    sentence: "The server of the model does not speak OpenAI's API.",
    remedy: 'Correct its address, which usually ends in /v1.',
  },
  'endpoint.noModel': {
    sentence: 'The server has no such model.',
    remedy: 'Name one that it has behind its address, as in https://host/v1#name.',
  },
  'endpoint.notAllowed': {
    sentence: 'Nothing was sent to the server of the model, because nobody has allowed it.',
    remedy: 'Open the video again and allow it, or choose another model in the settings.',
  },
  'engine.libraryUnknown': {
    sentence: 'The installed llama.cpp library is of a release that this version does not know.',
    remedy: 'Install the version of node-llama-cpp that package.json pins.',
  },
  'engine.modelUnreadable': {
    sentence: 'The decoder file cannot be read.',
    remedy: 'Install the model pack again.',
  },
  'engine.lost': {
    sentence: 'The engine process ended unexpectedly.',
    remedy: 'Wait a moment; it is started again and goes on where it was.',
  },
  'engine.crashLoop': {
    sentence:
      'The engine process ended five times within three minutes and is not started for a while.',
    remedy: 'Try again in three minutes; "codealong doctor" names the log that says why it ended.',
  },
  'engine.contextFull': {
    sentence: 'The decoder has no room for more.',
    remedy: 'Use a model pack with a larger context.',
  },
  'engine.decodeFailed': {
    sentence: 'The decoder refused its input.',
    remedy: 'Look into the log and report what it says.',
  },
  'engine.stateMismatch': {
    sentence: 'The saved state belongs to another model, library or setting.',
    remedy: 'Watch the video again.',
  },
  'perception.workerLost': {
    sentence: 'The process that looks at pictures ended unexpectedly.',
    remedy: 'Try again.',
  },
  'perception.modelUnreadable': {
    sentence: 'A vision file of the model pack cannot be read.',
    remedy: 'Install the model pack again.',
  },
  'store.unavailable': {
    sentence: 'The timeline store cannot be opened or written.',
    remedy: 'Check that the disk has room and that the folder of Codealong is writable.',
  },
  'session.notFound': {
    sentence: 'This session is no longer running.',
    remedy: 'Open the video again.',
  },
  'question.tooLong': {
    sentence: 'The question is too long for the model.',
    remedy: 'Ask in fewer words.',
  },
  'bench.invalidTruth': {
    sentence: 'What the videos show is not told in the form that was agreed.',
    remedy: 'Render the videos and their truth.json anew.',
  },
  internal: {
    sentence: 'Something went wrong that should not have.',
    remedy: 'Look into the log and report what it says.',
  },
};

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Facts for the log, never shown to people. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A failure that is expected to happen to people. `message` is one sentence that can be shown to them. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  /** @param message a sentence more specific than the catalogue's, or undefined for that one. */
  constructor(code: ErrorCode, message?: string, options: AppErrorOptions = {}) {
    super(message ?? catalogue[code].sentence, { cause: options.cause });
    this.code = code;
    this.data = options.data ?? {};
  }

  get remedy(): string {
    return catalogue[this.code].remedy;
  }
}

/**
 * True for an `AppError`, with that code when one is given. Told by its name: a program of several bundles has several classes of
 * that name.
 */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  if (!(error instanceof Error) || error.name !== 'AppError') return false;
  return code === undefined || ('code' in error && error.code === code);
}

/** True when work ended because someone wanted it to: not an error, not logged as one. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Turns whatever was thrown into an Error, keeping the original as `cause`. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('thrown value', { cause: thrown });
}

/** What travels to a client for this failure. A bug becomes `internal` with an id that finds its stack in the log. */
export function toWireError(error: unknown, incidentId?: string): WireError {
  if (isAppError(error)) return { code: error.code, message: error.message, remedy: error.remedy };
  const code = isCancellation(error) ? 'request.cancelled' : 'internal';
  const { sentence, remedy } = catalogue[code];
  return { code, message: sentence, remedy, ...(incidentId === undefined ? {} : { incidentId }) };
}
