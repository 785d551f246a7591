/**
 * Pictures of an X11 display from which windows are left out. ffmpeg's own x11grab gives a picture whole, and by the time it comes a
 * window may stand elsewhere; so here the windows are looked at right before each picture and right after it, a picture during which one
 * has moved is thrown away, and what is left out is black before anybody else has the picture.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ExcludedWindows, PixelRectangle, ScreenSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { blacken, fitsName, hiddenPlaces, type CapturedPicture } from './windowExclusion.ts';
import { X11Client, type X11Options } from './x11Client.ts';
import {
  askOutlines,
  createWindowReader,
  readNames,
  readOutlines,
  seenWindows,
  type Outlines,
  type WindowReader,
} from './x11Windows.ts';
import { ask, read, type X11Cursor } from './x11Wire.ts';

/** A compositor draws what X11 tells a few pictures later, and fades what goes: places stay black for so long. */
const lingerMs = 1000;
/** While windows move all the time, the picture is left out. */
const mostTries = 5;
/** Of pictures that ffmpeg takes as they are. */
const bitsPerPixel = 32;

export interface X11CaptureOptions extends X11Options {
  readonly source: ScreenSource;
  readonly excluded: ExcludedWindows;
  readonly rateFps: number;
}

/** What is captured: a drawable, and which part of it. */
interface Target {
  readonly drawable: number;
  /** Px of the drawable. */
  readonly box: PixelRectangle;
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
 * Pictures of four bytes a pixel (blue, green, red, nothing), row by row, at their pace: as many as are taken.
 * @throws AppError capture.*; the signal's reason
 */
export async function* x11Pictures(options: X11CaptureOptions): AsyncGenerator<Buffer> {
  const { source, excluded, rateFps, clock, signal } = options;
  using client = await X11Client.connect(source, options);
  const target = await findTarget(client, options);
  const reader = await createWindowReader(client);
  const look = { client, target, reader, cursor: await findCursor(client) };
  let names = await readNames(client, reader);
  let recent: readonly { readonly untilMs: number; readonly places: readonly PixelRectangle[] }[] =
    [];
  for (let dueMs = clock.monotonicMs(); ; dueMs += 1000 / rateFps) {
    const waitMs = dueMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, { signal });
    else dueMs -= waitMs;
    for (let tries = 0; tries < mostTries; tries++) {
      const picture = await takePicture(look);
      const before = names;
      // What a window is called may have changed, as a browser's with the page.
      names = await readNames(client, reader);
      const nowMs = clock.monotonicMs();
      const hidden = [before, names].map((known) => {
        const windows = seenWindows(picture.outlines, known);
        return windows && { untilMs: nowMs + lingerMs, places: hiddenPlaces(windows, excluded) };
      });
      recent = [
        ...recent.filter(({ untilMs }) => untilMs > nowMs),
        ...hidden.filter((one) => !!one),
      ];
      if (!picture.isStill || hidden.includes(undefined)) continue;
      for (const { places } of recent) blacken(picture, places);
      yield picture.pixels;
      break;
    }
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

/** @returns the opcode of the extension that knows what the pointer looks like */
async function findCursor(client: X11Client): Promise<number | undefined> {
  const [found] = await client.request([ask.extension('XFIXES')]);
  const opcode = found && read.extension(found);
  if (opcode === undefined) return undefined;
  // It answers nothing else before it was told which of its versions is meant.
  await client.request([ask.fixesVersion(opcode)]);
  return opcode;
}

interface Look {
  readonly client: X11Client;
  readonly target: Target;
  readonly reader: WindowReader;
  readonly cursor: number | undefined;
}

interface LookedAt extends CapturedPicture {
  readonly outlines: Outlines;
  /** No window has moved, come or gone meanwhile. */
  readonly isStill: boolean;
}

/** The picture, and where the windows stood right before it and right after, in one turn with the server. */
async function takePicture({ client, target, reader, cursor }: Look): Promise<LookedAt> {
  const { drawable, box } = target;
  const [tree] = await client.request([ask.tree(client.screen.root)]);
  const ids = tree ? read.tree(tree) : [];
  const outlines = askOutlines(client, reader, ids);
  const replies = await client.request([
    ...outlines,
    ask.image(drawable, box),
    ask.place(drawable, client.screen.root),
    ...outlines,
    ...(cursor === undefined ? [] : [ask.cursor(cursor)]),
  ]);
  const before = replies.slice(0, outlines.length);
  const [image, place] = replies.slice(outlines.length);
  const after = replies.slice(outlines.length + 2, 2 * outlines.length + 2);
  const pointer = replies[2 * outlines.length + 2];
  if (!image || !place) {
    const message = 'The part that was to be captured is not drawn, or lies outside the screen.';
    throw new AppError('capture.lost', message);
  }
  const [x, y] = read.place(place);
  const pixels = read.image(image);
  const onDisplay: PixelRectangle = [x + box[0], y + box[1], box[2], box[3]];
  if (pointer) drawCursor(pixels, onDisplay, read.cursor(pointer));
  const stood = readOutlines(reader, ids, before);
  const isStill = isDeepStrictEqual([stood, stood.ids], [readOutlines(reader, ids, after), ids]);
  return { pixels, box: onDisplay, outlines: stood, isStill };
}

function drawCursor(
  pixels: Buffer,
  [left, top, width, height]: PixelRectangle,
  cursor: X11Cursor,
): void {
  const [cursorX, cursorY, cursorWidth, cursorHeight] = cursor.box;
  for (let row = 0; row < cursorHeight; row++) {
    const y = cursorY + row - top;
    if (y < 0 || y >= height) continue;
    for (let column = 0; column < cursorWidth; column++) {
      const x = cursorX + column - left;
      if (x < 0 || x >= width) continue;
      const from = (row * cursorWidth + column) * 4;
      const to = (y * width + x) * 4;
      const see = 255 - cursor.pixels[from + 3]!;
      for (let part = 0; part < 3; part++) {
        const behind = Math.round((pixels[to + part]! * see) / 255);
        pixels[to + part] = Math.min(255, cursor.pixels[from + part]! + behind);
      }
    }
  }
}
