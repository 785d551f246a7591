/**
 * Reads a NUT stream with one video track: ffmpeg's own container, the smallest that carries raw pictures with exact times
 * through a pipe.
 * @source the NUT specification, "NUT Open Container Format" (ffmpeg.org/nut.html), version 3.
 */
import { ByteReader, EndOfStream } from './byteReader.ts';

/** The second byte of a startcode; the first is `N`. */
const packetKinds = { main: 0x4d, stream: 0x53 } as const;
const syncpoint = 0x4b;
const startcodeLead = 0x4e;
const magicLength = 'nut/multimedia container\0'.length;

const flag = {
  codedPts: 8,
  streamId: 16,
  sizeMsb: 32,
  checksum: 64,
  reserved: 128,
  sideData: 256,
  headerIndex: 1024,
  matchTime: 2048,
  coded: 4096,
  invalid: 8192,
} as const;

interface FrameCode {
  readonly flags: number;
  readonly sizeMul: number;
  readonly sizeLsb: number;
  readonly ptsDelta: number;
  readonly reservedCount: number;
  readonly headerIndex: number;
}

/** One time unit is `num / den` seconds. */
interface TimeBase {
  readonly num: number;
  readonly den: number;
}

interface MainHeader {
  readonly timeBases: readonly TimeBase[];
  readonly frameCodes: readonly FrameCode[];
  readonly elidedHeaders: readonly Uint8Array[];
}

interface StreamHeader {
  readonly width: number;
  readonly height: number;
  readonly timeBase: TimeBase;
  readonly msbPtsShift: number;
}

/** One packet of the track. */
export interface NutPacket {
  readonly ptsSeconds: number;
  /** The very array of the packet before when every byte is equal: it must not be written to. */
  readonly data: Uint8Array;
}

/** A NUT stream whose headers have been read. */
export class NutReader {
  readonly width: number;
  readonly height: number;
  readonly #bytes: ByteReader;
  readonly #main: MainHeader;
  readonly #stream: StreamHeader;
  #lastPts = 0;
  #lastData: Uint8Array | undefined;

  private constructor(bytes: ByteReader, main: MainHeader, stream: StreamHeader) {
    this.width = stream.width;
    this.height = stream.height;
    this.#bytes = bytes;
    this.#main = main;
    this.#stream = stream;
  }

  /** Reads the headers. @returns undefined when the stream ends before them. @throws Error when it is no NUT stream. */
  static async open(chunks: AsyncIterable<Uint8Array>): Promise<NutReader | undefined> {
    const bytes = new ByteReader(chunks);
    try {
      await bytes.block(magicLength);
      let main: MainHeader | undefined;
      for (;;) {
        const lead = await bytes.byte();
        if (lead !== startcodeLead) throw new Error(`not a NUT stream: ${lead} before its headers`);
        const { kind, payload } = await readPacket(bytes);
        if (kind === packetKinds.main) main = await readMainHeader(payload);
        if (kind === packetKinds.stream && main) {
          return new NutReader(bytes, main, await readStreamHeader(payload, main.timeBases));
        }
      }
    } catch (error) {
      if (error instanceof EndOfStream) return undefined;
      throw error;
    }
  }

  /** The next packet, or undefined at the end; a packet that the end cuts short is left out. */
  async next(): Promise<NutPacket | undefined> {
    try {
      for (;;) {
        const lead = await this.#bytes.byte();
        if (lead !== startcodeLead) return await this.#readFrame(this.#main.frameCodes[lead]!);
        const { kind, payload } = await readPacket(this.#bytes);
        if (kind === syncpoint) this.#lastPts = await this.#readSyncpoint(payload);
      }
    } catch (error) {
      if (error instanceof EndOfStream) return undefined;
      throw error;
    }
  }

  async #readFrame(code: FrameCode): Promise<NutPacket> {
    const bytes = this.#bytes;
    let { flags, reservedCount, headerIndex } = code;
    if (flags & flag.coded) flags ^= await bytes.unsigned();
    if (flags & (flag.invalid | flag.sideData)) throw new Error(`NUT frame with flags ${flags}`);
    if (flags & flag.streamId) await bytes.unsigned();
    this.#lastPts =
      flags & flag.codedPts ? this.#fullPts(await bytes.unsigned()) : this.#lastPts + code.ptsDelta;
    let size = code.sizeLsb;
    if (flags & flag.sizeMsb) size += code.sizeMul * (await bytes.unsigned());
    if (flags & flag.matchTime) await bytes.signed();
    if (flags & flag.headerIndex) headerIndex = await bytes.unsigned();
    if (flags & flag.reserved) reservedCount = await bytes.unsigned();
    for (let i = 0; i < reservedCount; i++) await bytes.unsigned();
    if (flags & flag.checksum) await bytes.block(4);
    const { num, den } = this.#stream.timeBase;
    const ptsSeconds = (this.#lastPts * num) / den;
    // Only small frames leave out a beginning that many share.
    const elided = size > 4096 ? undefined : this.#main.elidedHeaders[headerIndex];
    if (!elided || elided.length === 0) {
      const last = this.#lastData;
      this.#lastData =
        last?.length === size ? await bytes.blockLike(last) : await bytes.block(size);
      return { ptsSeconds, data: this.#lastData };
    }
    const rest = await bytes.block(size - elided.length);
    return { ptsSeconds, data: Uint8Array.from([...elided, ...rest]) };
  }

  /** A coded time is either whole, or only the low bits of one near the last. */
  #fullPts(coded: number): number {
    const range = 2 ** this.#stream.msbPtsShift;
    if (coded >= range) return coded - range;
    const lowest = this.#lastPts - Math.floor((range - 1) / 2);
    return lowest + ((((coded - lowest) % range) + range) % range);
  }

  /** The time, in units of the track, that following frames count from. */
  async #readSyncpoint(payload: ByteReader): Promise<number> {
    const coded = await payload.unsigned();
    const { timeBases } = this.#main;
    const from = timeBases[coded % timeBases.length]!;
    const to = this.#stream.timeBase;
    return Math.floor(
      (Math.floor(coded / timeBases.length) * from.num * to.den) / (from.den * to.num),
    );
  }
}

