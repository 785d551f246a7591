/**
 * Reads every picture of videos afresh, as the program does: what the region classifier is trained on (models/reader/regions.py).
 *   node scripts/readScreens.ts VIDEO…
 * Prints an object for each picture, in their order: video; lines, each with text and box [x, y, width, height] in pixels; features of
 * the lines (daemon/perception/regionFeatures.ts), base64 of little-endian float32.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Picture } from '../daemon/media/frameSource.ts';
import { LineRecognizer } from '../daemon/perception/lineRecognizer.ts';
import { OrtSession } from '../daemon/perception/ortSession.ts';
import { regionFeatures, type ReadScreen } from '../daemon/perception/regionFeatures.ts';
import { StreamTextReader, type StreamTextReaderOptions } from '../daemon/perception/textReader.ts';
import { parseManifest } from '../daemon/weights/manifest.ts';
import { openVideo } from './bench/bench.ts';

const pack = fileURLToPath(new URL('../models/live-tiny', import.meta.url));
const manifestFile = path.join(pack, 'manifest.json');
const { reader, files } = parseManifest(readFileSync(manifestFile, 'utf8'), manifestFile);
if (!reader || !files.reader) throw new Error(`${manifestFile} names no reader`);
const frameRateFps = 2;

/** What the region classifier is given of a picture that no other came before. */
async function readScreen(picture: Picture, recognizer: LineRecognizer): Promise<ReadScreen> {
  const { promise: screen, resolve } = Promise.withResolvers<ReadScreen>();
  const classifier: StreamTextReaderOptions['classifier'] = {
    classify: (read) => {
      resolve(read);
      return Promise.resolve(read.lines.map(() => 'other'));
    },
  };
  await new StreamTextReader({ recognizer, classifier, manifest: reader! }).read(picture);
  return screen;
}

const { signal } = new AbortController();
await using session = await OrtSession.open(path.join(pack, files.reader.path), 'cpu');
const recognizer = new LineRecognizer(session, reader);
for (const video of process.argv.slice(2)) {
  for await (const item of openVideo(video).open({ frameRateFps, signal })) {
    if (item.kind === 'gap') continue;
    const screen = await readScreen(item.frame, recognizer);
    const lines = screen.lines.map(({ text, box }) => ({
      ...{ text, box: [box.x, box.y, box.width, box.height].map(Math.round) },
    }));
    const features = Buffer.from(regionFeatures(screen).buffer).toString('base64');
    process.stdout.write(`${JSON.stringify({ video: path.basename(video), lines, features })}\n`);
  }
}
