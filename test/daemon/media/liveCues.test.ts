import { describe, expect, it } from 'vitest';
import { LiveCues } from '../../../daemon/media/liveCues.ts';
import { mediaMs } from '../../../protocol/index.ts';

const cue = (startMs: number, endMs: number, text: string) => ({
  ...{ startMs: mediaMs(startMs), endMs: mediaMs(endMs), text },
});
const texts = (cues: LiveCues, untilMs: number): string[] =>
  cues.due(untilMs).map(({ text }) => text);

describe('LiveCues', () => {
  it('gives each caption once, when what is watched is past its end', () => {
    const cues = new LiveCues();
    cues.add(cue(1000, 2000, 'one'));
    expect(texts(cues, 2000)).toEqual([]);
    expect(texts(cues, 2500)).toEqual(['one']);
    expect(texts(cues, 9000)).toEqual([]);
  });

  it('takes them in any order, and when their moment is past', () => {
    const cues = new LiveCues();
    for (const one of [cue(5000, 6000, 'third'), cue(3000, 4000, 'second'), cue(0, 900, 'first')])
      cues.add(one);
    expect(texts(cues, 4500)).toEqual(['first', 'second']);
    cues.add(cue(1000, 1500, 'late'));
    expect(texts(cues, 4500)).toEqual(['late']);
    expect(texts(cues, Infinity)).toEqual(['third']);
  });

  it('does not repeat what rolls, or is written word by word', () => {
    const cues = new LiveCues();
    cues.add(cue(0, 2000, 'first line'));
    cues.add(cue(2000, 4000, 'first line\nsecond'));
    cues.add(cue(4000, 6000, 'first line\nsecond line'));
    expect(texts(cues, 2300)).toEqual(['first line']);
    expect(texts(cues, 4100)).toEqual([]);
    expect(texts(cues, 7000)).toEqual(['second line']);
  });
});
