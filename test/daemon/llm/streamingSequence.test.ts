import { describe, expect, it } from 'vitest';
import type { StreamManifest } from '../../../daemon/weights/streamManifest.ts';
import { StreamingSequence } from '../../../daemon/llm/streamingSequence.ts';
import { FakeBackend, type Script } from '../../helpers/fakeBackend.ts';
import { patternOf } from '../../helpers/gbnfPattern.ts';
import {
  tinyManifest,
  tinySpecialTokens,
  videollmManifest,
  videollmSpecialTokens,
} from '../../helpers/streamManifests.ts';

const signal = new AbortController().signal;

interface Opened {
  readonly stream: StreamingSequence;
  readonly backend: FakeBackend;
  /** What is in the cache. */
  readonly contents: () => string;
  readonly see: (...lines: string[]) => Promise<number>;
}

async function open(
  script: Script = {},
  {
    manifest = tinyManifest,
    contextSize = 400,
    isUngrounded = false,
    canShift = true,
  }: {
    manifest?: StreamManifest;
    contextSize?: number;
    isUngrounded?: boolean;
    canShift?: boolean;
  } = {},
): Promise<Opened> {
  const specials = manifest === videollmManifest ? videollmSpecialTokens : tinySpecialTokens;
  const backend = new FakeBackend(specials, script);
  backend.canShift = canShift;
  const kvPolicy = { chunkFraction: 0.25, keepRecent: 20 };
  const stream = await StreamingSequence.open(
    { backend, manifest, contextSize, kvPolicy, isUngrounded },
    { signal },
  );
  return {
    stream,
    backend,
    contents: () => backend.sequences[0]!.contents,
    see: async (...lines) => {
      const rows = new Float32Array(2 * backend.rowWidth);
      const read = lines.map((text) => ({ text, region: '' }));
      return (await stream.appendFrame({ lines: read, rows }, { signal })).silenceProbability;
    },
  };
}

describe('a stream', () => {
  it('reads silence at the last row and keeps to the template', async () => {
    const { stream, contents, see } = await open({
      silence: [0.9, 0.2],
      replies: [{ text: 'Ran pytest.' }],
    });
    stream.appendUser('Narrate.');
    expect(await see('$ pytest')).toBe(0.9);
    expect(await see()).toBe(0.2);
    expect(await stream.reply({ signal })).toMatchObject({
      text: 'Ran pytest.',
      ending: 'finished',
    });
    await see('4 passed');
    expect(contents()).toBe(
      '<s><|user|>Narrate.</s><|screen|>$ pytest\n▦▦<|next|>▦▦<|assistant|>Ran pytest.</s><|screen|>4 passed\n▦▦',
    );
    expect(stream.length).toBe(Array.from(contents().replace(/<[^>]*>/g, '#')).length);
  });

  it('stands after a recited reply where it stood when it was spoken', async () => {
    const spoken = await open({ silence: [0.2, 0.9], replies: [{ text: 'Ran pytest.' }] });
    const recited = await open({ silence: [0.2, 0.9] });
    await spoken.see('$ pytest');
    await recited.see('$ pytest');
    await spoken.stream.reply({ signal });
    await recited.stream.recite('Ran pytest.', { signal });
    await spoken.see('4 passed');
    await recited.see('4 passed');
    expect(recited.contents()).toBe(spoken.contents());
  });

  it('leaves out what it should recite when there is no room', async () => {
    const { stream, contents, see } = await open({}, { contextSize: 20 });
    await see();
    const before = contents();
    await stream.recite('A sentence of many more signs than fit.', { signal });
    expect(contents()).toBe(before);
    await see();
  });

  it('answers in the middle', async () => {
    const { stream, contents, see } = await open({
      replies: [{ text: 'app.ts' }, { text: 'Yes.' }],
    });
    await see();
    const pieces: string[] = [];
    const answer = await stream.answer('Which </s> file?', {
      signal,
      onText: (text) => void pieces.push(text),
    });
    expect(answer.text).toBe('app.ts');
    expect(pieces.join('')).toBe('app.ts');
    await stream.answer('Sure?', { signal });
    await see();
    expect(contents()).toBe(
      '<s>▦▦<|user|>Which < /s> file?</s><|assistant|>app.ts</s><|user|>Sure?</s><|assistant|>Yes.</s>▦▦',
    );
  });

  it('speaks the layout of a published pack', async () => {
    const { stream, contents, see } = await open(
      { replies: [{ text: ' You cut.' }, { text: ' Now.' }] },
      { manifest: videollmManifest },
    );
    await see('is not taken');
    await see();
    await stream.reply({ signal });
    await see();
    await stream.answer('When?', { signal });
    await see();
    const head = videollmManifest.seams['begin>stream'];
    expect(contents()).toBe(
      `${head}▦▦,▦▦]\nAssistant: You cut.<|end_of_text|>\n[▦▦]\nUser: When?\nAssistant: Now.<|end_of_text|>\n[▦▦`,
    );
  });
});

