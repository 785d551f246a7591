/** Tesseract line by line on crops of our own, if the system has it. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toLuma } from '../../../daemon/media/pixels.ts';
import { cropLine, type LineCrop } from '../../../daemon/perception/lineCrop.ts';
import type { LineCropManifest } from '../../../daemon/weights/manifest.ts';
import { findTesseract, readWithTesseract } from '../../lib/tesseract.mjs';
import { foldSigns } from './edits.ts';
import type { ReadingEngine } from './engine.ts';

/** Black on white, 40 px of text: what the reading study found to be read best. */
const crop: LineCropManifest = {
  ...{ height: 40, widthFactor: 1, padY: 0.12, padX: 4, stride: 1, minimumWidth: 16 },
  ...{ lowPercentile: 0.005, highPercentile: 0.995, minimumContrast: 12 },
};
/** White around the line, px. */
const margin = 10;

/** @param folder for its pictures. @returns undefined where tesseract is not installed */
export function openTesseract(
  folder: string,
  { signal }: { signal: AbortSignal },
): ReadingEngine | undefined {
  const program = findTesseract();
  if (program === undefined) return undefined;
  return {
    async read(picture, boxes) {
      if (boxes.length === 0) return [];
      const { width, height } = picture;
      const luma = { width, height, data: toLuma(picture) };
      await mkdir(folder, { recursive: true });
      const files: string[] = [];
      for (const [index, box] of boxes.entries()) {
        const file = path.join(folder, `${index}.pgm`);
        await writeFile(file, toPgm(cropLine(luma, box, crop)));
        files.push(file);
      }
      const list = path.join(folder, 'lines.txt');
      await writeFile(list, `${files.join('\n')}\n`);
      const texts = await readWithTesseract(program, list, { signal });
      await rm(folder, { recursive: true });
      return boxes.flatMap((box, index) => {
        const text = foldSigns((texts[index] ?? '').trim());
        return text === '' ? [] : [{ box, text, confidence: 1 }];
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A grey picture with a white margin. @source https://netpbm.sourceforge.net/doc/pgm.html */
function toPgm({ data, width }: LineCrop): Uint8Array {
  const columns = width + 2 * margin;
  const rows = crop.height + 2 * margin;
  const header = Buffer.from(`P5\n${columns} ${rows}\n255\n`);
  const pixels = Buffer.alloc(columns * rows, 255);
  for (let y = 0; y < crop.height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = Math.max(0, data[y * width + x]!);
      pixels[(y + margin) * columns + x + margin] = Math.round(255 * (1 - ink));
    }
  }
  return Buffer.concat([header, pixels]);
}
