import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  advance,
  initialStreamState,
  limitLines,
  recallPrompt,
  type RecallEvidence,
  type RecallTurn,
  type StreamEvent,
  type StreamLine,
  type StreamPiece,
  type TemplateRules,
} from '../../../daemon/llm/streamTemplate.ts';
import {
  tinyManifest,
  videollmManifest,
  videollmSpecialTokens,
} from '../../helpers/streamManifests.ts';

interface Golden {
  readonly specialTokens: string[];
  readonly conversations: {
    readonly name: string;
    readonly held: string;
    readonly steps: {
      readonly event: { role: 'user' | 'stream' | 'assistant'; text: string; lines: StreamLine[] };
      readonly pieces: { kind: string; text: string }[];
    }[];
  }[];
  readonly recall: {
    name: string;
    evidence: RecallEvidence[];
    earlier: RecallTurn[];
    question: string;
    prompt: string;
  }[];
}

const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../golden/streamTemplate.json'), 'utf8'),
) as Golden;
const rules = { manifest: tinyManifest, specialTokens: golden.specialTokens };

function play(given: TemplateRules, events: readonly StreamEvent[]) {
  let state = initialStreamState;
  const steps: (readonly StreamPiece[])[] = [];
  for (const event of events) {
    const step = advance(given, state, event);
    state = step.state;
    steps.push(step.pieces);
  }
  return { state, steps };
}

describe('the layout of the training program', () => {
  it.each(golden.conversations)('$name', ({ steps, held }) => {
    const result = play(
      rules,
      steps.map(({ event }) => event),
    );
    const texts = (pieces: readonly { kind: string; text?: string }[]): unknown =>
      pieces.map((piece) => (piece.kind === 'text' ? piece.text : piece.kind));
    expect(result.steps.map(texts)).toEqual(steps.map(({ pieces }) => texts(pieces)));
    expect(result.state.held).toBe(held);
  });

  it.each(golden.recall)('of stored rows: $name', ({ evidence, earlier, question, prompt }) => {
    expect(recallPrompt(rules, { evidence, earlier, question })).toEqual([
      { kind: 'text', text: prompt },
    ]);
  });
});

/** The whole stream as text, with `v` for a frame's rows and `…` for a reply. */
function check(given: TemplateRules, events: readonly StreamEvent[], expected: string): void {
  const { state, steps } = play(given, events);
  const text = steps
    .flat()
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'rows' ? 'v' : '…'))
    .join('');
  expect(text + state.held).toBe(expected);
}

const frame: StreamEvent = { role: 'stream', lines: [] };
const reply: StreamEvent = { role: 'assistant' };
const user = (text: string): StreamEvent => ({ role: 'user', text });

describe('the layout of a published pack', () => {
  const given = { manifest: videollmManifest, specialTokens: videollmSpecialTokens };
  const head = videollmManifest.seams['begin>stream'].slice(0, -2);
  it.each<[string, StreamEvent[], string]>([
    ['silence', [frame, frame, frame], `${head}\n[v,v,v`],
    ['an unasked reply', [frame, reply, frame], `${head}\n[v]\nAssistant:…<|end_of_text|>\n[v`],
    ['a question', [frame, user('why?'), reply], `${head}\n[v]\nUser: why?\nAssistant:…`],
    ['an instruction first', [user('Guide me.'), frame], `${head}\nUser: Guide me.\n[v`],
    ['two questions', [frame, user('a'), user('b')], `${head}\n[v]\nUser: a\nUser: b`],
    [
      'a question after a reply',
      [frame, reply, user('a'), reply],
      `${head}\n[v]\nAssistant:…<|end_of_text|>\nUser: a\nAssistant:…`,
    ],
    [
      'screen text, which this pack does not take',
      [{ role: 'stream', lines: [{ text: 'x', region: 'editor' }] }],
      `${head}\n[v`,
    ],
    [
      'special tokens in what a user says',
      [frame, user('<|end_of_text|>')],
      `${head}\n[v]\nUser: < |end_of_text|>`,
    ],
  ])('%s', (_, events, expected) => {
    check(given, events, expected);
  });

  it('refuses what has no seam', () => {
    expect(() => play(given, [reply])).toThrow('no seam leads from begin to assistant');
    expect(() => play(given, [frame, reply, reply])).toThrow(RangeError);
    expect(() => recallPrompt(given, { evidence: [], question: 'why?' })).toThrow(RangeError);
  });
});

describe('too much screen text', () => {
  const lines = ['one', 'two', 'three', 'four', 'five', '🙂🙂🙂🙂🙂'];

  it.each([
    [4, 1, ['one', 'four', 'five', '🙂🙂🙂🙂']],
    [2, 2, ['one', 'two']],
    [1, 0, ['🙂🙂🙂🙂']],
    [6, 1, ['one', 'two', 'thre', 'four', 'five', '🙂🙂🙂🙂']],
  ])('keeps %i lines, %i of them from the top, and cuts by signs', (maxLines, headLines, kept) => {
    const given = lines.map((text) => ({ text }));
    const limited = limitLines(given, { maxLines, headLines, maxLineChars: 4 });
    expect(limited.map(({ text }) => text)).toEqual(kept);
  });
});
