import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrtSession } from '../../daemon/perception/ortSession.ts';
import { RegionClassifier } from '../../daemon/perception/regionClassifier.ts';
import { parseManifest } from '../../daemon/weights/manifest.ts';
import { Drawing, editor, program, session, themes, width } from '../helpers/drawnScreens.ts';

const pack = fileURLToPath(new URL('../../models/live-tiny', import.meta.url));
const manifestFile = `${pack}/manifest.json`;
/** What a page shows, a line of code among it. */
const page = [
  'Your orders',
  'Apples and pears',
  'Ordered on Monday, on its way',
  'const a = 1;',
  'Show older orders',
  'Delivery and returns',
];

describe.skipIf(!existsSync(manifestFile))('the region classifier of live-tiny', () => {
  let network: OrtSession;
  let classifier: RegionClassifier;

  beforeAll(async () => {
    const { regions, files } = parseManifest(readFileSync(manifestFile, 'utf8'), manifestFile);
    network = await OrtSession.open(`${pack}/${files.regions!.path}`, 'cpu');
    classifier = new RegionClassifier(network, regions!);
  });

  afterAll(() => network[Symbol.asyncDispose]());

  for (const [name, colours] of Object.entries(themes)) {
    it(`tells the parts of an editor apart: ${name}`, async () => {
      const { read, expected } = editor(...colours);
      expect(await classifier.classify(read)).toEqual(expected);
    });

    it(`sees what floats above the code: ${name}`, async () => {
      const drawing = editor(...colours).pane(480, 180, 200, 112, colours[1]);
      const entries = ['append', 'apply', 'approve', 'appraise'];
      drawing.rows('popup', entries, 500, 192);
      expect(await classifier.classify(drawing.read)).toEqual(drawing.expected);
    });
  }

  it('takes a screen of commands for a terminal', async () => {
    const { read, names } = new Drawing([0, 0, 0]).rows('terminal', session, 8, 8, true);
    expect(await classifier.classify(read)).toEqual(names);
  });

  it('takes what lies below an address for a browser', async () => {
    const { read, names } = new Drawing([255, 255, 255])
      .pane(0, 0, 960, 60, [222, 225, 230])
      .pane(110, 28, 700, 24, [255, 255, 255])
      .write('browser', 'localhost:3000/orders', 130, 34)
      .rows('browser', page, 40, 100);
    expect(await classifier.classify(read)).toEqual(names);
  });

  it('takes few lines in large letters for a slide', async () => {
    const drawing = new Drawing([20, 20, 60]).rows(
      'slide',
      ['Why types help', 'They tell'],
      80,
      80,
    );
    const large = drawing.lines.map((line) => ({ ...line, box: { ...line.box, height: 30 } }));
    const read = { picture: drawing.picture, lines: large, gutters: [] };
    expect(await classifier.classify(read)).toEqual(drawing.names);
  });

  it('tells a terminal beside the code by the border between them, and below it by the end of the numbers', async () => {
    const [paper, side, bar] = themes['dark']!;
    const beside = new Drawing(paper).pane(0, 0, 960, 32, side).pane(600, 32, 1, 568, bar);
    const below = new Drawing(paper).pane(0, 0, 960, 32, side);
    for (const [drawing, x, y] of [
      [beside, 620, 60],
      [below, 72, 300],
    ] as const) {
      program.forEach((line, row) => {
        drawing.write('editor', String(row + 10), 16, 60 + 20 * row, true);
        drawing.write('editor', line.trim(), 72, 60 + 20 * row, true);
      });
      drawing.rows('terminal', session, x, y, true);
      const regions = await classifier.classify(drawing.read);
      const right = regions.filter((region, line) => region === drawing.expected[line]);
      expect(right.length).toBeGreaterThanOrEqual(regions.length - 1);
    }
  });

  it('keeps a page and the list beside it apart', async () => {
    const [paper, side] = themes['dark']!;
    const { read } = new Drawing(paper)
      .pane(0, 0, 200, 600, side)
      .rows('tree', ['CONNECTIONS', 'test_db', 'main_db', 'logs'], 20, 40)
      .rows('other', ['Setup a new connection', 'Server', 'Port'], 260, 60)
      .pane(560, 120, 300, 160, [0, 0, 0])
      .rows('other', ['{', '"name": "new connection",', '"port": 3306', '}'], 580, 140, true);
    const regions = await classifier.classify(read);
    expect(regions.slice(0, 4).filter((region) => region === 'tree').length).toBeGreaterThan(2);
    expect(regions.slice(4)).not.toContain('tree');
    expect(regions.slice(4)).not.toContain('terminal');
  });

  it('is not confused by the dots of a picture with few colours', async () => {
    const { picture, read, expected } = editor(...themes['dark']!);
    for (let at = 0; at < picture.data.length; at += 3) {
      const isDot = (at / 3 + Math.floor(at / 3 / width)) % 2 === 0;
      for (let k = 0; k < 3; k++) picture.data[at + k]! += isDot ? 4 : 0;
    }
    expect(await classifier.classify(read)).toEqual(expected);
  });

  it('does not mind a highlighted row', async () => {
    const [paper, side, bar] = themes['dark']!;
    const plain = editor(paper, side, bar);
    const { picture } = editor(paper, side, bar);
    for (let x = 200; x < width; x++) {
      for (let y = 96; y < 116; y++) {
        const at = (y * width + x) * 3;
        if (picture.data[at] === paper[0]) picture.data.set([50, 50, 54], at);
      }
    }
    expect(await classifier.classify({ ...plain.read, picture })).toEqual(plain.expected);
  });
});
