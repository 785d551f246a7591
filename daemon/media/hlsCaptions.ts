/**
 * Captions that an HLS stream has beside its pictures: a playlist of pieces of WebVTT. They are fetched here: not every ffmpeg reads them
 * (5.1 does not), and pictures are not to wait for them.
 * @source RFC 8216, 3.5 (X-TIMESTAMP-MAP), 4.3.4.1 (EXT-X-MEDIA), 6.3.4 (how often a playlist is loaded)
 */
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { toError } from '../base/errors.ts';
import { parseCaptions, type Cue } from './captionSource.ts';
import { chooseSubtitles } from './embeddedCaptions.ts';

export interface HlsCaptionsOptions {
  /** Of the playlist that may name renditions with captions. */
  readonly url: string;
  /** Sent along with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Takes the cues of a piece. @param shiftSeconds added to their times gives those of the stream's own clock, see `onStreamClock` */
  readonly onCues: (cues: readonly Cue[], shiftSeconds: number) => void;
  /** Hears once that they cannot be read, until they can be again. */
  readonly onTrouble: (reason: string) => void;
}

/** Where the stream's clock begins anew, seconds: 33 bits at 90 kHz. @source ISO 13818-1, 2.4.3.7 */
const clockRangeSeconds = 2 ** 33 / 90_000;
const timeoutMs = 10_000;
/** A playlist of a day has 2 MB, a piece some kilobytes. */
const maxCharacters = 4_000_000;
/** Pieces that are read at the beginning: what came before them is not live. */
const newestPieces = 3;
/** Waits after failures, ms; the last one is kept to. */
const backOffMs = [1000, 2000, 4000, 8000, 15_000];
const leastReloadMs = 500;

/** Reads captions for as long as there are any; nothing when the stream has none. Never fails. */
export async function followHlsCaptions(
  options: HlsCaptionsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { url, clock, onTrouble } = options;
  let rendition: string | undefined;
  let nextPiece: number | undefined;
  let failures = 0;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    let waitMs: number;
    try {
      rendition ??= findRendition(await load(url, options, signal), url);
      if (rendition === undefined) return;
      const playlist = readPlaylist(await load(rendition, options, signal), rendition);
      const { first, pieces, targetSeconds, hasEnded } = playlist;
      const end = first + pieces.length;
      // A number that is gone was skipped, one that is yet to come was counted by a broadcast before.
      const isKnown = nextPiece !== undefined && nextPiece <= end;
      let next = Math.max(first, isKnown ? nextPiece! : end - newestPieces);
      const isNew = next < end;
      for (; next < end; next++) {
        readPiece(await load(pieces[next - first]!, options, signal), options);
        nextPiece = next + 1;
      }
      failures = 0;
      if (hasEnded) return;
      waitMs = Math.max(leastReloadMs, targetSeconds * (isNew ? 1000 : 500));
    } catch (error) {
      if (isOver()) return;
      if (failures === 0) onTrouble(toError(error).message);
      waitMs = backOff(backOffMs, failures++);
    }
    await clock.sleep(waitMs, { signal }).catch(() => undefined);
  }
}

/** Seconds of the stream's clock at which something is, told from 0 where the stream's own begins; the clock may have begun anew between. */
export function onStreamClock(seconds: number, startSeconds: number): number {
  const apart = (seconds - startSeconds) % clockRangeSeconds;
  const half = clockRangeSeconds / 2;
  return apart > half
    ? apart - clockRangeSeconds
    : apart < -half
      ? apart + clockRangeSeconds
      : apart;
}

async function load(
  url: string,
  { headers }: HlsCaptionsOptions,
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const response = await fetch(url, { headers, signal: limit });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the server answered ${response.status}`);
  }
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > maxCharacters) throw new Error('they are too long for captions');
  }
  return text;
}

/** Where the captions are: whole ones before forced ones, English first, then what players choose. */
function findRendition(playlist: string, base: string): string | undefined {
  const renditions = playlist.split(/\r?\n/).flatMap((line) => {
    if (!line.startsWith('#EXT-X-MEDIA:')) return [];
    const attributes = readAttributes(line.slice('#EXT-X-MEDIA:'.length));
    const address = attributes.get('URI');
    return attributes.get('TYPE') === 'SUBTITLES' && address !== undefined
      ? [{ attributes, address }]
      : [];
  });
  const chosen = chooseSubtitles(
    renditions.map(({ attributes }, index) => ({
      index,
      language: attributes.get('LANGUAGE') ?? '',
      isDefault: attributes.get('DEFAULT') === 'YES',
      isForced: attributes.get('FORCED') === 'YES',
    })),
  );
  return chosen && resolveAddress(renditions[chosen.index]!.address, base);
}

/** `NAME="a, b",DEFAULT=YES` → names and values. */
function readAttributes(text: string): ReadonlyMap<string, string> {
  const pairs = text.matchAll(/([A-Z\d-]+)=(?:"([^"]*)"|([^,]*))/g);
  return new Map([...pairs].map(([, name, quoted, plain]) => [name!, quoted ?? plain!]));
}

interface Playlist {
  /** Number of its first piece. */
  readonly first: number;
  readonly pieces: readonly string[];
  readonly targetSeconds: number;
  readonly hasEnded: boolean;
}

function readPlaylist(text: string, base: string): Playlist {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines[0] !== '#EXTM3U') throw new Error('it is no playlist');
  if (lines.some((line) => line.startsWith('#EXT-X-MAP'))) {
    throw new Error('they are not WebVTT but pieces of MP4');
  }
  const numberOf = (tag: string): number | undefined => {
    const value = Number(lines.find((line) => line.startsWith(`#${tag}:`))?.slice(tag.length + 2));
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  return {
    first: numberOf('EXT-X-MEDIA-SEQUENCE') ?? 0,
    targetSeconds: numberOf('EXT-X-TARGETDURATION') ?? 1,
    pieces: lines
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((address) => resolveAddress(address, base)),
    hasEnded: lines.includes('#EXT-X-ENDLIST'),
  };
}

/** A playlist names further addresses, and none of them may be anything but the network's. */
function resolveAddress(address: string, base: string): string {
  const { protocol, href } = new URL(address, base);
  if (protocol !== 'http:' && protocol !== 'https:') throw new Error('they are not on the network');
  return href;
}

/** A piece that tells nothing of the stream's clock begins where that does. */
function readPiece(text: string, { onCues }: HlsCaptionsOptions): void {
  if (!text.replace(/^\ufeff/, '').startsWith('WEBVTT')) throw new Error('they are not WebVTT');
  const map = /^X-TIMESTAMP-MAP=(.*)$/m.exec(text)?.[1] ?? '';
  const ticks = Number(/MPEGTS:(\d+)/.exec(map)?.[1] ?? 0);
  const local: readonly (string | undefined)[] =
    /LOCAL:(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)/.exec(map) ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = local.slice(1).map((part) => Number(part ?? 0));
  const { cues } = parseCaptions(text);
  if (cues.length > 0) onCues(cues, ticks / 90_000 - ((hours * 60 + minutes) * 60 + seconds));
}
