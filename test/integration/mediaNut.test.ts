import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NutReader } from '../../daemon/media/nutReader.ts';
import {
  createTemporaryFolder,
  makeClip,
  numberedPictures,
  pictureNumber,
} from '../helpers/fixtures.ts';

/** Six pictures, small enough for every part of the format's frame headers to be used. */
async function makeNut(size: string, keep: readonly number[]): Promise<Uint8Array> {
  await using folder = await createTemporaryFolder();
  const filter = numberedPictures({ rate: 10, count: 25, size, keep });
  const path = await makeClip(folder.path('clip.nut'), filter, [
    '-c:v',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
  ]);
  return await readFile(path);
}

// eslint-disable-next-line @typescript-eslint/require-await -- bytes that are at hand
async function* inChunks(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** Every packet as `seconds:number`. */
async function read(bytes: Uint8Array, chunkLength: number): Promise<string[] | undefined> {
  const nut = await NutReader.open(inChunks(bytes, chunkLength));
  if (!nut) return undefined;
  const packets: string[] = [];
  for (let packet = await nut.next(); packet; packet = await nut.next()) {
    expect(packet.data.length).toBe(nut.width * nut.height * 3);
    packets.push(`${packet.ptsSeconds.toFixed(3)}:${pictureNumber(packet)}`);
  }
  return packets;
}

const keep = [0, 1, 2, 9, 10, 24];
const expected = ['0.000:0', '0.100:1', '0.200:2', '0.900:9', '1.000:10', '2.400:24'];

describe('NutReader', () => {
  it.each(['8x6', '64x48', '320x240'])(
    'reads times and pictures of %s, however it comes',
    async (size) => {
      const bytes = await makeNut(size, keep);
      for (const chunkLength of [1, 7, 4096, bytes.length]) {
        expect(await read(bytes, chunkLength)).toEqual(expected);
      }
    },
  );

  it('gives whole packets only, wherever the stream ends', async () => {
    const bytes = await makeNut('8x6', keep);
    for (let length = 0; length < bytes.length; length++) {
      const packets = await read(bytes.subarray(0, length), 64);
      expect(packets ?? []).toEqual(expected.slice(0, packets?.length ?? 0));
    }
  });

  it('gives a picture that repeats as the array of the one before, however it comes', async () => {
    await using folder = await createTemporaryFolder();
    const filter =
      'color=gray:size=320x240:rate=10,drawbox=enable=gte(n\\,3):color=red,trim=end_frame=6';
    const path = await makeClip(folder.path('still.nut'), filter, [
      ...['-c:v', 'rawvideo', '-pix_fmt', 'rgb24'],
    ]);
    const bytes = await readFile(path);
    for (const chunkLength of [1, 4096, 65_536, bytes.length]) {
      const nut = (await NutReader.open(inChunks(bytes, chunkLength)))!;
      const pictures: Uint8Array[] = [];
      for (let packet = await nut.next(); packet; packet = await nut.next()) {
        pictures.push(packet.data);
      }
      expect(pictures).toHaveLength(6);
      expect(pictures.map((picture) => pictures.indexOf(picture))).toEqual([0, 0, 0, 3, 3, 3]);
      expect(Buffer.compare(pictures[0]!, pictures[3]!)).not.toBe(0);
    }
  });

  it('refuses what is no NUT stream', async () => {
    await expect(NutReader.open(inChunks(new Uint8Array(100), 10))).rejects.toThrow('NUT');
  });
});