describe('a reply that did not finish is taken back', () => {
  it.each([
    ['looping', { text: 'again ', endless: true }],
    [
      'cut',
      { text: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', endless: true },
    ],
  ] as const)('%s', async (ending, reply) => {
    const { stream, contents, see } = await open({ replies: [reply] });
    await see();
    const before = contents();
    const { text, ending: found } = await stream.reply({ signal });
    expect(found).toBe(ending);
    expect(text.startsWith(reply.text.slice(0, 6))).toBe(true);
    expect(contents()).toBe(before);
    await see();
    expect(contents()).toBe('<s>▦▦<|next|>▦▦');
  });

  it('interrupted, within one token', async () => {
    const { stream, contents, see } = await open({
      replies: [{ text: 'a long story' }, { text: 'Yes.' }],
    });
    await see();
    const controller = new AbortController();
    const reply = await stream.reply({
      signal: controller.signal,
      onText: (text) => {
        if (text.endsWith('l')) controller.abort();
      },
    });
    expect(reply.ending).toBe('interrupted');
    expect('a long story').toContain(reply.text);
    await stream.answer('Well?', { signal });
    expect(contents()).toBe('<s>▦▦<|user|>Well?</s><|assistant|>Yes.');
  });

  it('interrupted before it began', async () => {
    const { stream, contents, see } = await open({ replies: [{ text: 'never said' }] });
    await see();
    const reply = await stream.reply({ signal: AbortSignal.abort() });
    expect(reply).toMatchObject({ text: '', ending: 'interrupted' });
    expect(contents()).toBe('<s>▦▦');
  });

  it('when the caller wants it', async () => {
    const { stream, contents, see } = await open({
      replies: [{ text: 'Wrong.' }, { text: 'Right.' }],
    });
    await see();
    await stream.reply({ signal });
    await stream.rollback();
    await stream.rollback();
    expect(contents()).toBe('<s>▦▦');
    await stream.answer('Is it?', { signal });
    await stream.rollback();
    await see();
    expect(contents()).toBe('<s>▦▦<|next|>▦▦');
    await stream.rollback();
    expect(contents()).toBe('<s>▦▦<|next|>▦▦');
  });
});

describe('a stream that outgrows its context', () => {
  it('reads as if it had begun later, with the instruction still in it', async () => {
    const { stream, contents, see } = await open(
      { replies: [{ text: 'Opened a.' }] },
      { contextSize: 150 },
    );
    stream.appendUser('Narrate.');
    await see('a.ts');
    await stream.reply({ signal });
    for (let i = 0; i < 40; i++) {
      await see(`line ${i}`);
      expect(contents()).toMatch(
        /^<s><\|user\|>Narrate\.<\/s>(<\|screen\|>[^<]*\n)?▦▦((<\|next\|>|<\|assistant\|>Opened a\.<\/s>)(<\|screen\|>line \d+\n)?▦▦)*$/,
      );
      expect(stream.length).toBeLessThanOrEqual(150);
    }
    expect(contents()).toMatch(/line 38\n▦▦<\|next\|><\|screen\|>line 39\n▦▦$/);
    expect(contents()).not.toContain('Opened');
    expect(stream.evicted).toBeGreaterThan(150);
  });

  it('keeps the newest instruction that came on the way', async () => {
    const { stream, contents, see } = await open({}, { contextSize: 150 });
    await see('a.ts');
    await see('b.ts');
    stream.appendUser('Tell me when it passes.');
    await see('c.ts');
    for (let i = 0; i < 30; i++) await see(`line ${i}`);
    expect(contents()).toMatch(/^<s><\|user\|>Tell me when it passes\.<\/s><\|screen\|>line /);
    stream.appendUser('Be quiet.');
    for (let i = 30; i < 60; i++) await see(`line ${i}`);
    expect(contents()).toMatch(/^<s><\|user\|>Be quiet\.<\/s><\|screen\|>line /);
  });

  it('makes room for a whole reply before it begins', async () => {
    const { stream, contents, see } = await open(
      { replies: [{ text: 'x'.repeat(8) + 'The end of a rather long reply here.' }] },
      { contextSize: 120 },
    );
    for (let i = 0; i < 9; i++) await see('12345678');
    expect(await stream.reply({ signal })).toMatchObject({ ending: 'finished' });
    expect(contents()).toMatch(/▦▦<\|assistant\|>x+The end of a rather long reply here\.$/);
    await stream.rollback();
    expect(contents()).toMatch(/12345678\n▦▦$/);
    await see('next');
    expect(contents()).toMatch(/12345678\n▦▦<\|next\|><\|screen\|>next\n▦▦$/);
  });

  it.each([
    ['as long as the context', 'why '.repeat(30)],
    ['longer than a quarter of it', 'y'.repeat(28)],
  ])('refuses a question %s, and goes on', async (_, question) => {
    const { stream, contents, see } = await open({}, { contextSize: 120 });
    await see('a');
    await see('x'.repeat(60));
    const before = contents();
    await expect(stream.answer(question, { signal })).rejects.toMatchObject({
      code: 'question.tooLong',
    });
    expect(contents()).toBe(before);
    await see('b');
    expect(contents()).toBe(`${before}<|next|><|screen|>b\n▦▦`);
  });

  it('gives the next frame the place that questions have filled', async () => {
    const replies = Array.from({ length: 9 }, () => ({ text: 'It is so, and so it stays.' }));
    const { stream, contents, see } = await open({ replies }, { contextSize: 120 });
    stream.appendUser('Narrate.');
    await see('a');
    let refused: unknown;
    let before = '';
    while (refused === undefined) {
      before = contents();
      await stream.answer('Why is that so?', { signal }).catch((error: unknown) => {
        refused = error;
      });
    }
    expect(refused).toMatchObject({ code: 'question.tooLong' });
    expect(contents()).toBe(before);
    await see('t'.repeat(60));
    const head = '<s><|user|>Narrate.</s>';
    expect(contents()).toBe(`${head}<|screen|>${'t'.repeat(60)}\n▦▦`);
    await see('b');
    expect(contents()).toBe(`${head}<|screen|>${'t'.repeat(60)}\n▦▦<|next|><|screen|>b\n▦▦`);
  });

  it('puts a new instruction in the place of the old one when all else must go', async () => {
    const { stream, contents, see } = await open({}, { contextSize: 120 });
    const screen = (sign: string): [string, string] => [sign.repeat(40), sign.repeat(40)];
    const text = (sign: string): string => `<|screen|>${screen(sign).join('\n')}\n▦▦`;
    await see('a');
    stream.appendUser('Tell me when it passes.');
    await see(...screen('x'));
    stream.appendUser('Be quiet.');
    await see(...screen('y'));
    expect(contents()).toBe(`<s><|user|>Be quiet.</s>${text('y')}`);
    await see(...screen('z'));
    expect(contents()).toBe(`<s><|user|>Be quiet.</s>${text('z')}`);
    stream.appendUser('Now speak again.');
    await see(...screen('a'));
    expect(contents()).toBe(`<s><|user|>Now speak again.</s>${text('a')}`);
  });

  it('leaves unsaid what has no room, and goes on', async () => {
    const { stream, contents, see } = await open({}, { contextSize: 120 });
    await see('a'.repeat(40), 'b'.repeat(40));
    const before = contents();
    expect(await stream.reply({ signal })).toMatchObject({ text: '', ending: 'cut' });
    expect(contents()).toBe(before);
    await see('c');
    expect(contents()).toBe(`${before}<|next|><|screen|>c\n▦▦`);
  });
});

describe('a pack', () => {
  it('whose silence token is not one token is refused', async () => {
    const manifest = { ...tinyManifest, silenceToken: 'next' };
    await expect(open({}, { manifest })).rejects.toMatchObject({ code: 'model.unsupported' });
  });
});

describe('the likelihood of a reply', () => {
  it('is the geometric mean over its tokens, the one that ends it among them', async () => {
    const { stream, see } = await open({ replies: [{ text: 'Ran.', probability: 0.25 }] });
    await see();
    const { likelihood } = await stream.reply({ signal });
    expect(likelihood).toBeCloseTo(0.25);
  });

  it('is told of replies that were taken back, too', async () => {
    const { stream, see } = await open({
      replies: [{ text: 'again ', endless: true, probability: 0.5 }],
    });
    await see();
    const { ending, likelihood } = await stream.reply({ signal });
    expect(ending).toBe('looping');
    expect(likelihood).toBeCloseTo(0.5);
  });
});

describe('what an unasked reply may name', () => {
  const quoting: StreamManifest = {
    ...tinyManifest,
    plainWords: ['ran', 'opened'],
    grounding: { quote: '`', recentLines: 3 },
  };
  /** Whether the newest reply could have been this. */
  const could = ({ backend }: Opened, sentence: string): boolean =>
    patternOf(backend.grammars.at(-1)!).test(sentence);

  it('stands on one of the newest lines, as the decoder got them', async () => {
    const opened = await open({}, { manifest: quoting, contextSize: 2000 });
    const { stream, see } = opened;
    await see('$ pytest', `x </s> ${'long '.repeat(30)}`);
    await stream.reply({ signal });
    expect(could(opened, 'Ran `pytest`.')).toBe(true);
    expect(could(opened, 'Ran `< /s> long`.')).toBe(true);
    expect(could(opened, 'Ran `npm`.')).toBe(false);
    await see('a1', 'b2');
    await stream.reply({ signal });
    expect(could(opened, 'Opened `b2`.')).toBe(true);
    expect(could(opened, 'Opened `long`.')).toBe(true);
    expect(could(opened, 'Ran `pytest`.')).toBe(false);
  });

  it('is nothing of the lines that were left out for want of room', async () => {
    const layout = { ...tinyManifest.screenText!, maxLines: 2, headLines: 1 };
    const manifest = { ...quoting, screenText: layout };
    const opened = await open({}, { manifest });
    await opened.see('first', 'second', 'third');
    await opened.stream.reply({ signal });
    expect(could(opened, 'Opened `first` `third`.')).toBe(true);
    expect(could(opened, 'Opened `second`.')).toBe(false);
  });

  it('may stand in what the user said last, not in what the pack says itself', async () => {
    const manifest = { ...quoting, instruction: 'Narrate this.' };
    const opened = await open({}, { manifest });
    const { stream, see } = opened;
    stream.appendUser('Narrate this.');
    await see();
    await stream.reply({ signal });
    expect(could(opened, 'Ran `Narrate`.')).toBe(false);
    stream.appendUser('Tell me when build.sh ends.');
    stream.appendUser('And deploy.sh.');
    await see();
    await stream.reply({ signal });
    expect(could(opened, 'Ran `build.sh` `deploy.sh`.')).toBe(true);
    stream.appendUser('Be quiet.');
    await see();
    await stream.reply({ signal });
    expect(could(opened, 'Ran `build.sh`.')).toBe(false);
  });

  it.each([
    ['the pack does not quote', tinyManifest, false],
    ['the pack has no plain words', { ...tinyManifest, grounding: quoting.grounding! }, false],
    ['somebody wants to measure without', quoting, true],
  ] as const)('is anything when %s', async (_, manifest, isUngrounded) => {
    const { stream, backend, see } = await open({}, { manifest, isUngrounded });
    await see('$ pytest');
    await stream.reply({ signal });
    expect(backend.grammars).toEqual([]);
  });

  it('is no matter of what answers a question', async () => {
    const { stream, backend, see } = await open({}, { manifest: quoting });
    await see('$ pytest');
    await stream.answer('What now?', { signal });
    expect(backend.grammars).toEqual([]);
  });

  it.each([
    ['looping', { text: 'ran ', endless: true }],
    ['cut', { text: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ' }],
  ] as const)('is taken back all the same when it is %s', async (ending, reply) => {
    const { stream, backend, contents, see } = await open(
      { replies: [reply] },
      { manifest: quoting },
    );
    await see('$ pytest');
    const before = contents();
    expect((await stream.reply({ signal })).ending).toBe(ending);
    expect(backend.grammars).toHaveLength(1);
    expect(contents()).toBe(before);
  });
});

describe('a model that cannot shift', () => {
  it('holds after many frames and replies what one that can holds', async () => {
    const watch = async (canShift: boolean) => {
      const script = {
        replies: Array.from({ length: 30 }, (_, index) => ({ text: `Step ${index}.` })),
      };
      const { stream, contents, see } = await open(script, { contextSize: 120, canShift });
      stream.appendUser('Narrate.');
      for (let frame = 0; frame < 60; frame++) {
        await see(...(frame % 3 === 0 ? [`line ${frame}`] : []));
        if (frame % 4 === 1) await stream.reply({ signal });
      }
      return { contents: contents(), evicted: stream.evicted };
    };
    const moved = await watch(true);
    expect(moved.evicted).toBeGreaterThan(200);
    expect(await watch(false)).toEqual(moved);
  });
});

describe('a budget of rows', () => {
  const manifest: StreamManifest = {
    ...tinyManifest,
    rowBudget: { rowChange: 0.1, ticks: 0, wholeEveryFrames: 50, keep: 'frames' },
  };
  const still = Float32Array.from([1, 2, 3, 4]);
  const changed = Float32Array.from([1, 2, 9, 9]);

  it('takes no positions for what stays, and what was thought last holds', async () => {
    const { stream, contents } = await open({ silence: [0.9, 0.7] }, { manifest });
    const see = async (rows: Float32Array): Promise<number> =>
      (await stream.appendFrame({ lines: [], rows }, { signal })).silenceProbability;
    expect([await see(still), await see(still), await see(still)]).toEqual([0.9, 0.9, 0.9]);
    expect(await see(changed)).toBe(0.7);
    expect(contents()).toBe('<s>▦▦<|next|>▦▦');
    expect(stream.keptPercent).toBe(50);
  });

  it('looks again behind the words of a user, and not behind a reply, kept or taken back', async () => {
    const script = { silence: [0.1], replies: [{ text: 'Hm.' }, { text: 'Hm?' }] };
    const { stream, contents } = await open(script, { manifest, contextSize: 60 });
    const see = async (rows: Float32Array): Promise<number> =>
      (await stream.appendFrame({ lines: [], rows }, { signal })).silenceProbability;
    expect(await see(still)).toBe(0.1);
    await stream.reply({ signal });
    expect(await see(still)).toBe(1);
    expect(contents()).toBe('<s>▦▦<|assistant|>Hm.');
    await see(changed);
    expect(contents()).toBe('<s>▦▦<|assistant|>Hm.</s>▦▦');
    await stream.reply({ signal });
    await stream.rollback();
    expect(await see(changed)).toBe(1);
    stream.appendUser('Go on.');
    await see(changed);
    expect(contents()).toBe('<s>▦▦<|assistant|>Hm.</s>▦▦<|user|>Go on.</s>▦▦');
  });

  it('looks again when frames were evicted for one that was not given whole', async () => {
    const rowBudget = { ...manifest.rowBudget!, keep: 'rows' } as const;
    const partial = { ...manifest, rowBudget };
    const { stream, contents } = await open({}, { manifest: partial, contextSize: 40 });
    const see = (rows: Float32Array, ...lines: string[]) =>
      stream.appendFrame({ lines: lines.map((text) => ({ text, region: '' })), rows }, { signal });
    await see(still);
    await see(changed, 'a line of text');
    await see(changed, 'so long that one must go');
    expect(stream.evicted).toBeGreaterThan(0);
    expect(contents()).toMatch(/must go\n▦$/);
    await see(changed);
    expect(contents()).toMatch(/▦<\|next\|>▦▦$/);
    const { length } = stream;
    await see(changed);
    expect(stream.length).toBe(length);
  });
});
