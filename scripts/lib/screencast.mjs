// Films a browser page and writes the film as an MP4 whose picture times are those of the wall clock.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ScriptError } from './console.mjs';

/** Pictures per second of the written file. */
export const filmFps = 10;

/** Rounds a time up to the first picture of the file that can show what was on screen then. @param {number} ms */
export function onFilm(ms) {
  const pictureMs = 1000 / filmFps;
  return Math.ceil(ms / pictureMs) * pictureMs;
}

/**
 * Starts filming. The browser sends a picture whenever something changes, stamped with the moment it was shown.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{startedMs: number, stop: () => Promise<{atMs: number, jpeg: Buffer}[]>}>} startedMs: wall time of
 *   the film's zero; the pictures' atMs count from it
 */
export async function startFilming(page) {
  const devtools = await page.context().newCDPSession(page);
  const shots = [];
  devtools.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    shots.push({ wallMs: metadata.timestamp * 1000, jpeg: Buffer.from(data, 'base64') });
    // A page that closes meanwhile answers with an error; the film is over then anyway.
    devtools.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
  });
  await devtools.send('Page.startScreencast', { format: 'jpeg', quality: 98, everyNthFrame: 1 });
  while (shots.length === 0) await page.waitForTimeout(50);
  const startedMs = Date.now();
  const stop = async () => {
    await devtools.send('Page.stopScreencast');
    return shots.map(({ wallMs, jpeg }) => ({ atMs: wallMs - startedMs, jpeg }));
  };
  return { startedMs, stop };
}

/**
 * Writes the film with ffmpeg: H.264, one picture every 1/filmFps seconds, each the newest one shown by then.
 * @param {readonly {atMs: number, jpeg: Buffer}[]} shots in time order; the first may lie before zero
 * @param {{lengthMs: number, file: string, crf: number, preset?: string}} options preset: of libx264, what slowness is worth
 * @throws ScriptError when ffmpeg fails
 */
export async function writeFilm(shots, { lengthMs, file, crf, preset = 'veryslow' }) {
  const input = [
    '-f',
    'image2pipe',
    '-c:v',
    'mjpeg',
    '-framerate',
    String(filmFps),
    '-i',
    'pipe:0',
  ];
  const codec = ['-c:v', 'libx264', '-preset', preset, '-tune', 'stillimage', '-crf', String(crf)];
  const shape = ['-pix_fmt', 'yuv420p', '-g', String(filmFps * 5), '-movflags', '+faststart'];
  // Browsers send full-range JPEG, players expect limited range; rounding must not tint the greys.
  const scale = ['in_range=full', 'out_range=limited', 'out_color_matrix=bt709'];
  const flags = 'flags=bicubic+accurate_rnd+full_chroma_int';
  const range = ['-vf', `scale=${[...scale, flags].join(':')}`];
  const colour = ['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709'];
  const output = [
    ...range,
    ...codec,
    ...shape,
    ...colour,
    '-color_trc',
    'bt709',
    '-threads',
    '1',
    file,
  ];
  const ffmpeg = spawn('ffmpeg', ['-loglevel', 'error', '-y', ...input, ...output], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(ffmpeg, 'exit');
  let next = 0;
  for (let ms = 0; ms < lengthMs; ms += 1000 / filmFps) {
    while (next + 1 < shots.length && shots[next + 1].atMs <= ms) next += 1;
    if (!ffmpeg.stdin.write(shots[next].jpeg))
      await Promise.race([once(ffmpeg.stdin, 'drain'), ended]);
  }
  ffmpeg.stdin.end();
  const [code] = await ended;
  if (code !== 0)
    throw new ScriptError(`ffmpeg ended with code ${code}.`, 'Read its message above.');
}

/**
 * Films a story: its steps are due once they can be seen.
 * @param {import('playwright-core').Page} page that shows the editor
 * @param {(step: (step: {act: () => Promise<void>, see: () => Promise<object | void>}) => Promise<void>) => Promise<void>} play
 *   hands over one step after the other; `see` resolves when the step can be seen, to what else is to be told of it
 * @param {(step: object) => void} onStep hears of each step with its times, ms of the film
 * @returns {Promise<{shots: {atMs: number, jpeg: Buffer}[], steps: object[], lengthMs: number}>}
 */
export async function filmStory(page, play, onStep) {
  const film = await startFilming(page);
  const now = () => onFilm(Date.now() - film.startedMs);
  const steps = [];
  await play(async ({ act, see, ...step }) => {
    const startMs = now();
    await act();
    const more = await see();
    const dueMs = now();
    steps.push({ ...step, ...more, startMs, endMs: dueMs, dueMs });
    onStep(steps.at(-1));
  });
  const lengthMs = now();
  return { shots: await film.stop(), steps, lengthMs };
}
