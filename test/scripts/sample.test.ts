/** The demo sample: video, event list and captions agree, and training has never seen its names. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Step {
  kind: string;
  slots: Record<string, string>;
  sentence: string;
  keywords: string[];
  startMs: number;
  endMs: number;
  dueMs: number;
}

interface Events {
  durationMs: number;
  width: number;
  height: number;
  fps: number;
  steps: Step[];
  identifiers: string[];
  identifierHashes: string[];
}

const top = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const read = (name: string) => readFileSync(top(name), 'utf8');
const events = JSON.parse(read('samples/pantry.events.json')) as Events;
const hash = (word: string) => createHash('sha256').update(word).digest('hex').slice(0, 16);

test('the video is what the event list says', () => {
  const file = top('samples/pantry.mp4');
  const entries = 'stream=codec_name,pix_fmt,width,height,r_frame_rate,nb_frames';
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'json', file];
  const probe = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as {
    streams: Record<string, unknown>[];
  };
  expect(probe.streams).toHaveLength(1);
  expect(probe.streams[0]).toMatchObject({
    codec_name: 'h264',
    pix_fmt: 'yuv420p',
    width: events.width,
    height: events.height,
    r_frame_rate: `${events.fps}/1`,
    nb_frames: String((events.durationMs * events.fps) / 1000),
  });
  expect(statSync(file).size).toBeLessThan(4_000_000);
});

test('the steps follow each other within the video', () => {
  let previousMs = 0;
  for (const { startMs, endMs, dueMs } of events.steps) {
    expect(startMs).toBeGreaterThanOrEqual(previousMs);
    expect(dueMs).toBeGreaterThan(startMs);
    expect(endMs).toBe(dueMs);
    previousMs = dueMs;
  }
  expect(previousMs).toBeLessThan(events.durationMs);
});

test('every keyword of a step is in its sentence', () => {
  for (const { sentence, keywords } of events.steps) {
    for (const keyword of keywords) expect(sentence).toContain(keyword);
  }
});

test('one caption begins with every step and ends before the next', () => {
  const cues = [
    ...read('samples/pantry.vtt').matchAll(/^00:(\d\d):([\d.]+) --> 00:(\d\d):([\d.]+)$/gm),
  ];
  const ms = (minutes = '', seconds = '') => Math.round((60 * +minutes + +seconds) * 1000);
  expect(cues.map(([, minutes, seconds]) => ms(minutes, seconds))).toEqual(
    events.steps.map((step) => step.startMs),
  );
  cues.forEach(([, , , minutes, seconds], index) => {
    const nextMs = events.steps[index + 1]?.startMs ?? events.durationMs;
    expect(ms(minutes, seconds)).toBeLessThanOrEqual(nextMs);
  });
});

test('no name of the sample is a word of the training data', () => {
  expect(events.identifierHashes).toEqual(events.identifiers.map(hash));
  // Whatever the generators of training data could say stands in these files.
  const programs = readdirSync(top('models')).filter((name) => name.endsWith('.py'));
  const text = programs.map((name) => read(`models/${name}`)).join('\n');
  const words = text.match(/[A-Za-z][\w.-]*/g) ?? [];
  expect(words.length).toBeGreaterThan(400);
  const known = new Set(words.map(hash));
  expect(events.identifierHashes.filter((each) => known.has(each))).toEqual([]);
});
