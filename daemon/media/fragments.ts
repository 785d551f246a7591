/**
 * Cuts a fragmented MP4, as it comes out of a pipe, into what a player can be given piece by piece: a beginning that says what is
 * in it, then fragments.
 * @source ISO/IEC 14496-12 (boxes), 14496-15 (avcC); what ffmpeg's muxer writes with `recordingOutput`.
 */

/** What comes before the fragments of a run: a player needs it first. */
export interface InitSegment {
  readonly kind: 'init';
  readonly bytes: Buffer;
  /** As browsers name them, such as `avc1.640028,flac`. */
  readonly codecs: string;
  readonly width: number;
  readonly height: number;
}

export interface Fragment {
  readonly kind: 'fragment';
  readonly bytes: Buffer;
  /** When its first picture is shown, and how long its pictures last together; in the times of the stream. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** A player can begin with it. */
  readonly isKey: boolean;
}

/** Larger boxes are none of a stream that is cut every second. */
const maxBoxBytes = 256_000_000;
/** Of a sample's flags: it needs others to be shown. @source ISO/IEC 14496-12, 8.8.3.1 */
const isNoSyncSample = 0x1_0000;

interface Box {
  readonly type: string;
  /** Without its header. */
  readonly body: Buffer;
}

interface VideoTrack {
  readonly id: number;
  readonly timescale: number;
}

export class FragmentReader {
  #rest: Buffer = Buffer.alloc(0);
  #head: Buffer[] = [];
  #moof: Buffer | undefined;
  #video: VideoTrack | undefined;

  /** @returns what is complete by now. @throws Error when it is no MP4 */
  read(chunk: Buffer): (InitSegment | Fragment)[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const found: (InitSegment | Fragment)[] = [];
    for (;;) {
      if (this.#rest.length < 8) return found;
      const size = this.#rest.readUInt32BE(0);
      if (size < 8 || size > maxBoxBytes) throw new Error(`not a stream of fragments: ${size}`);
      if (this.#rest.length < size) return found;
      const piece = this.#take(this.#rest.subarray(0, size));
      if (piece) found.push(piece);
      this.#rest = this.#rest.subarray(size);
    }
  }

  #take(box: Buffer): InitSegment | Fragment | undefined {
    switch (typeOf(box)) {
      case 'ftyp':
        this.#head = [box];
        return undefined;
      case 'moov':
        return this.#begin(Buffer.concat([...this.#head, box]), box.subarray(8));
      case 'moof':
        this.#moof = box;
        return undefined;
      case 'mdat':
        return this.#end(box);
      default:
        return undefined;
    }
  }

  #begin(bytes: Buffer, moov: Buffer): InitSegment | undefined {
    const tracks = boxesIn(moov).filter(({ type }) => type === 'trak');
    const codecs: string[] = [];
    let size = { width: 0, height: 0 };
    for (const { body } of tracks) {
      const entry = inside(body, ['mdia', 'minf', 'stbl', 'stsd'])?.subarray(8);
      const codec = entry && readCodec(entry);
      if (!entry || codec === undefined) return undefined;
      codecs.push(codec);
      if (!isVideo(body)) continue;
      // Behind six reserved bytes, an index, and sixteen bytes that older files use otherwise.
      size = { width: entry.readUInt16BE(32), height: entry.readUInt16BE(34) };
      this.#video = readTrack(body);
    }
    if (!this.#video) return undefined;
    return { kind: 'init', bytes, codecs: codecs.join(), ...size };
  }

  /** A fragment without pictures is none that anybody would begin with, or miss. */
  #end(mdat: Buffer): Fragment | undefined {
    const moof = this.#moof;
    const video = this.#video;
    this.#moof = undefined;
    if (!moof || !video) return undefined;
    const facts = boxesIn(moof.subarray(8)).flatMap(({ type, body }) =>
      type === 'traf' ? (readTrackFragment(body, video) ?? []) : [],
    )[0];
    return facts && { kind: 'fragment', bytes: Buffer.concat([moof, mdat]), ...facts };
  }
}

const typeOf = (box: Buffer): string => box.toString('latin1', 4, 8);

