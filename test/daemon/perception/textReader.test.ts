import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../daemon/media/frameSource.ts';
import type { Box } from '../../../daemon/perception/perception.ts';
import type { LumaPicture } from '../../../daemon/perception/lineCrop.ts';
import type { PlacedLine } from '../../../daemon/perception/lineLayout.ts';
import { StreamTextReader } from '../../../daemon/perception/textReader.ts';
import { mediaMs } from '../../../protocol/index.ts';
import golden from '../../golden/readerCrop.json' with { type: 'json' };
import { ScreenPicture } from '../../helpers/screenPicture.ts';

/** "Reads" a line as its letters' cells, told apart by the ink in them; counts what it was asked. */
class InkRecognizer {
  asked = 0;

  recognize(picture: LumaPicture, boxes: readonly Box[]): Promise<PlacedLine[]> {
    this.asked += boxes.length;
    return Promise.resolve(boxes.map((box) => this.#read(picture, box)));
  }

  #read(picture: LumaPicture, box: Box): PlacedLine {
    const characters: string[] = [];
    const positions: number[] = [];
    for (let cell = 0; cell * 8 < box.width - 4; cell++) {
      const left = Math.round(box.x) + 1 + cell * 8;
      let ink = 0;
      for (let y = Math.round(box.y); y < Math.round(box.y + box.height); y++) {
        for (let x = left; x < left + 6; x++) {
          if (picture.data[y * picture.width + x]! > 120) ink += y - Math.round(box.y) + x - left;
        }
      }
      characters.push(ink === 0 ? ' ' : String.fromCharCode(97 + (ink % 26)));
      positions.push(left + 3);
    }
    return { box, confidence: 0.9, characters, positions };
  }
}

function setUp() {
  const recognizer = new InkRecognizer();
  const limits = { maxLines: 12, headLines: 4, maxLineChars: 64 };
  const reader = new StreamTextReader({ recognizer, manifest: golden.manifest, limits });
  let time = 0;
  const read = (picture: ScreenPicture) => {
    const frame: Frame = {
      width: picture.width,
      height: picture.height,
      data: picture.data,
      ptsMs: mediaMs(time),
    };
    time += 500;
    return reader.read(frame);
  };
  return { recognizer, reader, read };
}

const rows = [
  'import numpy',
  'values = load(path)',
  'print(mean(values))',
  'exit(0)',
  'return None',
];
const page = (lines: readonly string[], top = 20): ScreenPicture => {
  const picture = new ScreenPicture(320, 320);
  lines.forEach((line, row) => {
    picture.write(line, 40, top + row * 24);
  });
  return picture;
};

describe('StreamTextReader', () => {
  it('opens lines on their second sighting', async () => {
    const { read } = setUp();
    const first = await read(page(rows));
    const second = await read(page(rows));
    const third = await read(page(rows));
    expect(first.lines).toHaveLength(rows.length);
    expect([first, second, third].map(({ opened }) => opened.length)).toEqual([0, rows.length, 0]);
    expect(second.newTexts).toEqual(second.opened.map(({ text }) => text));
    expect(second.opened.every(({ startMs }) => startMs === 0)).toBe(true);
  });

  it('recognises nothing again while the screen stands still', async () => {
    const { read, recognizer } = setUp();
    await read(page(rows));
    await read(page(rows));
    expect(recognizer.asked).toBe(rows.length);
  });

  it('recognises only the line that changed', async () => {
    const { read, recognizer } = setUp();
    await read(page(rows));
    const changed = await read(page([...rows.slice(0, 4), 'return 42.0']));
    expect(recognizer.asked).toBe(rows.length + 1);
    expect(changed.lines).toHaveLength(rows.length);
  });

  it('knows scrolled lines again', async () => {
    const { read, recognizer } = setUp();
    await read(page(rows));
    const before = await read(page(rows));
    const scrolled = await read(page(rows, 44));
    expect(recognizer.asked).toBe(rows.length);
    expect(scrolled.lines.map(({ text }) => text)).toEqual(before.lines.map(({ text }) => text));
    expect(scrolled.opened).toEqual([]);
  });

  it('closes lines that are gone', async () => {
    const { read } = setUp();
    for (let i = 0; i < 3; i++) await read(page(rows));
    await read(page(rows.slice(0, 4)));
    const later = await read(page(rows.slice(0, 4)));
    expect(later.closed).toEqual([{ id: expect.any(Number) as number, endMs: 1000 }]);
    expect(later.lines).toHaveLength(4);
  });

  it('begins anew after a reset', async () => {
    const { read, reader } = setUp();
    await read(page(rows));
    await read(page(rows));
    expect(reader.reset()).toHaveLength(rows.length);
    const again = await read(page(rows));
    expect(again.opened).toEqual([]);
    expect((await read(page(rows))).opened).toHaveLength(rows.length);
  });
});
