import { describe, expect, it } from 'vitest';
import { segmentLines } from '../../../daemon/perception/segmenter.ts';
import type { Box } from '../../../daemon/perception/perception.ts';
import golden from '../../golden/readerCrop.json' with { type: 'json' };
import { ScreenPicture, type Rgb } from '../../helpers/screenPicture.ts';

const manifest = golden.manifest.segmenter;

/** Left, top, right and bottom of each box, from the top. */
function edges(boxes: readonly Box[]): number[][] {
  return [...boxes]
    .sort((a, b) => a.y - b.y || a.x - b.x)
    .map(({ x, y, width, height }) => [x, y, x + width, y + height]);
}

function check(picture: ScreenPicture, expected: readonly (readonly number[])[]): void {
  const found = edges(segmentLines(picture, manifest).boxes);
  expect(found).toHaveLength(expected.length);
  found.forEach((box, i) => {
    box.forEach((edge, side) => {
      expect(Math.abs(edge - expected[i]![side]!), `box ${i} side ${side}`).toBeLessThanOrEqual(3);
    });
  });
}

const lines = [
  'import numpy as np',
  'def mean(values):',
  'return sum(values)',
  'print(mean([1]))',
  'exit()',
];

function page(paper: Rgb, ink: Rgb): ScreenPicture {
  const picture = new ScreenPicture(320, 160, paper);
  lines.forEach((line, row) => {
    picture.write(line, 40, 20 + row * 24, ink);
  });
  return picture;
}

const pageBoxes = lines.map((line, row) => {
  const top = 20 + row * 24;
  return [40, top, 40 + line.length * 8, top + 12];
});

describe('segmentLines', () => {
  const themes: readonly [string, Rgb, Rgb][] = [
    ['dark', [30, 30, 30], [212, 212, 212]],
    ['light', [255, 255, 255], [10, 10, 10]],
    ['colours of equal luma', [130, 90, 90], [60, 125, 90]],
  ];
  for (const [name, paper, ink] of themes) {
    it(`finds the lines of a ${name} page`, () => {
      check(page(paper, ink), pageBoxes);
    });
  }

  it('finds nothing on an empty screen', () => {
    expect(segmentLines(new ScreenPicture(200, 100), manifest).boxes).toEqual([]);
  });

  it('keeps columns that are far apart as separate lines', () => {
    const picture = new ScreenPicture(320, 60).write('12', 8, 20).write('const a = 1', 60, 20);
    check(picture, [
      [8, 20, 24, 32],
      [60, 20, 148, 32],
    ]);
  });

  it('ignores rules, indent guides and cursors', () => {
    const picture = page([30, 30, 30], [212, 212, 212])
      .fill({ x: 32, y: 0, width: 1, height: 160 }, [90, 90, 90])
      .fill({ x: 0, y: 150, width: 320, height: 1 }, [90, 90, 90])
      .fill({ x: 300, y: 8, width: 2, height: 60 }, [255, 255, 255]);
    check(picture, pageBoxes);
  });

  it('cuts lines apart that a mark connects', () => {
    const picture = page([30, 30, 30], [212, 212, 212]);
    picture.fill({ x: 90, y: 30, width: 1, height: 16 }, [200, 80, 80]);
    check(picture, pageBoxes);
  });

  it('grows low lines to the usual height', () => {
    const picture = page([30, 30, 30], [212, 212, 212]);
    for (let x = 40; x < 80; x += 8) {
      picture.fill({ x, y: 145, width: 2, height: 6 }, [212, 212, 212]);
    }
    const { boxes, heights } = segmentLines(picture, manifest);
    const low = boxes.find((box) => box.y > 130)!;
    expect(low.height).toBe(heights.usual);
    expect(low.y + low.height / 2).toBeCloseTo(148, 0);
  });

  it('keeps words together that underscores connect', () => {
    const picture = page([30, 30, 30], [212, 212, 212]);
    picture.write('if', 40, 136).write('main', 90, 136);
    picture.fill({ x: 60, y: 148, width: 28, height: 1 }, [212, 212, 212]);
    const found = segmentLines(picture, manifest).boxes.filter((box) => box.y > 125);
    expect(found).toHaveLength(1);
    picture.fill({ x: 0, y: 148, width: 320, height: 1 }, [212, 212, 212]);
    const ruled = segmentLines(picture, manifest).boxes.filter((box) => box.y > 125);
    expect(ruled).toHaveLength(2);
  });

  it('cuts icons off the ends of a line', () => {
    const picture = page([30, 30, 30], [212, 212, 212]);
    picture
      .write('Ready for now', 60, 136)
      .fill({ x: 34, y: 132, width: 20, height: 20 }, [200, 80, 80]);
    picture.fill({ x: 37, y: 135, width: 14, height: 14 }, [30, 30, 30]);
    const text = segmentLines(picture, manifest).boxes.find(
      (box) => box.y > 130 && box.width > 60,
    )!;
    expect(text.x).toBeGreaterThanOrEqual(57);
    expect(text.height).toBeLessThanOrEqual(14);
  });

  it('finds in a strip what it finds on the whole screen', () => {
    const picture = page([30, 30, 30], [212, 212, 212]);
    const { heights, boxes } = segmentLines(picture, manifest);
    const strip = { rows: { top: 38, bottom: 64 }, heights };
    const inStrip = boxes.filter((box) => box.y >= 38 && box.y < 64);
    expect(edges(segmentLines(picture, manifest, { strip }).boxes)).toEqual(edges(inStrip));
  });
});
