/** Screens of this machine: what can be captured of them, and the frames of what was chosen. */
import type {
  ExcludedWindows,
  ListScreensParams,
  ListScreensResult,
  ScreenPart,
  ScreenSource,
} from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, isAppError } from '../base/errors.ts';
import { explainCapture } from './liveErrors.ts';
import {
  captureArgs,
  captureRate,
  chooseGrabber,
  devicesArgs,
  filtersArgs,
  readDevices,
  readFilters,
  type CaptureAbilities,
  type Grabber,
} from './liveArgs.ts';
import type { LiveSourceOptions } from './liveSource.ts';
import {
  isWaylandDisplay,
  readMacScreens,
  readMonitors,
  readRootSize,
  readWindowPlace,
  readWindows,
  visiblePart,
} from './screenList.ts';
import { runTool, type ToolAnswer } from './toolRun.ts';
import { x11Pictures, x11PictureSize } from './x11Capture.ts';

export interface CaptureTools {
  /** Gives the path of the ffmpeg to use. @throws AppError ffmpeg.missing */
  readonly ffmpeg: (options: { signal: AbortSignal }) => Promise<string>;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
}

/** Pages write whole sentences into the titles of their windows. */
const maxTitleCharacters = 200;

/** A tool that says nothing for so long waits for a display that does not answer. */
const toolStallMs = 5000;

