/**
 * Pure: the little of X11's protocol that tells which windows stand where, and what is drawn.
 * @source X Window System Protocol, X Version 11, Release 6.8, appendix B; SHAPE, XFIXES and DAMAGE protocols; Xau(3) for the file of keys
 */
import type { PixelRectangle } from '../../protocol/index.ts';

/** Names a window, a property or a client. */
export type X11Id = number;

/** What the server says of itself when it lets somebody in. */
export interface X11Setup {
  /** Of the ids that clients give: those of one client are the same but for this mask. */
  readonly idMask: number;
  /** The part that is the same in those of this client. */
  readonly idBase: number;
  readonly isLittleEndian: boolean;
  readonly screens: readonly {
    readonly root: X11Id;
    readonly width: number;
    readonly height: number;
    readonly depth: number;
  }[];
  /** Bits that a pixel takes in an image, by its depth. */
  readonly bitsPerPixel: ReadonlyMap<number, number>;
}

/** Where a server listens, as a display's name tells it. */
export interface DisplayName {
  /** Empty for this machine. */
  readonly host: string;
  readonly number: number;
  readonly screen: number;
}

/** @returns undefined for what is no name of a display */
export function parseDisplay(name: string): DisplayName | undefined {
  const found = /^(?:unix)?([\w.-]*):(\d+)(?:\.(\d+))?$/.exec(name);
  return found
    ? { host: found[1]!, number: Number(found[2]), screen: Number(found[3] ?? 0) }
    : undefined;
}

const cookieName = 'MIT-MAGIC-COOKIE-1';

/** Families of addresses in a file of keys. */
const family = { local: 256, wild: 65_535 } as const;

/** The key that opens a display, from the bytes of a file such as ~/.Xauthority; empty when it has none. */
export function findCookie(bytes: Buffer, { host, number }: DisplayName): Buffer {
  let at = 0;
  const field = (): Buffer => {
    const length = bytes.readUInt16BE(at);
    at += 2 + length;
    return bytes.subarray(at - length, at);
  };
  try {
    while (at < bytes.length) {
      const kind = bytes.readUInt16BE(at);
      at += 2;
      field();
      const display = field().toString();
      const name = field().toString();
      const data = field();
      const isHere = host !== '' || kind === family.local || kind === family.wild;
      const isNumber = display === '' || Number(display) === number;
      if (isHere && isNumber && name === cookieName) return data;
    }
  } catch {
    // The file is cut off: there is no more in it.
  }
  return Buffer.alloc(0);
}

const padded = (length: number): number => (length + 3) & ~3;

/** How a client introduces itself. */
export function helloMessage(cookie: Buffer): Buffer {
  const name = cookie.length === 0 ? '' : cookieName;
  const bytes = Buffer.alloc(12 + padded(name.length) + padded(cookie.length));
  bytes.write('l', 'latin1');
  bytes.writeUInt16LE(11, 2);
  bytes.writeUInt16LE(name.length, 6);
  bytes.writeUInt16LE(cookie.length, 8);
  bytes.write(name, 12, 'latin1');
  cookie.copy(bytes, 12 + padded(name.length));
  return bytes;
}

/** Of the first eight bytes of the answer: whether the client is let in, and how many bytes follow. */
export function readWelcome(head: Buffer): { readonly isLetIn: boolean; readonly length: number } {
  return { isLetIn: head[0] === 1, length: head.readUInt16LE(6) * 4 };
}

/** What follows the first eight bytes when the client is let in. */
export function readSetup(body: Buffer): X11Setup {
  const [screenCount, formatCount] = [body[20]!, body[21]!];
  let at = 32 + padded(body.readUInt16LE(16));
  const bitsPerPixel = new Map<number, number>();
  for (let index = 0; index < formatCount; index++, at += 8) {
    bitsPerPixel.set(body[at]!, body[at + 1]!);
  }
  const screens: X11Setup['screens'][number][] = [];
  for (let index = 0; index < screenCount; index++) {
    const [width, height] = [body.readUInt16LE(at + 20), body.readUInt16LE(at + 22)];
    screens.push({ root: body.readUInt32LE(at), width, height, depth: body[at + 38]! });
    let depths = body[at + 39]!;
    for (at += 40; depths > 0; depths--) at += 8 + 24 * body.readUInt16LE(at + 2);
  }
  const [idBase, idMask] = [body.readUInt32LE(4), body.readUInt32LE(8)];
  return { idMask, idBase, isLittleEndian: body[22] === 0, screens, bitsPerPixel };
}

/** @param detail second byte, whatever a request uses it for. @param words the rest, 4 bytes each */
function message(opcode: number, detail: number, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + words.length * 4);
  bytes.writeUInt8(opcode, 0);
  bytes.writeUInt8(detail, 1);
  bytes.writeUInt16LE(1 + words.length, 2);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, 4 + index * 4);
  return bytes;
}

function namedMessage(opcode: number, detail: number, name: string): Buffer {
  const text = Buffer.alloc(padded(name.length));
  text.write(name, 'latin1');
  const words = Array.from({ length: text.length / 4 }, (_, index) => text.readUInt32LE(index * 4));
  return message(opcode, detail, [name.length, ...words]);
}

/** Longer titles are cut off, in units of four bytes. */
const mostPropertyWords = 1024;
const anyType = 0;
/** Pictures as the server keeps them, all planes. */
const [zPixmap, allPlanes] = [2, 0xffff_ffff];
const signed = (x: number, y: number): number => (x & 0xffff) | ((y & 0xffff) << 16);

