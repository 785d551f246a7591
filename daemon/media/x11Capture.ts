/** Pictures of an X11 display from which windows are left out; ffmpeg's own x11grab gives a picture whole. */
import type { ExcludedWindows, PixelRectangle, ScreenSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { fitsName } from './windowExclusion.ts';
import { X11Client, type X11Options } from './x11Client.ts';
import { X11Look, type Target } from './x11Look.ts';
import { createWindowReader } from './x11Windows.ts';
import { ask, read } from './x11Wire.ts';

/** While nothing changes a picture is given so often, so that time goes on. */
const stillMs = 1000;
/** Of pictures that ffmpeg takes as they are. */
const bitsPerPixel = 32;

export interface X11CaptureOptions extends X11Options {
  readonly source: ScreenSource;
  readonly excluded: ExcludedWindows;
  readonly rateFps: number;
}

/** Size of the pictures that `x11Pictures` will give. @throws AppError capture.* */
export async function x11PictureSize(
  options: Omit<X11CaptureOptions, 'rateFps'>,
): Promise<{ readonly width: number; readonly height: number }> {
  using client = await X11Client.connect(options.source, options);
  const { box } = await findTarget(client, options);
  return { width: box[2], height: box[3] };
}

/**
 * Pictures of four bytes a pixel (blue, green, red, nothing), row by row: when something has changed, and now and then while nothing
 * does. A picture is there until the next one is asked for.
 * @throws AppError capture.*; SourceResized when the window has; the signal's reason
 */
export async function* x11Pictures(options: X11CaptureOptions): AsyncGenerator<Buffer> {
  const { source, excluded, rateFps, clock, signal } = options;
  using client = await X11Client.connect(source, options);
  const look = await X11Look.begin(client, await findTarget(client, options), excluded);
  let givenMs = -Infinity;
  let isNew = false;
  for (let dueMs = clock.monotonicMs(); ; dueMs += 1000 / rateFps) {
    const waitMs = dueMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, { signal });
    else dueMs -= waitMs;
    const nowMs = clock.monotonicMs();
    // What is new goes out twice: by the next picture alone it is known how long one was to be seen.
    const isDue = isNew || nowMs - givenMs >= stillMs;
    const found = await look.look(nowMs, { isThorough: isDue });
    if (found === 'unsure' || (found === 'same' && !isDue)) continue;
    isNew = found === 'new';
    givenMs = nowMs;
    yield look.pixels;
  }
}

async function findTarget(
  client: X11Client,
  { source, excluded }: Pick<X11CaptureOptions, 'source' | 'excluded'>,
): Promise<Target> {
  const { root, width, height, depth } = client.screen;
  const isPlain =
    client.setup.isLittleEndian && client.setup.bitsPerPixel.get(depth) === bitsPerPixel;
  if (!isPlain) {
    const message = `Windows can be left out of displays of 24 bits alone, and this one has ${depth}.`;
    throw new AppError('capture.cannotExclude', message);
  }
  const { window, box = [0, 0, width, height] } = source;
  const rounded = box.map(Math.round) as unknown as PixelRectangle;
  if (window === undefined) return { drawable: root, box: rounded };
  const drawable = Number(window);
  if (await isExcluded(client, drawable, excluded)) {
    throw new AppError('capture.excluded', undefined, { data: { isGone: true } });
  }
  return { drawable, box: rounded };
}

/** Whether somebody has said that the chosen window is not to be captured. */
async function isExcluded(
  client: X11Client,
  window: number,
  { names }: ExcludedWindows,
): Promise<boolean> {
  const atoms = (await createWindowReader(client)).atoms;
  const [type, name, title] = await client.request(
    [atoms.WM_CLASS, atoms._NET_WM_NAME, atoms.WM_NAME].map((atom) => ask.property(window, atom)),
  );
  const texts = (reply: Buffer | undefined): string[] => (reply ? read.texts(reply) : []);
  return fitsName({ applications: texts(type), titles: [...texts(name), ...texts(title)] }, names);
}
