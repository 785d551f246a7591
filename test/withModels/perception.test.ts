import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenLine } from '../../daemon/perception/perception.ts';
import { createPerception, type Perception } from '../../daemon/perception/perceptionHost.ts';
import { inReadingOrder } from '../../daemon/perception/places.ts';
import { parseManifest, type PackManifest } from '../../daemon/weights/manifest.ts';
import { readPng } from '../helpers/readPng.ts';
import { ScreenPicture } from '../helpers/screenPicture.ts';

const pack = fileURLToPath(new URL('../../models/live-tiny', import.meta.url));
const manifestFile = `${pack}/manifest.json`;
const hasPack = existsSync(manifestFile);
const signal = new AbortController().signal;

/** What stands on test/fixtures/codeScreen.png, in a font that the reader was not trained on. */
const code = `from pathlib import Path
import json

CACHE = Path("out/cache.json")

def load_totals(path, limit=25):
    """Read the rows and add them up."""
    totals = {}
    for line in path.read_text().splitlines():
        name, _, amount = line.partition(": ")
        if not name or name.startswith("#"):
            continue
        totals[name] = totals.get(name, 0) + int(amount)
    return dict(sorted(totals.items())[:limit])

if __name__ == "__main__":
    result = load_totals(Path("orders.txt"))
    CACHE.write_text(json.dumps(result, indent=2))
    print(f"{len(result)} names, {sum(result.values())} in total")`;

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** The lines of the editor's text area, with their indentation. */
function editorText(lines: readonly ScreenLine[]): string {
  const inEditor = lines.filter(({ box }) => box.y > 36 && box.y < 480 && box.x > 60);
  return inReadingOrder(inEditor, ({ box }) => box, 0.5)
    .map(({ text, indentColumns }) => ' '.repeat(indentColumns) + text)
    .join('\n');
}

describe.skipIf(!hasPack)('perception with live-tiny', () => {
  let manifest: PackManifest;
  let perception: Perception;

  beforeAll(() => {
    manifest = parseManifest(readFileSync(manifestFile, 'utf8'), manifestFile);
    perception = createPerception(pack, manifest);
  });

  afterAll(async () => {
    await perception[Symbol.asyncDispose]();
  });

  it('reads a code screenshot, with its indentation', async () => {
    const picture = readPng(new URL('../fixtures/codeScreen.png', import.meta.url));
    const lines = await perception.read('screenshot', picture, { signal });
    const expected = code.replaceAll('\n\n', '\n');
    const wrong = edits(editorText(lines), expected);
    expect(wrong / expected.length, editorText(lines)).toBeLessThanOrEqual(0.05);
    const texts = lines.map(({ text }) => text.replaceAll(' ', ''));
    expect(texts).toContain('Ln12,Col21');
  });

  it('keeps the screens of two streams apart', async () => {
    const picture = readPng(new URL('../fixtures/codeScreen.png', import.meta.url));
    const blank = new ScreenPicture(picture.width, picture.height);
    expect(await perception.read('blank', blank, { signal })).toEqual([]);
    const again = await perception.read('screenshot', picture, { signal });
    expect(again.length).toBeGreaterThan(15);
    await perception.endStream('screenshot', { signal });
    await perception.endStream('blank', { signal });
  });

  it('encodes pictures of any size, each the same alone and in company', async () => {
    const wide = new ScreenPicture(640, 200, [200, 30, 30]).write('print(1)', 40, 40);
    const tall = new ScreenPicture(90, 400, [20, 200, 30]);
    const pictures = [wide, tall, ...Array.from({ length: 8 }, () => wide)];
    const rows = await perception.encode(pictures, { signal });
    const size = manifest.vision!.frameTokens * manifest.decoder.embeddingWidth;
    expect(rows.map(({ length }) => length)).toEqual(pictures.map(() => size));
    // To the last bit: which frames wait together is a matter of time.
    expect(await perception.encode([tall], { signal })).toEqual([rows[1]]);
    expect(rows[0]).not.toEqual(rows[1]);
    expect(rows[0]!.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['Tell me when the tests pass.', 'Ran `npm test`: all `12` tests pass.', true, false],
    ['Tell me when the tests pass.', 'The test `adds` failed.', false, false],
    ['Tell me whenever they open main.py.', 'Opened `main.py`.', true, true],
    ['Tell me whenever they open main.py.', 'Ran `git push`.', false, true],
  ])('knows what %s waits for: %s %s', async (request, sentence, isFulfilled, isEachTime) => {
    const found = await perception.match(request, sentence, { signal });
    expect(found).toEqual({ isFulfilled, isEachTime });
  });

  it('says which file of the pack cannot be read', async () => {
    await using broken = createPerception(pack, {
      ...manifest,
      files: { ...manifest.files, vision: { ...manifest.files.vision!, path: 'manifest.json' } },
    });
    const encoding = broken.encode([new ScreenPicture(32, 32)], { signal });
    await expect(encoding).rejects.toMatchObject({ code: 'perception.modelUnreadable' });
  });

  it('computes on a graphics card what it computes here, or says why it does not', async () => {
    const visionProviders = ['cuda', 'webgpu', 'dml', 'coreml', 'cpu'];
    await using other = createPerception(pack, manifest, { visionProviders });
    const { provider, failures } = (await other.place({ signal }))!;
    const tried = visionProviders.slice(0, visionProviders.indexOf(provider));
    expect(failures.map((failure) => failure.provider)).toEqual(tried);
    expect(failures.filter(({ reason }) => reason === '')).toEqual([]);
    const screen = new ScreenPicture(320, 180);
    const [found, expected] = [
      await other.encode([screen], { signal }),
      await perception.encode([screen], { signal }),
    ];
    const furthest = found[0]!.map((value, at) => Math.abs(value - expected[0]![at]!));
    expect(Math.max(...furthest)).toBeLessThan(provider === 'cpu' ? 1e-9 : 0.05);
  });

  it('never computes on another provider than the one asked for', async () => {
    await using other = createPerception(pack, manifest, { visionProviders: ['abacus'] });
    const encoding = other.encode([new ScreenPicture(32, 32)], { signal });
    await expect(encoding).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});