/** Requests that have a reply. */
export const ask = {
  attributes: (window: X11Id) => message(3, 0, [window]),
  geometry: (drawable: X11Id) => message(14, 0, [drawable]),
  tree: (window: X11Id) => message(15, 0, [window]),
  atom: (name: string) => namedMessage(16, 0, name),
  property: (window: X11Id, atom: X11Id) =>
    message(20, 0, [window, atom, anyType, 0, mostPropertyWords]),
  place: (window: X11Id, root: X11Id) => message(40, 0, [window, root, 0]),
  image: (drawable: X11Id, [x, y, width, height]: PixelRectangle) =>
    message(73, zPixmap, [drawable, signed(x, y), signed(width, height), allPlanes]),
  extension: (name: string) => namedMessage(98, 0, name),
  /** Of SHAPE: the rectangles that a window's outline is made of. @param opcode that the server gave the extension */
  shape: (opcode: number, window: X11Id) => message(opcode, 8, [window, 0]),
  fixesVersion: (opcode: number) => message(opcode, 0, [4, 0]),
  cursor: (opcode: number) => message(opcode, 4, []),
  damageVersion: (opcode: number) => message(opcode, 0, [1, 1]),
};

/** Of DAMAGE: each event tells a rectangle that was drawn to and that no event since the last `forget` lay over. */
const deltaRectangles = 1;

/** Requests that have none. @param opcode of DAMAGE */
export const tell = {
  /** Asks for events about what is drawn. @param id that the client gives to that */
  watch: (opcode: number, id: X11Id, drawable: X11Id) =>
    message(opcode, 1, [id, drawable, deltaRectangles]),
  /** What was told is known: it is told anew when it happens again. */
  forget: (opcode: number, id: X11Id) => message(opcode, 3, [id, 0, 0]),
};

export const read = {
  /** A window that only takes clicks draws nothing. */
  attributes: (reply: Buffer) => ({
    isDrawn: reply.readUInt16LE(12) === 1 && reply[26] === 2,
    /** Menus and tooltips: no window manager frames them. */
    isPopup: reply[27] === 1,
  }),
  /** Place in its parent, its border counted in. */
  geometry: (reply: Buffer) => {
    const border = reply.readUInt16LE(20);
    const box: PixelRectangle = [
      ...[reply.readInt16LE(12), reply.readInt16LE(14)],
      ...[reply.readUInt16LE(16) + 2 * border, reply.readUInt16LE(18) + 2 * border],
    ] as [number, number, number, number];
    return { box, border, depth: reply[1]! };
  },
  /** The windows in one, lowest first. */
  tree: (reply: Buffer): X11Id[] => words(reply, reply.readUInt16LE(16)),
  atom: (reply: Buffer): X11Id => reply.readUInt32LE(8),
  /** Texts, of which a property may hold several. */
  texts: (reply: Buffer): string[] => {
    if (reply[1] !== 8) return [];
    const text = reply.toString('utf8', 32, 32 + reply.readUInt32LE(16));
    return text.split('\0').filter((one) => one !== '');
  },
  numbers: (reply: Buffer): number[] =>
    reply[1] === 32 ? words(reply, reply.readUInt32LE(16)) : [],
  place: (reply: Buffer): readonly [x: number, y: number] => [
    reply.readInt16LE(12),
    reply.readInt16LE(14),
  ],
  /** Rows without anything between them when a pixel takes 32 bits. */
  image: (reply: Buffer): Buffer => reply.subarray(32),
  /** @returns the opcode of its requests; undefined when the server has no such extension */
  extension: (reply: Buffer): number | undefined => (reply[8] === 1 ? reply[9] : undefined),
  /** The kind of an extension's first event; events say theirs in the first byte. */
  firstEvent: (reply: Buffer): number => reply[10]!,
  eventKind: (event: Buffer): number => event[0]! & 0x7f,
  /** What was drawn to, in pixels of the drawable. */
  damage: (event: Buffer): PixelRectangle => [
    ...([event.readInt16LE(16), event.readInt16LE(18)] as const),
    ...([event.readUInt16LE(20), event.readUInt16LE(22)] as const),
  ],
  shape: (reply: Buffer): PixelRectangle[] =>
    Array.from({ length: reply.readUInt32LE(8) }, (_, index) => {
      const at = 32 + index * 8;
      const [width, height] = [reply.readUInt16LE(at + 4), reply.readUInt16LE(at + 6)];
      return [reply.readInt16LE(at), reply.readInt16LE(at + 2), width, height];
    }),
  cursor: (reply: Buffer): X11Cursor => {
    const [width, height] = [reply.readUInt16LE(12), reply.readUInt16LE(14)];
    const x = reply.readInt16LE(8) - reply.readUInt16LE(16);
    const y = reply.readInt16LE(10) - reply.readUInt16LE(18);
    return {
      box: [x, y, width, height],
      pixels: reply.subarray(32, 32 + width * height * 4),
      look: reply.subarray(8, 24),
    };
  },
};

/** The pointer as it looks now. */
export interface X11Cursor {
  readonly box: PixelRectangle;
  /** Blue, green, red and opacity, multiplied already. */
  readonly pixels: Buffer;
  /** Place, size and number of its picture: the same as long as it is seen the same. */
  readonly look: Buffer;
}

function words(reply: Buffer, count: number): number[] {
  return Array.from({ length: count }, (_, index) => reply.readUInt32LE(32 + index * 4));
}
