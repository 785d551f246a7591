/** Where the pictures of an address are: in the stream itself, or behind a web page that a tool of the user's can read. */
import type { StreamSource } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { explainStream } from './liveErrors.ts';
import { streamArgs } from './liveArgs.ts';
import type { LiveSourceOptions } from './liveSource.ts';
import { failureOf, pageTools, type FoundStream, type PageTool } from './pageTools.ts';
import { runTool } from './toolRun.ts';

/** Both tools ask several servers, one after the other. */
const toolStallMs = 60_000;
/** A server that has not told the type of what it has by then is left to ffmpeg. */
const typeTimeoutMs = 10_000;
/** Half of what a run of ffmpeg may be silent: the supervisor hears why. */
const readTimeoutMs = 10_000;

/** Addresses that need no look: their ends tell what they are. */
const mediaEnding = /\.(?:m3u8|mpd|ts|m2ts|mp4|m4v|mov|mkv|webm|flv|avi|ogv)$/i;

/** What of a live source is given to `LiveSource`: where the stream is, each time anew, as such addresses expire. */
export function streamInput(
  { url }: StreamSource,
  frameRateFps: number,
  clock: Clock,
): Pick<LiveSourceOptions, 'locate' | 'explain' | 'lostCode'> {
  return {
    locate: async ({ fromSeconds, recording, hearing, signal }) => {
      const found: FoundStream = (await isPage(url, { signal }))
        ? await findInPage(url, clock, { signal })
        : { url, headers: {} };
      const from = fromSeconds === undefined ? {} : { fromSeconds };
      const beside = { ...(recording ? { recording } : {}), ...(hearing ? { hearing } : {}) };
      const { headers, playlist = found.url } = found;
      return {
        args: streamArgs({ ...found, ...from, ...beside, frameRateFps, readTimeoutMs }),
        ...(playlist.startsWith('http') ? { playlist: { url: playlist, headers } } : {}),
      };
    },
    explain: explainStream,
    lostCode: 'stream.lost',
  };
}

/** Whether an address leads to a web page, as its server says. */
async function isPage(url: string, { signal }: { signal: AbortSignal }): Promise<boolean> {
  const { protocol, pathname } = new URL(url);
  if (!protocol.startsWith('http') || mediaEnding.test(pathname)) return false;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(typeTimeoutMs)]);
  try {
    const response = await fetch(url, { signal: limit });
    await response.body?.cancel();
    return /^(?:text\/html|application\/xhtml\+xml)\b/i.test(
      response.headers.get('content-type') ?? '',
    );
  } catch {
    signal.throwIfAborted();
    // ffmpeg will say what is wrong with the server.
    return false;
  }
}

/** @throws AppError page.* */
async function findInPage(
  url: string,
  clock: Clock,
  { signal }: { signal: AbortSignal },
): Promise<FoundStream> {
  const failures: string[] = [];
  const options = { clock, stallMs: toolStallMs, signal };
  for (const tool of pageTools) {
    const answer = await runTool(tool.name, tool.findArgs(url), options);
    if (!answer) continue;
    const found = answer.isDone ? tool.read(answer.output) : undefined;
    if (found) return found;
    const why = failureOf(answer.errors) ?? 'it named no stream that can be watched';
    failures.push(`${await nameWithVersion(tool, options)}: ${why}`);
  }
  if (failures.length === 0) throw new AppError('page.toolMissing');
  const message = `No video was found in this web page (${failures.join('; ')}).`;
  throw new AppError('page.toolFailed', message);
}

/** The tools for web pages that are installed, each with its version. */
export async function findPageTools(
  clock: Clock,
  { signal }: { signal: AbortSignal },
): Promise<readonly string[]> {
  const options = { clock, stallMs: toolStallMs, signal };
  const asked = pageTools.map(async ({ name, versionArgs }) => {
    const answer = await runTool(name, versionArgs, options);
    if (!answer) return [];
    if (!answer.isDone) return [`${name}, which does not run`];
    return [`${name} ${/\d[\w.-]*/.exec(answer.output)?.[0] ?? ''}`.trim()];
  });
  return (await Promise.all(asked)).flat();
}

async function nameWithVersion(
  { name, versionArgs }: PageTool,
  options: Parameters<typeof runTool>[2],
): Promise<string> {
  const answer = await runTool(name, versionArgs, options);
  const version = /\d[\w.-]*/.exec(answer?.output ?? '')?.[0];
  return version === undefined ? name : `${name} ${version}`;
}
