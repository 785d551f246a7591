/**
 * What is captured of an X11 display, kept up to date. ffmpeg's own x11grab gives a picture whole, and by the time it comes a window may
 * stand elsewhere; so here the windows are looked at right before something is taken and right after it, what was taken while one has
 * moved is thrown away, and what is left out is black before anybody else has the picture. Only what was drawn to is taken anew: to fetch
 * all of a screen of 1080p costs 19 ms of processor time, half of it the server's.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ExcludedWindows, PixelRectangle } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { SourceResized } from './frameSource.ts';
import { KeptPicture, type CapturedPart } from './keptPicture.ts';
import { hiddenPlaces } from './windowExclusion.ts';
import type { X11Client } from './x11Client.ts';
import { X11Damage } from './x11Damage.ts';
import {
  askOutlines,
  createWindowReader,
  readNames,
  readOutlines,
  seenWindows,
  type Outlines,
  type WindowNames,
  type WindowReader,
} from './x11Windows.ts';
import { ask, read, type X11Cursor, type X11Id } from './x11Wire.ts';

/** A compositor draws what X11 tells a few pictures later, and fades what goes: places stay black for so long. */
const lingerMs = 1000;
/** While windows move all the time, the picture is left out. */
const mostTries = 5;
/** Some compositors draw past the server: all is taken so often, to find out whether it tells what is drawn. */
const distrustMs = 10_000;

/** What is captured: a drawable, and which part of it. */
export interface Target {
  readonly drawable: X11Id;
  /** Px of the drawable. */
  readonly box: PixelRectangle;
}

/** What a look has found. unsure: windows move all the time, and the picture may not show them as they are. */
export type Found = 'new' | 'same' | 'unsure';

/** What a picture is of. */
interface Framing {
  /** Where its corner is on the display. */
  readonly corner: readonly [x: number, y: number];
  /** What is left out, px of the display, in a certain order. */
  readonly hidden: readonly PixelRectangle[];
}

interface Taken {
  readonly parts: readonly CapturedPart[];
  /** What was told to be drawn to before that. */
  readonly drawn: readonly PixelRectangle[];
  /** Nothing was told to be drawn to, before or meanwhile. */
  readonly isQuiet: boolean;
  readonly corner: Framing['corner'];
  /** Of the drawable, px. */
  readonly size: readonly [width: number, height: number];
  readonly cursor: X11Cursor | undefined;
  readonly outlines: Outlines;
  /** No window has moved, come or gone meanwhile. */
  readonly isStill: boolean;
}

export class X11Look {
  readonly #client: X11Client;
  readonly #target: Target;
  readonly #excluded: ExcludedWindows;
  readonly #reader: WindowReader;
  readonly #picture: KeptPicture;
  /** Opcode of the extension that knows what the pointer looks like. */
  #cursor: number | undefined;
  /** Tells what was drawn to; undefined where nobody does, or not all of it. */
  #damage: X11Damage | undefined;
  #names: WindowNames = new Map();
  #recent: readonly { readonly untilMs: number; readonly places: readonly PixelRectangle[] }[] = [];
  /** Undefined before the first picture. */
  #framing: Framing | undefined;
  /** Of the drawable when it was looked at first. */
  #size: Taken['size'] | undefined;
  /** When all was taken last. */
  #wholeMs = -Infinity;

  private constructor(
    client: X11Client,
    target: Target,
    excluded: ExcludedWindows,
    reader: WindowReader,
  ) {
    this.#client = client;
    this.#target = target;
    this.#excluded = excluded;
    this.#reader = reader;
    const [, , width, height] = target.box;
    this.#picture = new KeptPicture({ width, height });
  }

  static async begin(
    client: X11Client,
    target: Target,
    excluded: ExcludedWindows,
  ): Promise<X11Look> {
    const look = new X11Look(client, target, excluded, await createWindowReader(client));
    look.#cursor = await findCursor(client);
    look.#damage = await X11Damage.follow(client, target);
    look.#names = await readNames(client, look.#reader);
    return look;
  }

  /** The picture: four bytes a pixel, row by row. Goes on changing with each look. */
  get pixels(): Buffer {
    return this.#picture.pixels;
  }