/** Reads what follows an `N`: the rest of the startcode, length, payload with its checksum. */
async function readPacket(
  bytes: ByteReader,
): Promise<{ readonly kind: number; readonly payload: ByteReader }> {
  const kind = await bytes.byte();
  await bytes.block(6);
  const length = await bytes.unsigned();
  if (length > 4096) await bytes.block(4);
  const block = await bytes.block(length);
  return { kind, payload: new ByteReader(only(block)) };
}

async function readMainHeader(payload: ByteReader): Promise<MainHeader> {
  const version = await payload.unsigned();
  if (version > 3) await payload.unsigned();
  const streamCount = await payload.unsigned();
  if (streamCount !== 1) throw new Error(`NUT stream with ${streamCount} tracks`);
  await payload.unsigned(); // largest distance between syncpoints
  const timeBases: TimeBase[] = [];
  for (let count = await payload.unsigned(); count > 0; count--) {
    timeBases.push({ num: await payload.unsigned(), den: await payload.unsigned() });
  }
  const frameCodes = await readFrameCodes(payload);
  const elidedHeaders: Uint8Array[] = [new Uint8Array(0)];
  for (let count = await payload.unsigned(); count > 0; count--) {
    elidedHeaders.push(await payload.block(await payload.unsigned()));
  }
  return { timeBases, frameCodes, elidedHeaders };
}

/** The table that says what each frame's first byte stands for, written in runs. */
async function readFrameCodes(payload: ByteReader): Promise<FrameCode[]> {
  const codes: FrameCode[] = [];
  let ptsDelta = 0;
  let sizeMul = 1;
  let headerIndex = 0;
  while (codes.length < 256) {
    const flags = await payload.unsigned();
    const fields = await payload.unsigned();
    if (fields > 0) ptsDelta = await payload.signed();
    if (fields > 1) sizeMul = await payload.unsigned();
    if (fields > 2) await payload.unsigned(); // track
    const size = fields > 3 ? await payload.unsigned() : 0;
    const reservedCount = fields > 4 ? await payload.unsigned() : 0;
    const count = fields > 5 ? await payload.unsigned() : sizeMul - size;
    if (fields > 6) await payload.signed(); // match time
    if (fields > 7) headerIndex = await payload.unsigned();
    for (let i = 8; i < fields; i++) await payload.unsigned();
    for (let i = 0; i < count && codes.length < 256;) {
      const isLead = codes.length === startcodeLead;
      const sizeLsb = size + i;
      codes.push({
        flags: isLead ? flag.invalid : flags,
        ...{ sizeMul, sizeLsb, ptsDelta, reservedCount, headerIndex },
      });
      if (!isLead) i++;
    }
  }
  return codes;
}

async function readStreamHeader(
  payload: ByteReader,
  timeBases: readonly TimeBase[],
): Promise<StreamHeader> {
  await payload.unsigned(); // track
  await payload.unsigned(); // class
  await payload.block(await payload.unsigned()); // fourcc
  const timeBase = timeBases[await payload.unsigned()]!;
  const msbPtsShift = await payload.unsigned();
  await payload.unsigned(); // largest distance of times
  await payload.unsigned(); // decode delay
  await payload.unsigned(); // flags
  await payload.block(await payload.unsigned()); // codec's own data
  const width = await payload.unsigned();
  return { width, height: await payload.unsigned(), timeBase, msbPtsShift };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an iterable of one that is at hand
async function* only(block: Uint8Array): AsyncGenerator<Uint8Array> {
  yield block;
}
