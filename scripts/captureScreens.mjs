// Captures screens of a real VS Code with the region of each of their lines: what models/reader/regions.py learns from, beside painted ones.
//   node scripts/captureScreens.mjs SEED COUNT FOLDER [--held-out]
// For each seed, a window of its own looks and a walk through it. Writes videos of two screens a second, the whole window and parts of it as recordings
// show them, SPLIT-vscode-SEED-PART.mp4, each with its truth beside it, SPLIT-vscode-SEED-PART.json; a seed that is there already is left.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ensureHost } from './installHost.mjs';
import { root, runMain, say, ScriptError } from './lib/console.mjs';
import { Dice } from './lib/dice.mjs';
import { withProject } from './lib/freshProject.mjs';
import { makeMove, putAway, tourSettings } from './lib/screenTour.mjs';
import { placedTexts } from './lib/screenTruth.mjs';

const screensEach = 24;
const partsEach = 3;
const sizes = ['1280x720', '1280x720', '1024x640', '1600x900', '1366x768', '1100x800', '900x700'];
/** What a recording shows that is not of the whole window. */
const parts = ['.part.editor', '.part.sidebar', '.part.panel', '.split-view-container'];

/** Files of packages that are installed here, and their texts; a project of unlike languages. @param {Dice} dice */
function someProject(dice) {
  const packages = path.join(root, 'node_modules');
  const all = readdirSync(packages)
    .filter((name) => !/^[.@]/.test(name))
    .sort();
  const files = {
    'package.json': '{ "name": "tour", "type": "module", "scripts": { "test": "node --test" } }\n',
  };
  while (Object.keys(files).length < 16) {
    const folder = path.join(packages, dice.pick(all));
    const found = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() && /\.(m?[jt]s|json|md|css|html|ya?ml|py|sh|c|h)$/.test(entry.name),
      )
      .map((entry) => path.relative(packages, path.join(entry.parentPath, entry.name)))
      .filter((file) => file.split('/').length < 5)
      .sort();
    for (const file of dice.some(found, 3)) {
      const text = readFileSync(path.join(packages, file), 'utf8');
      if (text.length < 60_000 && !text.split('\n').some((line) => line.length > 400))
        files[file] = text;
    }
  }
  return files;
}

/** The places that a seed's videos show: the window, and boxes of it. */
async function chooseBoxes(page, dice, { width, height }) {
  const boxes = [{ x: 0, y: 0, width, height }];
  while (boxes.length < partsEach) {
    if (dice.chance(0.6)) {
      const part = await page
        .locator(dice.pick(parts))
        .first()
        .boundingBox({ timeout: 500 })
        .catch(() => null);
      if (part && part.width > 180 && part.height > 120) {
        const add = () => dice.between(-8, 30);
        const [x, y] = [Math.max(0, part.x - add()), Math.max(0, part.y - add())];
        boxes.push({
          x,
          y,
          width: Math.min(width - x, part.width + add()),
          height: Math.min(height - y, part.height + add()),
        });
      }
      continue;
    }
    const [w, h] = [dice.between(35, 90) / 100, dice.between(35, 90) / 100];
    const [x, y] = [
      dice.between(0, Math.floor(width * (1 - w))),
      dice.between(0, Math.floor(height * (1 - h))),
    ];
    boxes.push({ x, y, width: width * w, height: height * h });
  }
  return boxes.map(({ x, y, ...size }) => ({
    x: Math.round(x),
    y: Math.round(y),
    width: 2 * Math.floor(size.width / 2),
    height: 2 * Math.floor(size.height / 2),
  }));
}

/** The lines of which at least half is in the box, in its own pixels. */
function cut(texts, box, scale) {
  return texts.flatMap(({ text, region, box: [x, y, width, height] }) => {
    const [left, top] = [Math.max(x, box.x), Math.max(y, box.y)];
    const [right, bottom] = [
      Math.min(x + width, box.x + box.width),
      Math.min(y + height, box.y + box.height),
    ];
    if (right - left < 3 || bottom - top < height / 2) return [];
    return [
      {
        text,
        region,
        box: [left - box.x, top - box.y, right - left, bottom - top].map((each) =>
          Math.round(each * scale),
        ),
      },
    ];
  });
}

