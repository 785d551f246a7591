/** Screens whose every text is known: drawn by a browser, filmed and compressed by ffmpeg, decoded as any video is. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Picture } from '../../../daemon/media/frameSource.ts';
import { openBrowser } from '../../lib/vscodeHost.mjs';
import { openVideo, root, runVideoProgram } from '../bench.ts';
import { pageOf, themes, type PageFont, type Scene } from './pages.ts';
import { listing } from './texts.ts';
import type { LineKind, TruthLine } from './truth.ts';

/** How a film is written. */
export const compressions = ['clean', 'H.264', 'GIF'] as const;
export type Compression = (typeof compressions)[number];

/** A font to measure with. */
export interface MeasuringFont {
  readonly file: string;
  readonly isMono: boolean;
  /** Whether the reader's training drew lines in this very design. */
  readonly wasSeen: boolean;
}

/** Fonts that everybody has. Liberation's designs are Arimo's and Cousine's, which training draws. */
const usualFonts: readonly MeasuringFont[] = [
  { file: '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf', isMono: true, wasSeen: true },
  { file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf', isMono: false, wasSeen: true },
  {
    ...{ file: '/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf' },
    ...{ isMono: true, wasSeen: true },
  },
  {
    ...{ file: '/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf' },
    ...{ isMono: false, wasSeen: true },
  },
];

interface FontList {
  readonly fonts: readonly {
    readonly file: string;
    readonly kind: string;
    readonly split?: string;
  }[];
}

/** Those of this machine: the fonts that training holds out first, then what everybody has, in turns. */
async function findFonts(): Promise<readonly (MeasuringFont & PageFont)[]> {
  const list = await readFile(path.join(root, 'models', 'screen', 'fonts.json'), 'utf8');
  const heldOut = (JSON.parse(list) as FontList).fonts
    .filter(({ split, file }) => split === 'test' && !/Bold|light/.test(file))
    .map(({ file, kind }) => ({ file, isMono: kind === 'mono', wasSeen: false }));
  const loaded = await Promise.all(
    [...heldOut, ...usualFonts].map(async (font) => {
      const bytes = await readFile(font.file).catch(() => undefined);
      const family = path.parse(font.file).name;
      const source = `data:font/sfnt;base64,${bytes?.toString('base64')}`;
      return bytes && [{ ...font, family, source }];
    }),
  );
  return loaded.flatMap((font) => font ?? []);
}

/** A drawn scene. */
export interface Screen {
  readonly scene: Scene;
  readonly wasFontSeen: boolean;
  readonly fontNames: readonly [mono: string, proportional: string];
  readonly truth: readonly TruthLine[];
}

/** Sizes of code in turn, px. */
const sizesPx: readonly number[] = [14, 12, 16, 13, 18, 15];
const layouts: readonly Scene['layout'][] = ['editor', 'editor', 'terminal', 'editor', 'browser'];

/** What a browser must show, in the page. */
interface InPage {
  readonly document: {
    readonly fonts: { readonly ready: Promise<unknown> };
    querySelectorAll(selector: string): Iterable<InPageElement>;
    createRange(): { selectNodeContents(node: InPageElement): void } & InPageArea;
  };
}
interface InPageArea {
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
}
interface InPageElement extends InPageArea {
  textContent: string;
  scrollTop: number;
  readonly dataset: { readonly kind?: string; readonly indent?: string };
  readonly style: { visibility: string };
  closest(selector: string): InPageElement | null;
}

/** Hides every text that is cut off or covered, so that nothing is on screen in part. @returns all others */
async function settle(page: Page): Promise<TruthLine[]> {
  const found = await page.evaluate(async () => {
    const { document } = globalThis as unknown as InPage;
    await document.fonts.ready;
    const areaOf = (element: InPageElement): ReturnType<InPageArea['getBoundingClientRect']> => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y, width, height };
    };
    const popups = [...document.querySelectorAll('[data-popup]')];
    const shown = [];
    for (const element of document.querySelectorAll('[data-kind]')) {
      const box = areaOf(element);
      const clip = element
        .closest('[data-clip], nav, header, footer, body')!
        .getBoundingClientRect();
      const isCut =
        box.x + box.width > clip.x + clip.width - 6 || box.y + box.height > clip.y + clip.height;
      const isCovered = popups.some((popup) => {
        if (element.closest('[data-popup]') === popup) return false;
        const area = popup.getBoundingClientRect();
        const acrossX = Math.min(box.x + box.width, area.x + area.width) - Math.max(box.x, area.x);
        const acrossY =
          Math.min(box.y + box.height, area.y + area.height) - Math.max(box.y, area.y);
        return acrossX > -14 && acrossY > -2;
      });
      if (isCut || isCovered) {
        element.style.visibility = 'hidden';
        continue;
      }
      const { kind, indent = '0' } = element.dataset;
      shown.push({ kind, text: ' '.repeat(Number(indent)) + element.textContent, box });
    }
    return shown;
  });
  return found.map(({ kind, ...line }) => ({ ...line, kind: kind as LineKind }));
}

/** How large pictures are and how many there shall be. */
export interface ScreenSet {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Default true. */
  readonly hasPopups?: boolean;
}