function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at);
    if (size < 8 || at + size > bytes.length) break;
    boxes.push({ type: typeOf(bytes.subarray(at)), body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return boxes;
}

/** The body of a box that lies in others, the outermost first. */
function inside(bytes: Buffer, [type, ...deeper]: readonly string[]): Buffer | undefined {
  const body = boxesIn(bytes).find((box) => box.type === type)?.body;
  return body === undefined || deeper.length === 0 ? body : inside(body, deeper);
}

function isVideo(trak: Buffer): boolean {
  return inside(trak, ['mdia', 'hdlr'])?.toString('latin1', 8, 12) === 'vide';
}

function readTrack(trak: Buffer): VideoTrack | undefined {
  const head = inside(trak, ['tkhd']);
  const media = inside(trak, ['mdia', 'mdhd']);
  if (!head || !media) return undefined;
  const isLong = (box: Buffer): boolean => box[0] === 1;
  return {
    id: head.readUInt32BE(isLong(head) ? 20 : 12),
    timescale: media.readUInt32BE(isLong(media) ? 20 : 12),
  };
}

/** @param entry of the sample description, its header included. @returns undefined for a codec that no browser is asked to play */
function readCodec(entry: Buffer): string | undefined {
  const type = typeOf(entry);
  if (type === 'fLaC') return 'flac';
  if (type !== 'avc1') return undefined;
  // The description of pictures has 78 bytes behind its header.
  const config = inside(entry.subarray(86), ['avcC']);
  return config && `avc1.${config.toString('hex', 1, 4)}`;
}

type Facts = Pick<Fragment, 'startSeconds' | 'durationSeconds' | 'isKey'>;

function readTrackFragment(traf: Buffer, { id, timescale }: VideoTrack): Facts | undefined {
  const head = inside(traf, ['tfhd']);
  const time = inside(traf, ['tfdt']);
  const run = inside(traf, ['trun']);
  if (!head || !time || !run || head.readUInt32BE(4) !== id) return undefined;
  const start = time[0] === 1 ? Number(time.readBigUInt64BE(4)) : time.readUInt32BE(4);
  const usual = readDefaults(head);
  const { duration, offset, flags } = readRun(run, usual);
  return {
    startSeconds: (start + offset) / timescale,
    durationSeconds: duration / timescale,
    isKey: (flags & isNoSyncSample) === 0,
  };
}

interface Defaults {
  readonly duration: number;
  readonly flags: number;
}

/** What holds for samples of which the run says nothing. @source ISO/IEC 14496-12, 8.8.7 */
function readDefaults(head: Buffer): Defaults {
  const has = head.readUInt32BE(0) & 0xff_ffff;
  let at = 8;
  if (has & 0x1) at += 8;
  if (has & 0x2) at += 4;
  const duration = has & 0x8 ? head.readUInt32BE(at) : 0;
  if (has & 0x8) at += 4;
  if (has & 0x10) at += 4;
  return { duration, flags: has & 0x20 ? head.readUInt32BE(at) : 0 };
}

/** @returns all durations together, and of the first sample the composition offset and the flags. @source ISO/IEC 14496-12, 8.8.8 */
function readRun(run: Buffer, usual: Defaults): Defaults & { readonly offset: number } {
  const has = run.readUInt32BE(0) & 0xff_ffff;
  const count = run.readUInt32BE(4);
  let at = 8;
  if (has & 0x1) at += 4;
  let flags = usual.flags;
  if (has & 0x4) flags = run.readUInt32BE(at);
  if (has & 0x4) at += 4;
  let [duration, offset] = [0, 0];
  for (let index = 0; index < count; index++) {
    duration += has & 0x100 ? run.readUInt32BE(at) : usual.duration;
    if (has & 0x100) at += 4;
    if (has & 0x200) at += 4;
    if (has & 0x400 && index === 0) flags = run.readUInt32BE(at);
    if (has & 0x400) at += 4;
    if (has & 0x800 && index === 0) offset = run.readInt32BE(at);
    if (has & 0x800) at += 4;
  }
  return { duration, offset, flags };
}