/** Words that stand in the files. @param {Readonly<Record<string, string>>} files */
function wordsOf(files) {
  const all = Object.values(files)
    .join(' ')
    .match(/[a-zA-Z]{4,14}/g);
  return [...new Set(all)].slice(0, 3000);
}

/** Walks through the window. @returns {Promise<{screens: {png: Buffer, texts: object[]}[], boxes: object[]}>} */
async function walk(page, dice, files, size) {
  await page.locator('.monaco-workbench .part.editor').waitFor();
  await page.waitForTimeout(4000);
  const tour = { page, dice, files: Object.keys(files), words: wordsOf(files) };
  const screens = [];
  let boxes = [];
  while (screens.length < screensEach) {
    await makeMove(tour);
    const texts = await placedTexts(page);
    const png = await page.screenshot();
    // What moved while the picture was taken is in neither place for sure.
    if (isDeepStrictEqual(texts, await placedTexts(page))) screens.push({ png, texts });
    if (dice.chance(0.8)) await putAway(tour);
    if (screens.length === Math.floor(screensEach / 3) && boxes.length === 0)
      boxes = await chooseBoxes(page, dice, size);
  }
  return { screens, boxes };
}

/** Writes what a box of the screens shows: NAME.mp4 and, last, its truth. */
async function writePart(name, screens, box, dice) {
  const scale = dice.pick([0.75, 1, 1, 1, 1.25, 1.5]);
  const [width, height] = [box.width, box.height].map((each) => 2 * Math.round((each * scale) / 2));
  const quality = dice.pick([18, 23, 28, 33]);
  const filter = `crop=${box.width}:${box.height}:${box.x}:${box.y},scale=${width}:${height}:flags=lanczos`;
  const input = ['-f', 'image2pipe', '-c:v', 'png', '-framerate', '2', '-i', 'pipe:0'];
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(quality)];
  const output = ['-vf', filter, ...codec, '-pix_fmt', 'yuv420p', `${name}.mp4`];
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...input, ...output], {
    input: Buffer.concat(screens.map(({ png }) => png)),
  });
  const truth = {
    ...{ width, height, quality },
    screens: screens.map(({ texts }) => cut(texts, box, scale)),
  };
  await writeFile(`${name}.json`, JSON.stringify(truth));
}

async function capture(seed, folder, split) {
  const dice = new Dice(seed);
  const [width, height] = dice.pick(sizes).split('x').map(Number);
  const size = { width, height };
  const name = dice.pick(['shop', 'engine', 'notes-app', 'parser', 'webserver']);
  const files = someProject(dice);
  const settings = (searchPath) => tourSettings(dice, split === 'test', searchPath);
  const { screens, boxes } = await withProject(
    { project: { name, files }, settings, size },
    (page) => walk(page, dice, files, size),
  );
  for (const [index, box] of boxes.entries())
    await writePart(path.join(folder, `${split}-vscode-${seed}-${index}`), screens, box, dice);
}

await runMain(async () => {
  const [first, count, where, heldOut] = process.argv.slice(2);
  const [seed, most] = [Number(first), Number(count)];
  if (!Number.isInteger(seed) || !(most > 0) || where === undefined)
    throw new ScriptError('Usage: node scripts/captureScreens.mjs SEED COUNT FOLDER [--held-out]');
  const folder = path.resolve(where);
  const split = heldOut === '--held-out' ? 'test' : 'train';
  await ensureHost();
  await mkdir(folder, { recursive: true });
  for (let each = seed; each < seed + most; each++) {
    if (existsSync(path.join(folder, `${split}-vscode-${each}-0.json`))) continue;
    say(`tour ${each}`);
    await capture(each, folder, split).catch((error) =>
      say(`tour ${each} failed: ${error.message}`),
    );
  }
  return 0;
});
