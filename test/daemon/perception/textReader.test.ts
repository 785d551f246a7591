import { describe, expect, it } from 'vitest';
import type { Box } from '../../../daemon/perception/perception.ts';
import type { LumaPicture } from '../../../daemon/perception/lineCrop.ts';
import type { PlacedLine } from '../../../daemon/perception/lineLayout.ts';
import { inReadingOrder } from '../../../daemon/perception/places.ts';
import type { ReadScreen } from '../../../daemon/perception/regionFeatures.ts';
import { StreamTextReader } from '../../../daemon/perception/textReader.ts';
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
  const classifier = {
    classify: ({ lines }: ReadScreen) => Promise.resolve(lines.map(() => 'other' as const)),
  };
  const reader = new StreamTextReader({ recognizer, classifier, manifest: golden.manifest });
  const read = async (picture: ScreenPicture): Promise<string[]> => {
    const lines = await reader.read(picture);
    return inReadingOrder(lines, ({ box }) => box, 0.5).map(({ text }) => text);
  };
  return { recognizer, read };
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
  it('gives every line of the screen, each time', async () => {
    const { read } = setUp();
    const first = await read(page(rows));
    expect(first).toHaveLength(rows.length);
    expect(await read(page(rows))).toEqual(first);
  });

  it('recognises nothing again while the screen stands still', async () => {
    const { read, recognizer } = setUp();
    await read(page(rows));
    await read(page(rows));
    expect(recognizer.asked).toBe(rows.length);
  });

  it('recognises only the line that changed', async () => {
    const { read, recognizer } = setUp();
    const before = await read(page(rows));
    const after = await read(page([...rows.slice(0, 4), 'return 42.0']));
    expect(recognizer.asked).toBe(rows.length + 1);
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after[4]).not.toBe(before[4]);
  });

  it('knows scrolled lines again', async () => {
    const { read, recognizer } = setUp();
    const before = await read(page(rows));
    expect(await read(page(rows, 44))).toEqual(before);
    expect(recognizer.asked).toBe(rows.length);
  });

  it('drops lines that are gone', async () => {
    const { read } = setUp();
    const before = await read(page(rows));
    expect(await read(page(rows.slice(0, 4)))).toEqual(before.slice(0, 4));
    expect(await read(new ScreenPicture(320, 320))).toEqual([]);
  });

  it('takes a picture of another size as a new screen', async () => {
    const { read } = setUp();
    await read(page(rows));
    expect(await read(new ScreenPicture(100, 60).write('import', 10, 10))).toHaveLength(1);
  });
});
