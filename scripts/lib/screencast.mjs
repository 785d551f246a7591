// Films a browser page as it goes, and writes films as MP4.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ScriptError } from './console.mjs';

/** Pictures per second of a film of what goes on by the wall clock. */
export const filmFps = 10;

/**
 * What a story is filmed with.
 * @typedef {object} Camera
 * @property {() => number} nextPictureMs when the first picture is taken that can show what is there now, ms of the film
 * @property {() => Promise<{atMs: number, jpeg: Buffer}[]>} stop gives the pictures, in time order; the first may lie before zero
 */

/**
 * Starts filming by the wall clock. The browser sends a picture whenever something changes, stamped with the moment it was shown.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Camera>}
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
  const pictureMs = 1000 / filmFps;
  const nextPictureMs = () => Math.ceil((Date.now() - startedMs) / pictureMs) * pictureMs;
  return { nextPictureMs, stop };
}

/**
 * Writes the film with ffmpeg: H.264, one picture every 1/fps seconds, each the newest one shown by then.
 * @param {readonly {atMs: number, jpeg: Buffer}[]} shots of a camera
 * @param {{lengthMs: number, file: string, fps: number, crf: number, preset?: string}} options preset: of libx264, what slowness is worth
 * @throws ScriptError when ffmpeg fails
 */
export async function writeFilm(shots, { lengthMs, file, fps, crf, preset = 'veryslow' }) {
  const input = ['-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(fps), '-i', 'pipe:0'];
  const codec = ['-c:v', 'libx264', '-preset', preset, '-tune', 'stillimage', '-crf', String(crf)];
  const shape = ['-pix_fmt', 'yuv420p', '-g', String(fps * 5), '-movflags', '+faststart'];
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
  for (let ms = 0; ms < lengthMs; ms += 1000 / fps) {
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
 * Films a story: its steps are due once they can be seen. A story that breaks off is told up to there.
 * @param {Camera} camera on the page that shows the editor
 * @param {(step: (step: {act: () => Promise<void>, see: () => Promise<object | void>}) => Promise<void>) => Promise<void>} play
 *   hands over one step after the other; `see` resolves when the step can be seen, to what else is to be told of it
 * @param {(step: object) => void} onStep hears of each step with its times, ms of the film
 * @returns {Promise<{shots: {atMs: number, jpeg: Buffer}[], steps: object[], lengthMs: number, failure?: Error}>} failure: why it
 *   broke off
 */
export async function filmStory(camera, play, onStep) {
  const steps = [];
  let startMs;
  const playing = play(async ({ act, see, ...step }) => {
    startMs = camera.nextPictureMs();
    await act();
    const more = await see();
    const dueMs = camera.nextPictureMs();
    steps.push({ ...step, ...more, startMs, endMs: dueMs, dueMs });
    onStep(steps.at(-1));
  });
  const failure = await playing.catch((error) => error);
  const lengthMs = failure ? startMs : camera.nextPictureMs();
  return { shots: await camera.stop(), steps, lengthMs, failure };
}
