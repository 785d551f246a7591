/** The tools of an MCP server: each a thin face of one request to the daemon, its result as quoted data. */
import path from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  CallToolResult,
  ServerNotification,
  ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import {
  answerResult,
  ask,
  codeResult,
  mediaMs,
  parseMoment,
  readCode,
  readScreen,
  readTimeline,
  screenRegions,
  screenResult,
  search,
  searchResult,
  servedModel,
  stepsResult,
  summarize,
  summaryResult,
  toolDescriptions,
  toolLimits,
  watchProgress,
  type MediaMs,
  type SessionOptions,
  sourceKey,
  storedSource,
  type StoredSource,
} from '../../protocol/index.ts';
import { version } from '../base/buildInfo.ts';
import { AppError, isCancellation, toWireError } from '../base/errors.ts';
import type { DaemonLink } from './daemonLink.ts';
import { FramePictures } from './framePictures.ts';
import { VideoHandles } from './videoHandles.ts';

export interface ToolServerOptions {
  readonly daemon: Pick<DaemonLink, 'request' | 'onNotification'>;
  /** Travel with every request that watches. */
  readonly sessionOptions: SessionOptions;
}

/** What the SDK gives with a call. */
type CallExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;

const maxTextCharacters = 20_000;
const text = z.string().min(1).max(maxTextCharacters);
const video = text.describe('Handle that open_video gave');
const momentOf = (what: string) =>
  z.union([z.number().nonnegative(), z.string()]).describe(`${what}: seconds, or m:ss`);
const stretch = {
  from: momentOf('Begin of the stretch').optional(),
  to: momentOf('End of the stretch').optional(),
};

/** All tools, ready to be connected to a transport. */
export function createToolServer({ daemon, sessionOptions }: ToolServerOptions): McpServer {
  const server = new McpServer({ name: 'codealong', version });
  const videos = new VideoHandles();
  const pictures = new FramePictures(daemon);
  const options = sessionOptions;
  const served = servedModel(options.model);
  // What is watched goes to whoever runs that server.
  const isOpen = served !== undefined && !served.isLocal;
  const annotations = { readOnlyHint: true, openWorldHint: isOpen };
  const { openVideo, screenAt, codeAt, steps, ...described } = toolDescriptions;

  server.registerTool(
    'open_video',
    {
      ...openVideo,
      annotations,
      inputSchema: {
        path: text.describe('Path of the video file on this machine, or the id of a live session'),
      },
    },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const isKept = storedSource(given.path).kind === 'kept';
        const name = isKept ? given.path : path.resolve(given.path);
        // Fails when there is no such video.
        const source = storedSource(name);
        await daemon.request(readTimeline, { source, kinds: [], options }, { signal });
        return [quoted({ video: videos.open(name), path: name })];
      }),
  );

  server.registerTool(
    'screen_at',
    {
      ...screenAt,
      annotations,
      inputSchema: {
        video,
        at: momentOf('Moment'),
        region: z.enum(screenRegions).optional().describe('Only this part of the screen'),
        picture: z.boolean().optional().describe('Also give the picture itself'),
        crop: z
          .array(z.number().nonnegative())
          .length(4)
          .optional()
          .describe('Also give this part of the picture: x, y, width, height in pixels'),
      },
    },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const source = videos.source(given.video);
        const atMs = readMoment(given.at);
        const { region, crop } = given;
        const { lines } = await withProgress(daemon, source, extra, () =>
          daemon.request(
            readScreen,
            { source, atMs, options, ...(region === undefined ? {} : { region }) },
            { signal },
          ),
        );
        const result = quoted(screenResult(atMs, lines));
        if (given.picture !== true && crop === undefined) return [result];
        const [x = 0, y = 0, width = 0, height = 0] = crop ?? [];
        const part = crop ? { crop: [x, y, width, height] as const } : {};
        const jpeg = await pictures.take({ source, atMs, ...part }, { signal });
        const data = Buffer.from(jpeg).toString('base64');
        return [result, { type: 'image', data, mimeType: 'image/jpeg' }];
      }),
  );

  server.registerTool(
    'code_at',
    {
      ...codeAt,
      annotations,
      inputSchema: {
        video,
        at: momentOf('Moment'),
        region: z.enum(['editor', 'terminal']).optional().describe('The editor when left out'),
      },
    },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const source = videos.source(given.video);
        const { region } = given;
        const params = {
          ...{ source, atMs: readMoment(given.at), options },
          ...(region === undefined ? {} : { region }),
        };
        const code = await withProgress(daemon, source, extra, () =>
          daemon.request(readCode, params, { signal }),
        );
        return [quoted(codeResult(code))];
      }),
  );

  server.registerTool(
    'search',
    {
      ...described.search,
      annotations,
      inputSchema: {
        query: text.describe('Words, names or a line to find'),
        video: video.optional().describe('Only in this video; in all that were watched without'),
        limit: z.number().int().min(1).max(toolLimits.hits).optional(),
      },
    },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const { query, limit = toolLimits.hits } = given;
        const source = given.video === undefined ? undefined : videos.source(given.video);
        const params = { query, limit, options, ...(source ? { source } : {}) };
        const { hits } = await withProgress(daemon, source, extra, () =>
          daemon.request(search, params, { signal }),
        );
        return [quoted(searchResult(query, hits))];
      }),
  );

  server.registerTool(
    'ask',
    {
      ...described.ask,
      annotations,
      inputSchema: {
        video,
        question: text,
        at: momentOf('Use only what was seen up to this moment').optional(),
        ...stretch,
      },
    },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const source = videos.source(given.video);
        const { question, at } = given;
        const params = {
          ...{ source, question, options },
          ...(at === undefined ? {} : { atMs: readMoment(at) }),
          ...readStretch(given),
        };
        const answer = await withProgress(daemon, source, extra, () =>
          daemon.request(ask, params, { signal }),
        );
        return [quoted(answerResult(answer))];
      }),
  );

  server.registerTool(
    'steps',
    { ...steps, annotations, inputSchema: { video, ...stretch } },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const source = videos.source(given.video);
        const within = readStretch(given);
        // A search sees to it that the whole video was watched; reading its timeline does not.
        const any = { query: 'steps', source, options, limit: 1 };
        await withProgress(daemon, source, extra, () => daemon.request(search, any, { signal }));
        const { rows } = await daemon.request(
          readTimeline,
          { source, kinds: ['guidance', 'chapter'], options, ...within },
          { signal },
        );
        return [quoted(stepsResult(rows))];
      }),
  );

  server.registerTool(
    'summarize',
    { ...described.summarize, annotations, inputSchema: { video, ...stretch } },
    (given, extra) =>
      answered(extra, async ({ signal }) => {
        const source = videos.source(given.video);
        const params = { source, options, ...readStretch(given) };
        const summary = await withProgress(daemon, source, extra, () =>
          daemon.request(summarize, params, { signal }),
        );
        return [quoted(summaryResult(summary))];
      }),
  );

  return server;
}

