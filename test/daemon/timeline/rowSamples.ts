/** Rows for tests, with only the fields that the test is about. */
import {
  mediaMs,
  type CueRow,
  type GuidanceRow,
  type NewRow,
  type ScreenTextRow,
} from '../../../protocol/index.ts';

export const guidance = (text: string, startMs: number, atMs = startMs): NewRow<GuidanceRow> => ({
  kind: 'guidance',
  text,
  startMs: mediaMs(startMs),
  endMs: mediaMs(atMs),
  atMs: mediaMs(atMs),
  silenceProbability: 0.1,
  evidence: [],
  model: 'sample 0.1.0',
});

export const screenText = (
  text: string,
  startMs: number,
  endMs = startMs,
): NewRow<ScreenTextRow> => ({
  kind: 'screenText',
  text,
  startMs: mediaMs(startMs),
  endMs: mediaMs(endMs),
  box: [0, 0, 100, 20],
  confidence: 0.9,
  region: 'editor',
  indentColumns: 0,
  windows: [[mediaMs(startMs), mediaMs(endMs)]],
  provenance: { sightings: 2, readings: 1 },
});

export const cue = (text: string, startMs: number, endMs: number): NewRow<CueRow> => ({
  kind: 'cue',
  text,
  startMs: mediaMs(startMs),
  endMs: mediaMs(endMs),
});
