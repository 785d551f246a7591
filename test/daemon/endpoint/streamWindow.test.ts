import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../daemon/endpoint/chat.ts';
import { StreamWindow } from '../../../daemon/endpoint/streamWindow.ts';

const roomy = { maxFrames: 8, maxCharacters: 10_000 };
const frame = (second: number, ...lines: string[]) => ({
  ...{ ptsMs: second * 1000, picture: `p${second}` },
  lines: lines.map((text) => ({ text, region: 'terminal' })),
});

/** A conversation in short: pictures as what is in them. */
const shown = (messages: readonly ChatMessage[]): string[] =>
  messages.map(({ role, content }) => {
    if (typeof content === 'string') return `${role}: ${content}`;
    const parts = content.map((part) =>
      part.type === 'text' ? part.text : `<${part.image_url.url.replace(/^.*,/, '')}>`,
    );
    return `${role}: ${parts.join(' | ')}`;
  });

/** What a server computes of a request and can use again: all before the question. */
const prefix = (window: StreamWindow): string => JSON.stringify(window.messages('?')).slice(0, -36);

describe('StreamWindow', () => {
  it('tells each frame behind its time, with what is new on it in quotes', () => {
    const window = new StreamWindow('Watch.', roomy);
    window.add(frame(0));
    window.add({ ...frame(1, 'say "hi"'), ptsMs: 1500 });
    expect(shown(window.messages('Well?'))).toEqual([
      'system: Watch.',
      'user: 0:00 The screen: | <p0> | 0:01.5 The screen: | <p1> | New text on it:\nterminal: "say \\"hi\\"" | Well?',
    ]);
  });

  it('lets the model and the stream take turns', () => {
    const window = new StreamWindow('Watch.', roomy);
    window.add(frame(0));
    window.say('A test ran.');
    window.add(frame(1));
    window.say('Never mind.');
    window.unsay();
    expect(shown(window.messages('?'))).toEqual([
      'system: Watch.',
      'user: 0:00 The screen: | <p0>',
      'assistant: A test ran.',
      'user: 0:01 The screen: | <p1> | ?',
    ]);
    window.unsay();
    expect(window.messages('?')).toHaveLength(4);
  });

  it('begins as the one before did, but for one cut in many frames', () => {
    const window = new StreamWindow('Watch.', roomy);
    let cuts = 0;
    for (let second = 0; second < 40; second++) {
      const before = prefix(window);
      window.add(frame(second));
      if (second % 5 === 0) window.say('Something.');
      if (second > 0 && !prefix(window).startsWith(before.slice(0, before.lastIndexOf(']}'))))
        cuts++;
      expect(window.frames).toBeLessThanOrEqual(roomy.maxFrames);
    }
    // Four frames go at a time.
    expect(cuts).toBe(8);
    expect(window.cutFrames + window.frames).toBe(40);
  });

  it('keeps in words what was said to frames that are gone', () => {
    const window = new StreamWindow('Watch.', { maxFrames: 2, maxCharacters: 10_000 });
    for (const second of [0, 1, 2]) {
      window.add(frame(second));
      window.say(`Said ${second}.`);
    }
    expect(shown(window.messages('?'))).toEqual([
      'system: Watch.',
      'user: Before this:\n0:00 you said: Said 0. | 0:01 The screen: | <p1>',
      'assistant: Said 1.',
      'user: 0:02 The screen: | <p2>',
      'assistant: Said 2.',
      'user: ?',
    ]);
  });

  it('holds no more than a request may have', () => {
    const window = new StreamWindow('', { maxFrames: 100, maxCharacters: 40 });
    for (let second = 0; second < 10; second++)
      window.add({ ...frame(second), picture: 'x'.repeat(10) });
    expect(window.frames).toBeLessThanOrEqual(4);
  });

  it('shrinks for good, down to one frame', () => {
    const window = new StreamWindow('', roomy);
    for (let second = 0; second < 8; second++) window.add(frame(second));
    expect([window.shrink(), window.frames]).toEqual([true, 4]);
    for (let second = 8; second < 20; second++) window.add(frame(second));
    expect(window.frames).toBeLessThanOrEqual(4);
    while (window.shrink());
    expect(window.frames).toBe(1);
    expect(window.lastFrame?.picture).toBe('p19');
  });
});