/** What this ffmpeg can capture with. @throws AppError ffmpeg.missing */
export async function readAbilities(
  { ffmpeg, clock }: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<CaptureAbilities> {
  const program = await ffmpeg({ signal });
  const options = { clock, stallMs: toolStallMs, signal };
  const [devices, filters] = await Promise.all([
    runTool(program, devicesArgs, options),
    runTool(program, filtersArgs, options),
  ]);
  return {
    devices: readDevices(devices?.output ?? ''),
    filters: readFilters(filters?.output ?? ''),
  };
}

export interface ScreenCaptureConfig {
  readonly frameRateFps: number;
  /** Windows that are left out; nothing is when that is absent. */
  readonly excluded?: ExcludedWindows;
}

/** What of a live source is given to `LiveSource`: how a screen is captured, and what it means when it is not. */
export function captureInput(
  source: ScreenSource,
  { frameRateFps, excluded }: ScreenCaptureConfig,
  tools: CaptureTools,
): Pick<LiveSourceOptions, 'locate' | 'explain' | 'lostCode'> {
  return {
    locate: async ({ recording, signal }) => {
      const { grabber, part, env } = await findGrabbed(source, tools, { signal });
      const request = { source: part, grabber, frameRateFps, ...(recording ? { recording } : {}) };
      const whole = { args: captureArgs(request), env };
      const leavesOut = excludesAny(excluded, grabber);
      // ffmpeg itself does not see that a window grows.
      const isWindow = grabber === 'x11grab' && part.window !== undefined;
      if (!leavesOut && !isWindow) return whole;
      if (grabber !== 'x11grab') throw new AppError('capture.cannotExclude');
      const nothing: ExcludedWindows = { names: [] };
      const capture = {
        ...{ source: part, excluded: leavesOut ? excluded : nothing },
        ...{ clock: tools.clock, stallMs: toolStallMs },
      };
      let fed: Awaited<ReturnType<typeof x11PictureSize>>;
      try {
        fed = await x11PictureSize({ ...capture, signal });
      } catch (error) {
        if (!leavesOut && isAppError(error, 'capture.cannotExclude')) return whole;
        throw error;
      }
      const rateFps = captureRate(frameRateFps);
      return {
        args: captureArgs({ ...request, fed }),
        feed: (options) => x11Pictures({ ...capture, ...options, rateFps }),
      };
    },
    explain: explainCapture,
    lostCode: 'capture.lost',
  };
}

/** What captures a part of the screen, and where that is now. @throws AppError capture.*, ffmpeg.missing */
export async function findGrabbed(
  source: ScreenSource,
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<{
  readonly grabber: Grabber;
  readonly part: ScreenSource;
  /** Variables that ffmpeg needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly abilities: CaptureAbilities;
}> {
  const abilities = await readAbilities(tools, { signal });
  const grabber = chooseGrabber(tools.platform, abilities, source);
  if (grabber === undefined) throw unsupported(tools.platform, source);
  const part = grabber === 'x11grab' ? await findX11(source, tools, { signal }) : source;
  return { grabber, part, env: environmentOf(source), abilities };
}

/**
 * Whether there is anything to leave out. The editor's own window, which only would show itself what it shows, is captured where there
 * is no way to leave it out.
 */
function excludesAny(
  excluded: ExcludedWindows | undefined,
  grabber: Grabber,
): excluded is ExcludedWindows {
  if (!excluded) return false;
  return excluded.names.length > 0 || (excluded.own !== undefined && grabber === 'x11grab');
}

/** Lists what can be captured. @throws AppError capture.*, ffmpeg.missing */
export async function listScreens(
  { display, authority }: ListScreensParams,
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ListScreensResult> {
  const source: ScreenSource = {
    kind: 'screen',
    ...(display === undefined ? {} : { display }),
    ...(authority === undefined ? {} : { authority }),
  };
  const grabber = chooseGrabber(tools.platform, await readAbilities(tools, { signal }), source);
  if (grabber === undefined) throw unsupported(tools.platform, source);
  switch (grabber) {
    case 'x11grab':
      return listX11(source, tools, { signal });
    case 'avfoundation':
      return listMac(source, tools, { signal });
    case 'ddagrab':
    case 'gdigrab':
      return {
        parts: [{ kind: 'display', name: 'the whole screen', box: [0, 0, 0, 0], source }],
        notices: ['Monitors and windows are not listed on Windows yet.'],
      };
  }
}

async function listX11(
  source: ScreenSource,
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ListScreensResult> {
  checkNamed(source);
  const [randr, root, tree] = await Promise.all([
    ask(source, tools, ['xrandr', '--listmonitors'], { signal }),
    ask(source, tools, ['xwininfo', '-root'], { signal }),
    ask(source, tools, ['xwininfo', '-root', '-tree'], { signal }),
  ]);
  const failed = [randr, root].find((answer) => answer?.isDone === false);
  if (failed) throw noDisplay(source, failed.errors);
  const monitors = readMonitors(randr?.output ?? '');
  const isWayland = isWaylandDisplay(monitors);
  const whole: ScreenPart[] = isWayland
    ? []
    : [
        {
          kind: 'display',
          name: source.display ?? 'the whole display',
          box: readRootSize(root?.output ?? '') ?? [0, 0, 0, 0],
          source,
        },
      ];
  const parts: ScreenPart[] = [
    ...whole,
    ...(isWayland ? [] : monitors).map(({ name, box }) => {
      return { kind: 'monitor' as const, name, box, source: { ...source, box, title: name } };
    }),
    ...readWindows(tree?.output ?? '').map(({ id, ...window }) => {
      const title = window.name.slice(0, maxTitleCharacters);
      return { kind: 'window' as const, ...window, source: { ...source, window: id, title } };
    }),
  ];
  const notices = [
    ...(randr ? [] : ['Monitors are not listed: xrandr is not installed.']),
    ...(tree ? [] : ['Windows are not listed: xwininfo (package x11-utils) is not installed.']),
    ...(isWayland ? [waylandNotice] : []),
  ];
  return { parts, notices };
}

async function listMac(
  source: ScreenSource,
  { ffmpeg, clock }: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ListScreensResult> {
  const args = ['-hide_banner', '-f', 'avfoundation', '-list_devices', 'true', '-i', ''];
  const answer = await runTool(await ffmpeg({ signal }), args, {
    ...{ clock, stallMs: toolStallMs, signal },
  });
  const parts = readMacScreens(answer?.errors ?? '').map(({ display, name }): ScreenPart => {
    return { kind: 'display', name, box: [0, 0, 0, 0], source: { ...source, display } };
  });
  return { parts, notices: ['Windows cannot be captured alone on macOS.'] };
}

const waylandNotice =
  'This is a Wayland session: only windows of X11 programs can be captured, and the rest of the screen is black.';

/**
 * What of a part can be captured now. Says what is wrong before ffmpeg would show a black screen, or say nothing that a person
 * understands. Without X11's tools, ffmpeg has the word.
 */
async function findX11(
  source: ScreenSource,
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ScreenSource> {
  checkNamed(source);
  const randr = await ask(source, tools, ['xrandr', '--listmonitors'], { signal });
  if (randr?.isDone === false) throw noDisplay(source, randr.errors);
  const isWayland = isWaylandDisplay(readMonitors(randr?.output ?? ''));
  if (isWayland && source.window === undefined) {
    throw new AppError('capture.noDisplay', `${waylandNotice} Choose one of them.`);
  }
  return source.window === undefined
    ? source
    : findWindow({ ...source, window: source.window }, tools, { signal });
}

async function findWindow(
  source: ScreenSource & { readonly window: string },
  tools: CaptureTools,
  { signal }: { signal: AbortSignal },
): Promise<ScreenSource> {
  const [told, root] = await Promise.all([
    ask(source, tools, ['xwininfo', '-id', source.window], { signal }),
    ask(source, tools, ['xwininfo', '-root'], { signal }),
  ]);
  if (!told) return source;
  const place = readWindowPlace(told.output);
  if (!place) {
    // A live session with it has come to its end.
    throw new AppError('capture.lost', 'This window is not there.', { data: { isGone: true } });
  }
  if (!place.isShown) {
    throw new AppError('capture.lost', 'This window is minimised: nothing of it is drawn.');
  }
  const rootBox = readRootSize(root?.output ?? '');
  if (!rootBox) return source;
  const box = visiblePart(place.box, rootBox, source.box);
  if (!box) throw new AppError('capture.lost', 'This window lies outside the screen.');
  return { ...source, box };
}

function checkNamed({ display }: ScreenSource): void {
  if (display !== undefined) return;
  throw new AppError(
    'capture.noDisplay',
    'No X11 display is named: the variable DISPLAY is not set where this was asked for.',
  );
}

function noDisplay({ display }: ScreenSource, errors: string): AppError {
  const isRefused = /[Aa]uthoriz|Invalid MIT-MAGIC-COOKIE|No protocol specified/.test(errors);
  const data = { errors };
  if (isRefused) {
    const message = `The display ${display ?? ''} does not let this user in: the file that XAUTHORITY names does not open it.`;
    return new AppError('capture.refused', message, { data });
  }
  return new AppError('capture.noDisplay', `There is no X11 display ${display ?? ''}.`, { data });
}

function unsupported(platform: NodeJS.Platform, { window }: ScreenSource): AppError {
  if (platform === 'darwin' && window !== undefined) {
    return new AppError('capture.unsupported', 'Windows cannot be captured alone on macOS.');
  }
  return new AppError('capture.unsupported');
}

function environmentOf({ authority }: ScreenSource): Readonly<Record<string, string>> {
  return authority === undefined ? {} : { XAUTHORITY: authority };
}

function ask(
  source: ScreenSource,
  { clock }: CaptureTools,
  [program, ...args]: readonly [string, ...string[]],
  { signal }: { signal: AbortSignal },
): Promise<ToolAnswer | undefined> {
  return runTool(program, ['-display', source.display ?? ':0', ...args], {
    ...{ clock, stallMs: toolStallMs, signal },
    env: environmentOf(source),
  });
}
