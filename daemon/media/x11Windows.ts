/** The windows of an X11 display as they stand now, with the names that tell what they are of. */
import type { PixelRectangle } from '../../protocol/index.ts';
import type { NamedWindow, SeenWindow } from './windowExclusion.ts';
import type { X11Client } from './x11Client.ts';
import { ask, read, type X11Id } from './x11Wire.ts';

/** Names that a window may have. @source ICCCM, Extended Window Manager Hints */
const propertyNames = [
  ...['WM_CLASS', 'WM_NAME', '_NET_WM_NAME', '_NET_WM_PID', '_NET_WM_WINDOW_OPACITY'],
] as const;
type PropertyName = (typeof propertyNames)[number];

/** A frame may have a frame of its own; what lies deeper are parts of a program's own window. */
const namedDepth = 3;
/** Pixels of so many bits have their own opacity. */
const translucentDepth = 32;

/** What a look at the windows needs of a server, asked once. */
export interface WindowReader {
  readonly atoms: Readonly<Record<PropertyName, X11Id>>;
  /** Of the extension that knows outlines; undefined when the server has none. */
  readonly shape: number | undefined;
}

export async function createWindowReader(client: X11Client): Promise<WindowReader> {
  const [shape, ...atoms] = await client.request([
    ask.extension('SHAPE'),
    ...propertyNames.map((name) => ask.atom(name)),
  ]);
  const named = propertyNames.map((name, index) => [name, idOf(atoms[index])] as const);
  return {
    atoms: Object.fromEntries(named) as Record<PropertyName, X11Id>,
    shape: shape && read.extension(shape),
  };
}

const idOf = (reply: Buffer | undefined): X11Id => (reply ? read.atom(reply) : 0);

/** A window of the root, or one in it. */
interface Looked {
  readonly named?: NamedWindow;
  readonly isTranslucent: boolean;
  readonly children: readonly X11Id[];
}

/** Where the windows of a display stand, as one look at them tells. */
export interface Outlines {
  /** All that stand on the display itself, drawn or not, lowest first. */
  readonly ids: readonly X11Id[];
  readonly drawn: readonly {
    readonly id: X11Id;
    readonly isPopup: boolean;
    readonly places: readonly PixelRectangle[];
  }[];
}

/** Asks where windows stand; together with other requests it is one turn with the server. */
export function askOutlines(
  client: X11Client,
  { shape }: WindowReader,
  ids: readonly X11Id[],
): Buffer[] {
  return [
    ask.tree(client.screen.root),
    ...ids.flatMap((id) => [
      ...[ask.attributes(id), ask.geometry(id)],
      ...(shape === undefined ? [] : [ask.shape(shape, id)]),
    ]),
  ];
}

/** @param replies to `askOutlines` */
export function readOutlines(
  { shape }: WindowReader,
  ids: readonly X11Id[],
  [tree, ...replies]: readonly (Buffer | undefined)[],
): Outlines {
  const width = shape === undefined ? 2 : 3;
  const drawn = ids.flatMap((id, index) => {
    const [attributes, geometry, outline] = replies.slice(index * width, (index + 1) * width);
    if (!attributes || !geometry) return [];
    const { isDrawn, isPopup } = read.attributes(attributes);
    if (!isDrawn) return [];
    const { box, border } = read.geometry(geometry);
    const outlines = outline ? read.shape(outline) : undefined;
    return [{ id, isPopup, places: outlines ? placesOf(outlines, box, border) : [box] }];
  });
  return { ids: tree ? read.tree(tree) : [], drawn };
}

/** What the windows of a display are, by their ids. */
export type WindowNames = ReadonlyMap<X11Id, Pick<SeenWindow, 'isOpaque' | 'parts'>>;

/** Looks at all windows of the display, drawn or not. Costs four turns with the server. @throws AppError capture.lost */
export async function readNames(client: X11Client, reader: WindowReader): Promise<WindowNames> {
  const [tree] = await client.request([ask.tree(client.screen.root)]);
  const ids = tree ? read.tree(tree) : [];
  const looked = await lookInto(client, reader, ids);
  return new Map(
    ids.map((id) => {
      const parts = looked.get(id) ?? [];
      const isOpaque =
        reader.shape !== undefined && !parts.some(({ isTranslucent }) => isTranslucent);
      return [id, { isOpaque, parts: parts.flatMap(({ named }) => named ?? []) }];
    }),
  );
}

/** @returns undefined when there is a window of which nothing is known */
export function seenWindows(
  { ids, drawn }: Outlines,
  names: WindowNames,
): SeenWindow[] | undefined {
  if (ids.some((id) => !names.has(id))) return undefined;
  return drawn.flatMap(({ id, isPopup, places }) => {
    const named = names.get(id);
    return named ? [{ isPopup, places, ...named }] : [];
  });
}

/** Of an outline, which counts from the window's inside. */
function placesOf(
  outline: readonly PixelRectangle[],
  [left, top]: PixelRectangle,
  border: number,
): PixelRectangle[] {
  return outline.map(([x, y, width, height]) => {
    return [left + border + x, top + border + y, width, height];
  });
}

/** @returns for each of the windows what it and those in it are. */
async function lookInto(
  client: X11Client,
  reader: WindowReader,
  windows: readonly X11Id[],
): Promise<ReadonlyMap<X11Id, readonly Looked[]>> {
  const found = new Map<X11Id, Looked[]>(windows.map((id) => [id, []]));
  let level = windows.map((id) => ({ top: id, id }));
  for (let depth = 0; depth < namedDepth && level.length > 0; depth++) {
    const looked = await lookAt(
      client,
      reader,
      level.map(({ id }) => id),
    );
    for (const [index, one] of looked.entries()) found.get(level[index]!.top)!.push(one);
    level = looked.flatMap(({ children }, index) =>
      children.map((id) => ({ top: level[index]!.top, id })),
    );
  }
  return found;
}

async function lookAt(
  client: X11Client,
  { atoms }: WindowReader,
  ids: readonly X11Id[],
): Promise<Looked[]> {
  const width = propertyNames.length + 2;
  const replies = await client.request(
    ids.flatMap((id) => [
      ...[ask.tree(id), ask.geometry(id)],
      ...propertyNames.map((name) => ask.property(id, atoms[name])),
    ]),
  );
  return ids.map((id, index) => {
    const [tree, geometry, ...values] = replies.slice(index * width, (index + 1) * width);
    const valueOf = (name: PropertyName): Buffer | undefined => values[propertyNames.indexOf(name)];
    const texts = (name: PropertyName): string[] => {
      const value = valueOf(name);
      return value ? read.texts(value) : [];
    };
    const numbers = (name: PropertyName): number[] => {
      const value = valueOf(name);
      return value ? read.numbers(value) : [];
    };
    const [processId] = numbers('_NET_WM_PID');
    return {
      named: {
        applications: texts('WM_CLASS'),
        titles: [...texts('_NET_WM_NAME'), ...texts('WM_NAME')],
        owner: (id & ~client.setup.idMask) >>> 0,
        ...(processId === undefined ? {} : { processId }),
      },
      isTranslucent:
        !geometry ||
        read.geometry(geometry).depth >= translucentDepth ||
        numbers('_NET_WM_WINDOW_OPACITY').length > 0,
      children: tree ? read.tree(tree) : [],
    };
  });
}