  /**
   * Brings the picture up to date.
   * @param options.isThorough windows are looked at even when nothing was drawn
   * @throws AppError capture.lost; SourceResized
   */
  async look(nowMs: number, { isThorough }: { readonly isThorough: boolean }): Promise<Found> {
    let isWhole = !this.#framing || !this.#damage || nowMs - this.#wholeMs >= distrustMs;
    if (!isWhole && !isThorough && !this.#damage?.isAny) return this.#glance(this.#framing!);
    for (let tries = 0; tries < mostTries; tries++) {
      const taken = await this.#take(isWhole);
      this.#size ??= taken.size;
      if (!isDeepStrictEqual(taken.size, this.#size)) throw new SourceResized();
      const framing = await this.#frame(taken, nowMs);
      // It is thrown away, and taken again.
      if (!framing) this.#damage?.giveBack(taken.drawn);
      else if (isWhole) return this.#showAll(taken, framing, nowMs);
      else if (isDeepStrictEqual(framing, this.#framing)) return this.#show(taken, framing);
      // What was black may be seen now, and what was seen may have to be black.
      else isWhole = true;
    }
    return 'unsure';
  }

  /** At the pointer alone. */
  async #glance(framing: Framing): Promise<Found> {
    if (this.#cursor === undefined) return 'same';
    const [pointer] = await this.#client.request([ask.cursor(this.#cursor)]);
    return this.#show({ parts: [], cursor: pointer && read.cursor(pointer) }, framing);
  }

  #show({ parts, cursor }: Pick<Taken, 'parts' | 'cursor'>, framing: Framing): Found {
    return this.#picture.update({ ...framing, parts, cursor }) ? 'new' : 'same';
  }

  #showAll({ parts, cursor, isQuiet }: Taken, framing: Framing, nowMs: number): Found {
    const isSameFraming = isDeepStrictEqual(framing, this.#framing);
    this.#framing = framing;
    this.#wholeMs = nowMs;
    const isPointerSame = this.#show({ parts: [], cursor }, framing) === 'same';
    const before = Buffer.from(this.pixels);
    this.#show({ parts, cursor }, framing);
    const isSame = before.equals(this.pixels);
    if (isSameFraming && isQuiet && !isSame) this.#damage = undefined;
    return isSame && isPointerSame ? 'same' : 'new';
  }

  /** What is to be left out of what was taken; undefined when that is not known. */
  async #frame({ outlines, corner, isStill }: Taken, nowMs: number): Promise<Framing | undefined> {
    const before = this.#names;
    // What a window is called may have changed, as a browser's with the page.
    this.#names = await readNames(this.#client, this.#reader);
    const windows = [before, this.#names].map((names) => seenWindows(outlines, names));
    const found = windows.flatMap((known) => {
      if (!known) return [];
      return { untilMs: nowMs + lingerMs, places: hiddenPlaces(known, this.#excluded) };
    });
    this.#recent = [...this.#recent.filter(({ untilMs }) => untilMs > nowMs), ...found];
    if (!isStill || found.length < windows.length) return undefined;
    const places = new Map(this.#recent.flatMap((one) => one.places).map((p) => [String(p), p]));
    const hidden = [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
    return { corner, hidden };
  }

  /** Pixels, and where the windows stood right before them and right after, in one turn with the server. */
  async #take(isWhole: boolean): Promise<Taken> {
    const client = this.#client;
    const { drawable, box } = this.#target;
    const [tree] = await client.request([ask.tree(client.screen.root)]);
    const ids = tree ? read.tree(tree) : [];
    const outlines = askOutlines(client, this.#reader, ids);
    const drawn = this.#damage?.take() ?? [];
    const boxes = isWhole ? [box] : drawn;
    const replies = await client.request([
      ...outlines,
      ...boxes.map((one) => ask.image(drawable, one)),
      ...[ask.place(drawable, client.screen.root), ask.geometry(drawable)],
      ...outlines,
      ...(this.#cursor === undefined ? [] : [ask.cursor(this.#cursor)]),
    ]);
    const next = (count: number): (Buffer | undefined)[] => replies.splice(0, count);
    const before = readOutlines(this.#reader, ids, next(outlines.length));
    const parts = next(boxes.length).map((image, index) => partOf(image, boxes[index]!, box));
    const [place, geometry] = next(2);
    const after = readOutlines(this.#reader, ids, next(outlines.length));
    const [pointer] = next(1);
    if (!place || !geometry) throw lost();
    const [, , width, height] = read.geometry(geometry).box;
    const [x, y] = read.place(place);
    return {
      ...{ parts, drawn, corner: [x + box[0], y + box[1]], outlines: before },
      size: [width, height],
      isQuiet: drawn.length === 0 && this.#damage?.isAny !== true,
      cursor: pointer && read.cursor(pointer),
      isStill: isDeepStrictEqual([before, before.ids], [after, ids]),
    };
  }
}

/** @param box px of the drawable, as `captured` @throws AppError capture.lost */
function partOf(
  image: Buffer | undefined,
  [left, top, width, height]: PixelRectangle,
  captured: PixelRectangle,
): CapturedPart {
  if (!image) throw lost();
  const box: PixelRectangle = [left - captured[0], top - captured[1], width, height];
  return { pixels: read.image(image), box };
}

function lost(): AppError {
  const message = 'The part that was to be captured is not drawn, or lies outside the screen.';
  return new AppError('capture.lost', message);
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