/** Draws scenes of one size. @returns them with their pictures in `folder` as 000.png, 001.png … @throws Error without fonts */
export async function drawScreens(folder: string, set: ScreenSet): Promise<Screen[]> {
  const screens: Screen[] = [];
  await withScenes(set, async (page, scene, about) => {
    const truth = await settle(page);
    await page.screenshot({ path: path.join(folder, pictureName(screens.length)) });
    screens.push({ scene, truth, ...about });
  });
  return screens;
}

/** What somebody does in an editor, one picture after the other. */
export const states = ['new screen', 'one changed line', 'scrolled by three lines'] as const;

/** Draws each editor of a set in all `states`. @returns how many pictures lie in `folder` */
export async function drawStates(folder: string, set: ScreenSet): Promise<number> {
  let count = 0;
  await withScenes(set, async (page, { layout }) => {
    if (layout !== 'editor') return;
    const draw = async (): Promise<void> => {
      await page.screenshot({ path: path.join(folder, pictureName(count++)) });
    };
    await settle(page);
    await draw();
    await page.evaluate(() => {
      const { document } = globalThis as unknown as InPage;
      const lines = [...document.querySelectorAll('.code [data-kind=code]')];
      const line = lines[Math.floor(lines.length / 2)]!;
      line.textContent = `${line.textContent.slice(0, 30)} // 0x2F`;
    });
    await draw();
    await page.evaluate(() => {
      const { document } = globalThis as unknown as InPage;
      const [code] = document.querySelectorAll('.code');
      const [line] = document.querySelectorAll('.code .line');
      code!.scrollTop = 3 * line!.getBoundingClientRect().height;
    });
    await draw();
  });
  return count;
}

/** Shows one scene after the other. @throws Error without fonts */
async function withScenes(
  { width, height, count, hasPopups = true }: ScreenSet,
  use: (
    page: Page,
    scene: Scene,
    about: Pick<Screen, 'fontNames' | 'wasFontSeen'>,
  ) => Promise<void>,
): Promise<void> {
  const fonts = await findFonts();
  const monos = fonts.filter(({ isMono }) => isMono);
  const proportionals = fonts.filter(({ isMono }) => !isMono);
  if (monos.length === 0 || proportionals.length === 0) throw new Error('no font to measure with');
  const { context, close } = await openBrowser({ width, height });
  try {
    const page = await context.newPage();
    // Large screens are not the small ones once more.
    const offset = height > 720 ? 1 : 0;
    for (let index = 0; index < count; index++) {
      const turn = index * 2 + offset;
      const mono = monos[index % monos.length]!;
      const proportional = proportionals[index % proportionals.length]!;
      const scene: Scene = {
        ...{ width, height, mono, proportional, turn, hasPopups },
        layout: layouts[index % layouts.length]!,
        theme: themes[(index + offset) % themes.length]!,
        sizePx: sizesPx[(index + offset) % sizesPx.length]!,
        code: await listing(turn, Math.ceil(height / 16)),
      };
      await page.setContent(pageOf(scene));
      await use(page, scene, {
        fontNames: [mono.family, proportional.family],
        wasFontSeen: mono.wasSeen && proportional.wasSeen,
      });
    }
  } finally {
    await close();
  }
}

const pictureName = (index: number | string): string =>
  `${typeof index === 'number' ? String(index).padStart(3, '0') : index}.png`;

/** The last picture of a list would stand for one tick only. */
const stayLonger = 'tpad=stop=1:stop_mode=clone';

/** Enough pictures for a codec to settle; a recorder's usual settings. */
const writing: Readonly<Record<Compression, readonly string[]>> = {
  clean: [
    ...['-vf', stayLonger],
    '-r',
    '2',
    '-c:v',
    'libx264rgb',
    '-preset',
    'ultrafast',
    '-qp',
    '0',
  ],
  'H.264': [
    ...['-vf', stayLonger],
    '-r',
    '10',
    '-c:v',
    'libx264',
    '-crf',
    '28',
    '-pix_fmt',
    'yuv420p',
  ],
  GIF: [
    ...['-r', '2', '-lavfi'],
    `${stayLonger},split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1`,
  ],
};

/** Films what was drawn into `folder`. @returns the film */
export async function writeFilm(
  folder: string,
  film: {
    readonly compression: Compression;
    readonly secondsEach: number;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { compression, secondsEach, signal } = film;
  const file = path.join(folder, `film.${compression === 'GIF' ? 'gif' : 'mkv'}`);
  const rate = ['-framerate', `1/${secondsEach}`];
  const input = [...rate, '-i', path.join(folder, pictureName('%03d'))];
  await runVideoProgram(['-y', ...input, ...writing[compression], file], { signal });
  return file;
}

/** Films what was drawn and decodes it again. Yields one picture a screen, in order. */
export async function* filmScreens(
  folder: string,
  film: { readonly count: number; readonly compression: Compression; readonly signal: AbortSignal },
): AsyncGenerator<Picture> {
  const { count, compression, signal } = film;
  const file = await writeFilm(folder, { compression, secondsEach: 1, signal });
  let seen = 0;
  for await (const item of openVideo(file).open({ frameRateFps: 2, signal })) {
    // The second of two: half a second after the cut.
    if (item.kind === 'frame' && seen++ % 2 === 1) yield item.frame;
    if (seen === 2 * count) return;
  }
  throw new Error(`${file} shows ${seen / 2} screens of ${count}`);
}
