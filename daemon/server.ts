/** The daemon's face to one client: one handler for each method, every request answered exactly once. */
import {
  CancellationToken,
  ErrorCodes,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { z } from 'zod';
import {
  adjustSession,
  ask,
  closeMedia,
  daemonStatus,
  deleteKept,
  doctor,
  inspectModel,
  installGpuLibrary,
  installModel,
  listGpuLibraries,
  listKept,
  listModels,
  listScreens,
  listSounds,
  openMedia,
  pauseSession,
  readCode,
  readLog,
  readScreen,
  readTimeline,
  restart,
  removeGpuLibrary,
  removeModel,
  retire,
  search,
  startSession,
  stop,
  stopSession,
  summarize,
  type DaemonStatus,
  type ErrorCode,
  type GpuLibraryProgress,
  type LeavingReason,
  type ModelProgress,
  type RequestMethod,
  type StoredSource,
  type WireError,
  type WorkDoneParams,
} from '../protocol/index.ts';
import type { DaemonService } from './assistant/service.ts';
import { version } from './base/buildInfo.ts';
import type { Clock } from './base/clock.ts';
import { AppError, toWireError } from './base/errors.ts';
import { reportFailure } from './base/incidents.ts';
import { childController } from './base/lifetime.ts';
import type { Log, LogFile } from './base/log.ts';
import {
  languageCapabilities,
  registerLanguageFeatures,
  type LanguageRegistrar,
} from './language/languageFeatures.ts';
import { OpenVideos } from './language/openVideos.ts';
import type { MediaService } from './media/mediaService.ts';
import { OpenMedia } from './openMedia.ts';
import { Outbox } from './outbox.ts';
import { paramsSchemas, parseParams } from './validation.ts';
import type { GpuLibraries } from './weights/gpuLibraries.ts';
import type { ModelLibrary } from './weights/modelLibrary.ts';

/** Everything that the daemon does for its clients, freed together. */
export interface Services extends AsyncDisposable {
  readonly assistant: DaemonService;
  readonly media: MediaService;
  readonly models: Pick<ModelLibrary, 'list' | 'inspect' | 'install' | 'remove'>;
  readonly gpuLibraries: Pick<GpuLibraries, 'list' | 'install' | 'remove'>;
}

/** What a client may ask of the process itself. */
export interface DaemonControl {
  /** Leave at the last lease. */
  retire(): void;
  /** Leave now. */
  end(reason: LeavingReason): void;
  status(): Omit<DaemonStatus, 'sessions'>;
  /** Why the daemon leaves, once it does; undefined also when something broke. */
  readonly leavingReason: LeavingReason | undefined;
}

export interface ServerOptions {
  /** May still be starting; requests wait for it and fail with its error. */
  readonly services: Promise<Services>;
  readonly control: DaemonControl;
  readonly log: Log;
  readonly logFile: Pick<LogFile, 'recent'>;
  readonly clock: Clock;
  /** Ends the stream under the connection. */
  readonly closeStream: () => void;
}

/** A client that does not read must not keep the daemon from leaving. */
const farewellLimitMs = 1000;
/** A JSON-RPC connection drops what it has received and not handled when the stream ends: the last words need a moment. */
const farewellPauseMs = 100;

/** @source LSP 3.17, error code of a request that its client cancelled */
const requestCancelled = -32800;
/** Codes for errors of the application start here. @source JSON-RPC 2.0, error object */
const applicationError = -32000;
/** Failures that JSON-RPC has codes of its own for. */
const responseCodes: Partial<Record<ErrorCode, number>> = {
  'request.invalid': ErrorCodes.InvalidParams,
  'request.cancelled': requestCancelled,
  internal: ErrorCodes.InternalError,
};

/**
 * Serves a client that has passed the handshake; its `initialize` is still to be read.
 * @param signal ends the service, for instance when the daemon leaves
 * @returns when the client has left and nothing runs for it any more
 */
export async function serveClient(
  rpc: MessageConnection,
  options: ServerOptions,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const client = new ClientServer(rpc, options, signal);
  await client.serve();
}

type Work<Params, Result> = (params: Params, options: { signal: AbortSignal }) => Promise<Result>;

class ClientServer {
  readonly #rpc: MessageConnection;
  readonly #options: ServerOptions;
  readonly #daemonSignal: AbortSignal;
  readonly #left = new AbortController();
  readonly #outbox: Outbox;
  readonly #openMedia: OpenMedia;
  readonly #openVideos = new OpenVideos();
  /** What a client may cancel by the token of its progress. */
  readonly #work = new Map<unknown, AbortController>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(rpc: MessageConnection, options: ServerOptions, signal: AbortSignal) {
    this.#rpc = rpc;
    this.#options = options;
    this.#daemonSignal = signal;
    this.#outbox = new Outbox({
      send: ({ method }, params) => this.#rpc.sendNotification(method, params),
      onUnread: () => {
        options.log.warning('a client does not read what it is sent; it is let go');
        this.#left.abort();
      },
      clock: options.clock,
      signal: this.#left.signal,
    });
    this.#openMedia = new OpenMedia({
      media: async () => (await options.services).media,
      onChange: (source, media) => {
        this.#outbox.mediaChanged(source, media);
      },
      signal: this.#left.signal,
    });
  }

  async serve(): Promise<void> {
    const left = this.#left;
    const hasLeft = new Promise<void>((resolve) => {
      left.signal.addEventListener('abort', () => {
        resolve();
      });
    });
    let farewell: Promise<void> | undefined;
    const onDaemonLeaves = (): void => {
      farewell = this.#sayFarewell();
      left.abort(this.#daemonSignal.reason);
    };
    this.#daemonSignal.addEventListener('abort', onDaemonLeaves, { once: true });
    if (this.#daemonSignal.aborted) onDaemonLeaves();
    this.#rpc.onClose(() => {
      left.abort();
    });
    this.#rpc.onError(([error]) => {
      this.#options.log.warning('a client sent what cannot be read', { error: error.message });
      left.abort();
    });
    this.#handleLifecycle();
    this.#handleRequests();
    this.#handleModels();
    this.#handleGpuLibraries();
    this.#handleLanguage();
    this.#rpc.listen();
    await hasLeft;
    this.#daemonSignal.removeEventListener('abort', onDaemonLeaves);
    await Promise.allSettled([...this.#running, farewell]);
    this.#rpc.dispose();
    this.#options.closeStream();
  }

  async #sayFarewell(): Promise<void> {
    const { control, clock } = this.#options;
    if (control.leavingReason === undefined) return;
    const limit = new AbortController();
    const written = this.#outbox.leaving(control.leavingReason);
    const timeUp = clock.sleep(farewellLimitMs, limit).catch(() => undefined);
    await Promise.race([written, timeUp]);
    limit.abort();
    await clock.sleep(farewellPauseMs, { signal: new AbortController().signal });
  }

  #handleLifecycle(): void {
    this.#rpc.onRequest('initialize', () => ({
      capabilities: languageCapabilities,
      serverInfo: { name: 'codealong', version },
    }));
    this.#rpc.onRequest('shutdown', () => null);
    // LSP's word for "this client goes"; the daemon stays for the others.
    this.#rpc.onNotification('exit', () => {
      this.#left.abort();
    });
    this.#rpc.onNotification('window/workDoneProgress/cancel', (params: unknown) => {
      const { token } = (params ?? {}) as { readonly token?: unknown };
      this.#work.get(token)?.abort();
    });
    this.#rpc.onRequest((method) =>
      asResponse(
        ErrorCodes.MethodNotFound,
        toWireError(new AppError('request.invalid', `There is no method "${method}".`)),
      ),
    );
  }

  #handleRequests(): void {
    const { services, control, logFile } = this.#options;
    const assistant = async (): Promise<DaemonService> => (await services).assistant;
    const clientSignal = this.#left.signal;
    this.#on(startSession, paramsSchemas.startSession, async (params, { signal }) => {
      const running = await assistant();
      const result = await running.startSession(params, this.#outbox, { signal, clientSignal });
      // The answer is written before the next turn of the event loop; rows follow it.
      setImmediate(() => {
        this.#outbox.announce(result.sessionId);
      });
      const { sessionId, videoId } = result;
      const { source } = params;
      // Links into a live session have nothing yet that they could open.
      if (source.kind === 'file') this.#openVideos.add(sessionId, { path: source.path, videoId });
      return result;
    });
    this.#on(stopSession, paramsSchemas.stopSession, async ({ sessionId }) => {
      this.#openVideos.remove(sessionId);
      await (await assistant()).stopSession(sessionId);
      return null;
    });
    this.#on(pauseSession, paramsSchemas.pauseSession, async ({ sessionId, isPaused }) => {
      (await assistant()).pauseSession(sessionId, isPaused);
      return null;
    });
    this.#on(adjustSession, paramsSchemas.adjustSession, async (params) => {
      (await assistant()).adjustSession(params);
      return null;
    });
    this.#on(ask, paramsSchemas.ask, (params, options) =>
      this.#withProgress('Answering', params, options, async (scope) => {
        try {
          return await (await assistant()).ask(params, this.#outbox, scope);
        } finally {
          if (params.requestId !== undefined) this.#outbox.finishAnswer(params.requestId);
        }
      }),
    );
    this.#on(summarize, paramsSchemas.summarize, (params, options) =>
      this.#withProgress('Summarising', params, options, async (scope) =>
        (await assistant()).summarize(params, this.#outbox, scope),
      ),
    );
    this.#on(readTimeline, paramsSchemas.readTimeline, async (params, { signal }) => ({
      rows: await (await assistant()).readTimeline(params, { signal }),
    }));
    this.#on(readScreen, paramsSchemas.readScreen, (params, options) =>
      this.#withProgress('Reading the screen', params, options, async (scope) => ({
        atMs: params.atMs,
        lines: await (await assistant()).readScreen(params, this.#outbox, scope),
      })),
    );
    this.#on(readCode, paramsSchemas.readCode, (params, options) =>
      this.#withProgress('Reading the code', params, options, async (scope) =>
        (await assistant()).readCode(params, this.#outbox, scope),
      ),
    );
    this.#on(search, paramsSchemas.search, async (params, options) => {
      const find = async (scope: { signal: AbortSignal }) => ({
        hits: await (await assistant()).search(params, this.#outbox, scope),
      });
      const { source } = params;
      if (source === undefined) return find(options);
      return this.#withProgress('Searching', { source }, options, find);
    });
    this.#on(listKept, paramsSchemas.nothing, async () => ({
      sessions: (await assistant()).listKept(),
    }));
    this.#on(deleteKept, paramsSchemas.deleteKept, async ({ videoId }) => {
      await (await assistant()).deleteKept(videoId);
      return null;
    });
    this.#on(listSounds, paramsSchemas.nothing, async (_, { signal }) =>
      (await assistant()).listSounds({ signal }),
    );
    this.#on(listScreens, paramsSchemas.listScreens, async (params, { signal }) =>
      (await assistant()).listScreens(params, { signal }),
    );
    this.#on(openMedia, paramsSchemas.openMedia, ({ source }, options) =>
      this.#openMedia.open(source, options),
    );
    this.#on(closeMedia, paramsSchemas.openMedia, ({ source }) => {
      this.#openMedia.close(source);
      return Promise.resolve(null);
    });
    this.#on(doctor, paramsSchemas.doctor, async (params, { signal }) =>
      (await assistant()).doctor(params, { signal }),
    );
    this.#on(readLog, paramsSchemas.readLog, ({ maxLines }) =>
      Promise.resolve({ lines: logFile.recent(maxLines) }),
    );
    this.#on(daemonStatus, paramsSchemas.nothing, async () => ({
      ...control.status(),
      sessions: (await assistant()).sessionCount,
    }));
    this.#on(retire, paramsSchemas.nothing, () => {
      control.retire();
      return Promise.resolve(null);
    });
    const end = (reason: LeavingReason) => (): Promise<null> => {
      // The answer is written first.
      setImmediate(() => {
        control.end(reason);
      });
      return Promise.resolve(null);
    };
    this.#on(restart, paramsSchemas.nothing, end('restart'));
    this.#on(stop, paramsSchemas.nothing, end('stopped'));
  }

  #handleModels(): void {
    const models = async (): Promise<Services['models']> => (await this.#options.services).models;
    this.#on(listModels, paramsSchemas.listModels, async (params, options) =>
      (await models()).list(params, options),
    );
    this.#on(inspectModel, paramsSchemas.inspectModel, async ({ from }, options) =>
      (await models()).inspect(from, options),
    );
    this.#on(installModel, paramsSchemas.installModel, async (params, { signal }) => {
      const { from, hasAcceptedTerms } = params;
      const onProgress = (progress: Omit<ModelProgress, 'from'>): void => {
        this.#outbox.modelProgress({ from, ...progress });
      };
      try {
        const options = { hasAcceptedTerms, onProgress, signal };
        return { name: await (await models()).install(from, options) };
      } finally {
        this.#outbox.finishModel(from);
      }
    });
    this.#on(removeModel, paramsSchemas.removeModel, async ({ name }, options) => {
      await (await models()).remove(name, options);
      return null;
    });
  }

  #handleGpuLibraries(): void {
    const libraries = async (): Promise<Services['gpuLibraries']> =>
      (await this.#options.services).gpuLibraries;
    this.#on(listGpuLibraries, paramsSchemas.listGpuLibraries, async (params, options) =>
      (await libraries()).list(params, options),
    );
    this.#on(installGpuLibrary, paramsSchemas.installGpuLibrary, async (params, { signal }) => {
      const { type, registry } = params;
      const progress = this.#outbox.gpuLibraryProgress();
      try {
        const onProgress = (at: GpuLibraryProgress): void => {
          progress.push(at);
        };
        const options = { type, registry, onProgress, signal };
        return await (await libraries()).install(options);
      } finally {
        progress.flush();
      }
    });
    this.#on(removeGpuLibrary, paramsSchemas.removeGpuLibrary, async ({ type }) => {
      await (await libraries()).remove(type);
      return null;
    });
  }

  #handleLanguage(): void {
    const { services, log } = this.#options;
    const registrar: LanguageRegistrar = {
      onRequest: (method, schema, answer) => {
        this.#on(method, schema, answer);
      },
      onNotification: ({ method }, schema, take) => {
        this.#rpc.onNotification(method, (params: unknown) => {
          const parsed = schema.safeParse(params);
          if (parsed.success) take(parsed.data);
          else log.debug('a notification is not as agreed', { method });
        });
      },
    };
    registerLanguageFeatures(registrar, {
      openVideos: () => this.#openVideos.list(),
      findName: async (videoId, name) => (await services).assistant.findName(videoId, name),
    });
  }

  /** Tells how far the watching that a request waits for has come; with a token also as LSP's progress, which can cancel it. */
  async #withProgress<Result>(
    title: string,
    { source, workDoneToken }: WorkDoneParams & { readonly source: StoredSource },
    { signal }: { signal: AbortSignal },
    work: (options: { signal: AbortSignal }) => Promise<Result>,
  ): Promise<Result> {
    using controller = childController(signal);
    const progress =
      workDoneToken === undefined
        ? undefined
        : this.#outbox.beginWork(workDoneToken, source, title);
    if (workDoneToken !== undefined) this.#work.set(workDoneToken, controller);
    try {
      return await work({ signal: controller.signal });
    } finally {
      if (this.#work.get(workDoneToken) === controller) this.#work.delete(workDoneToken);
      this.#outbox.finishProgress(source);
      progress?.[Symbol.dispose]();
    }
  }

  /** Registers the handler of one method. */
  #on<Params, Result>(
    { method }: RequestMethod<Params, Result>,
    schema: z.ZodType<Params>,
    work: Work<Params, Result>,
  ): void {
    this.#rpc.onRequest(method, (...received: unknown[]) => {
      const answer = this.#answer(method, received, { schema, work });
      this.#running.add(answer);
      void answer.then(() => this.#running.delete(answer));
      return answer;
    });
  }

  /** @param received the params, when there are any, and the request's cancellation token */
  async #answer<Params, Result>(
    method: string,
    received: unknown[],
    { schema, work }: { schema: z.ZodType<Params>; work: Work<Params, Result> },
  ): Promise<Result | ResponseError<WireError>> {
    using request = childController(this.#left.signal);
    const token: unknown = received.pop();
    const cancel = (): void => {
      request.abort();
    };
    const registration = CancellationToken.is(token)
      ? token.onCancellationRequested(cancel)
      : undefined;
    try {
      if (CancellationToken.is(token) && token.isCancellationRequested) cancel();
      const params = parseParams(schema, received.length > 1 ? received : (received[0] ?? {}));
      request.signal.throwIfAborted();
      return await work(params, { signal: request.signal });
    } catch (error) {
      return this.#explain(method, error, request.signal);
    } finally {
      registration?.dispose();
    }
  }

  #explain(method: string, error: unknown, signal: AbortSignal): ResponseError<WireError> {
    const { log } = this.#options;
    // Work may have been ended with a reason of our own, which is no failure either.
    if (signal.aborted && error === signal.reason) {
      return asResponse(requestCancelled, toWireError(new AppError('request.cancelled')));
    }
    const told = reportFailure(log, 'a request failed', { method, error });
    return asResponse(responseCodes[told.code] ?? applicationError, told);
  }
}

function asResponse(code: number, error: WireError): ResponseError<WireError> {
  return new ResponseError(code, error.message, error);
}