type Content = CallToolResult['content'][number];

const quoted = (result: object): Content => ({ type: 'text', text: JSON.stringify(result) });

/** Runs a call; what goes wrong is its result, in words that say what to do. */
async function answered(
  { signal }: Pick<CallExtra, 'signal'>,
  work: (options: { signal: AbortSignal }) => Promise<Content[]>,
): Promise<CallToolResult> {
  try {
    return { content: await work({ signal }) };
  } catch (error) {
    // Nobody reads the answer to a call that was taken back.
    const { message, remedy } = toWireError(
      signal.aborted || isCancellation(error) ? new AppError('request.cancelled') : error,
    );
    return { isError: true, content: [{ type: 'text', text: `${message} ${remedy}` }] };
  }
}

type Moment = number | string;

/** @throws AppError request.invalid */
function readMoment(given: Moment): MediaMs {
  const moment = typeof given === 'number' ? mediaMs(given * 1000) : parseMoment(given);
  if (moment === undefined) {
    throw new AppError('request.invalid', `"${given}" is no time; 75.5 and 1:15 are.`);
  }
  return moment;
}

/** @throws AppError request.invalid */
function readStretch({ from, to }: { from?: Moment | undefined; to?: Moment | undefined }): {
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
} {
  const fromMs = from === undefined ? undefined : readMoment(from);
  const toMs = to === undefined ? undefined : readMoment(to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw new AppError('request.invalid', 'The end of the stretch lies before its start.');
  }
  return {
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  };
}

/** Tells a client that wants to know it how far the watching has come that its call waits for. */
async function withProgress<Result>(
  daemon: ToolServerOptions['daemon'],
  source: StoredSource | undefined,
  { _meta, sendNotification }: Pick<CallExtra, '_meta' | 'sendNotification'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined || !source) return work();
  const listening = await daemon.onNotification(watchProgress, (progress) => {
    if (sourceKey(progress.source) !== sourceKey(source)) return;
    const { positionMs, durationMs } = progress;
    const params = {
      ...{ progressToken, progress: positionMs / 1000, message: 'Watching the video' },
      ...(durationMs === undefined ? {} : { total: durationMs / 1000 }),
    };
    sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  });
  try {
    return await work();
  } finally {
    listening[Symbol.dispose]();
  }
}
