import { describe, expect, it } from 'vitest';
import { recall, type RecallRequest } from '../../../daemon/llm/recall.ts';
import type { PastEvent } from '../../../daemon/llm/pastStretches.ts';
import type { PastManifest, StreamManifest } from '../../../daemon/weights/streamManifest.ts';
import type { RecallTurn } from '../../../daemon/llm/streamTemplate.ts';
import { FakeBackend, type Script } from '../../helpers/fakeBackend.ts';
import { tinyManifest, tinySpecialTokens } from '../../helpers/streamManifests.ts';

const signal = new AbortController().signal;
const marks = Object.values(tinyManifest.screenText!.regionMarks!);
const specials = [...tinySpecialTokens, ...marks, ...tinyManifest.recall!.refs];

const asked: RecallRequest = {
  evidence: [
    { kind: 'screen', text: '$ ls', region: 'terminal' },
    { kind: 'guidance', text: 'They ran ls.' },
    { kind: 'screen', text: 'main.py', region: 'tabs' },
  ],
  question: 'What was run?',
};

/** The prompt of `asked` without what was asked before. */
const prompt =
  'What was run?</s><|screen|><|terminal|>$ ls<|1|>\n<|assistant|>They ran ls.<|2|></s><|screen|><|tabs|>main.py<|3|>\n<|assistant|>';

function fakeWith(script: Script, trainedContext = 400, specialTokens = specials) {
  const fake = Object.assign(new FakeBackend(specialTokens, script), { trainedContext });
  const ask = (request = asked, manifest: StreamManifest = tinyManifest) =>
    recall({ backend: fake, manifest }, request, { signal });
  return { fake, ask };
}

describe('recall', () => {
  it('names rows, best first, then says a sentence, on a sequence of its own', async () => {
    const script = { favourites: ['<|2|>', '<|1|>'], replies: [{ text: 'They ran ls.' }] };
    const { fake, ask } = fakeWith(script);
    const reply = await ask();
    expect(reply).toMatchObject({ rows: [1, 0], text: 'They ran ls.' });
    expect(reply.notSeen).toBeLessThan(0.1);
    expect(fake.sequences[0]?.contents).toBe(`<s><|user|>${prompt}<|2|><|1|>They ran ls.`);
    expect(fake.sequences).toHaveLength(1);
  });

  it('lets the sentence use words of the question and of the rows it named, and no others', async () => {
    const script = {
      favourites: ['<|3|>', '<|3|>'],
      replies: [{ text: 'It is main.py.' }, { text: 'Is main.py.' }],
    };
    const { fake, ask } = fakeWith(script);
    const manifest = { ...tinyManifest, plainWords: ['it'] };
    await ask(asked, manifest);
    await ask(asked, { ...manifest, recall: { ...tinyManifest.recall!, plainWords: ['is'] } });
    const [grammar = '', narrow = ''] = fake.grammars;
    expect(narrow).toContain('word ::= "is" | "Is" | "What"');
    expect(grammar.split('\n').at(-1)).toBe(
      'word ::= "it" | "It" | "What" | "was" | "run" ("?")? | "main" (".py")? | "py"',
    );
  });

  it('has no words with the signs around what guidance quotes', async () => {
    const script = { favourites: ['<|1|>', '<|1|>'], replies: [{ text: 'Ran ls.' }] };
    const { fake, ask } = fakeWith(script);
    const plain = {
      ...tinyManifest,
      plainWords: [],
      recall: { ...tinyManifest.recall!, plainWords: [] },
    };
    const manifest = { ...plain, grounding: { quote: '`', recentLines: 120 } };
    const evidence = [{ kind: 'guidance' as const, text: 'Ran `ls -a`.' }];
    const { text } = await ask({ evidence, question: 'What?' }, manifest);
    expect(text).toBe('Ran ls.');
    // The decoder is shown the row as it was said.
    expect(fake.sequences[0]?.contents).toContain('Ran `ls -a`.');
    expect(fake.grammars[0]!.split('\n').at(-1)).not.toContain('`');
  });

  it('says nothing, and generates nothing, when the evidence probably holds no answer', async () => {
    const { fake, ask } = fakeWith({ favourites: ['N'] });
    expect(await ask()).toMatchObject({ rows: [], text: '' });
    expect((await fakeWith({ favourites: ['N'] }).ask()).notSeen).toBeGreaterThan(0.9);
    expect(fake.sequences[0]?.contents).toBe(`<s><|user|>${prompt}`);
    const { notSeenReply, ...bold } = tinyManifest;
    expect((await fakeWith({ favourites: ['N', 'N'] }).ask(asked, bold)).rows).toHaveLength(1);
    expect(notSeenReply).toMatch(/^N/);
  });

  it('weighs the decoder against the retriever where the pack says how', async () => {
    const refusal = { bias: 0, notSeen: 0.5, relevance: 2 };
    const manifest = { ...tinyManifest, recall: { ...tinyManifest.recall!, refusal } };
    const refusing = async (relevance?: number, given: StreamManifest = manifest) => {
      const request = { ...asked, ...(relevance === undefined ? {} : { relevance }) };
      return (await fakeWith({ favourites: ['N', 'N'] }).ask(request, given)).rows.length === 0;
    };
    expect(await refusing(3)).toBe(false);
    expect(await refusing(-1)).toBe(true);
    expect(await refusing()).toBe(true);
    expect(await refusing(3, tinyManifest)).toBe(true);
    const sure = { ...manifest.recall, refusal: { ...refusal, bias: 9 } };
    const rejected = await fakeWith({ favourites: ['<|1|>'] }).ask(
      { ...asked, relevance: 1 },
      { ...manifest, recall: sure },
    );
    expect(rejected.rows).toEqual([]);
  });

  it('needs no model to know that nothing holds nothing', async () => {
    const { fake, ask } = fakeWith({});
    expect(await ask({ evidence: [], question: 'What?' })).toEqual({
      ...{ rows: [], shares: [], text: '', notSeen: 1 },
    });
    expect(fake.sequences).toEqual([]);
  });

  it('names a row once, and no more than are wanted', async () => {
    const favourites = ['<|1|>', '<|1|>'];
    expect((await fakeWith({ favourites }).ask()).rows).toEqual([0]);
    const many = {
      question: 'Which commands were run?',
      evidence: Array.from({ length: 30 }, (_, i) => ({ ...asked.evidence[0]!, text: `${i}` })),
    };
    const all = (): string[] => tinyManifest.recall!.refs.slice();
    const few = fakeWith({ favourites: all() }, 2000);
    expect((await few.ask(many)).rows).toEqual([0, 1, 2]);
    expect(few.fake.sequences[0]?.contents).not.toContain('<|25|>');
    const list = await fakeWith({ favourites: all() }, 2000).ask({ ...many, isList: true });
    expect(list.rows).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('only names rows when no sentence is wanted', async () => {
    const { fake, ask } = fakeWith({ favourites: ['<|2|>'], replies: [{ text: 'Nobody asked.' }] });
    expect(await ask({ ...asked, isSilent: true })).toMatchObject({ rows: [1], text: '' });
    expect(fake.sequences[0]?.contents).toBe(`<s><|user|>${prompt}<|2|>`);
  });

  it('lists by the verdict on each row, where the decoder was trained to judge them', async () => {
    const verdict = { yes: '<|assistant|>', no: '<|next|>' };
    const manifest = { ...tinyManifest, recall: { ...tinyManifest.recall!, verdict } };
    const favourites = ['<|assistant|>', '<|next|>', '<|assistant|>', '<|2|>'];
    const script = (): Script => ({ favourites: [...favourites], replies: [{ text: 'Both ls.' }] });
    const list = fakeWith(script());
    const listed = await list.ask({ ...asked, isList: true }, manifest);
    expect(listed).toMatchObject({ rows: [0, 2], text: 'Both ls.' });
    expect(listed.shares.map((share) => share > 0.5)).toEqual([true, false, true]);
    expect(list.fake.sequences[0]?.contents).toBe(`<s><|user|>${prompt}<|1|><|3|>Both ls.`);
    // An answer has its best rows, however weak, and says when there is none.
    const weak = { favourites: ['<|next|>', '<|next|>', '<|next|>', '<|2|>'] };
    expect((await fakeWith(weak).ask(asked, manifest)).rows).toHaveLength(3);
    expect((await fakeWith(script()).ask(asked, manifest)).rows).toEqual([0, 2]);
    const refused = { favourites: [...favourites.slice(0, 3), 'N'] };
    expect((await fakeWith(refused).ask(asked, manifest)).rows).toEqual([]);
    const none = { favourites: ['<|next|>', '<|next|>', '<|next|>', '<|2|>'] };
    expect((await fakeWith(none).ask({ ...asked, isList: true }, manifest)).rows).toEqual([]);
  });

  it('says a sentence about rows that were chosen before', async () => {
    const { fake, ask } = fakeWith({ favourites: ['N'], replies: [{ text: 'They ran ls.' }] });
    const reply = await ask({ ...asked, about: [2, 0] });
    expect(reply).toMatchObject({ rows: [2, 0], text: 'They ran ls.' });
    expect(fake.sequences[0]?.contents).toBe(`<s><|user|>${prompt}<|3|><|1|>They ran ls.`);
  });

  it.each([
    ['goes round in circles', { text: 'ls ls ls ', endless: true }],
    ['says a thing twice', { text: 'They ran ls, saw main.py and ran ls.' }],
    ['takes nothing from its rows', { text: 'They ran it.' }],
  ])('shows nothing of a sentence that %s', async (_, reply) => {
    const script = { favourites: ['<|1|>'], replies: [reply] };
    expect(await fakeWith(script).ask()).toMatchObject({ rows: [0], text: '' });
  });

  it('compares clauses without the subject that the pack says they share', async () => {
    const said = async (text: string, subject?: string): Promise<string> => {
      const { subject: _, ...layout } = tinyManifest.recall!;
      const recall = subject === undefined ? layout : { ...layout, subject };
      const script = { favourites: ['<|1|>'], replies: [{ text }] };
      return (await fakeWith(script).ask(asked, { ...tinyManifest, recall })).text;
    };
    expect(await said('We ran ls and ran ls.', 'We')).toBe('');
    expect(await said('We ran ls and ran ls.', 'They')).not.toBe('');
    expect(await said('They ran ls and ran ls.')).not.toBe('');
    expect(await said('It ran ls, then we ran ls, then we ran ls.')).toBe('');
  });

  describe('earlier turns', () => {
    const turn = (name: string): RecallTurn => ({
      ...{ question: `What was ${name}?`, answer: `It was ${name}.` },
      brief: { question: `${name}?`, answer: `${name}.` },
    });
    const written = ({ question, answer }: Pick<RecallTurn, 'question' | 'answer'>): string =>
      `${question}</s><|assistant|>${answer}</s><|user|>`;
    const whole = (name: string): string => written(turn(name));
    const brief = (name: string): string => written(turn(name).brief!);
    const tokens = (text: string): number => text.replace(/<\|?\/?\w+\|?>/g, '#').length;
    /** @param spare tokens beside those of the prompt without turns */
    const heard = async (earlier: readonly RecallTurn[], spare: number): Promise<string> => {
      const alone = 2 + tokens(prompt) + 3 + tinyManifest.maxReplyTokens;
      const { fake, ask } = fakeWith({ favourites: ['N'] }, alone + spare);
      await ask({ ...asked, earlier });
      return fake.sequences[0]!.contents;
    };

    it('stand before the question, with no sign that ends them', async () => {
      const earlier = [{ question: 'Q1?', answer: 'One </s>.' }];
      const first = 'Q1?</s><|assistant|>One < /s>.</s><|user|>';
      expect(await heard(earlier, 400)).toBe(`<s><|user|>${first}${prompt}`);
    });

    it('decay from the oldest on: brief first, then gone, the newest two last', async () => {
      const steps = [
        [whole('A'), whole('B'), whole('C'), whole('D')],
        [brief('A'), whole('B'), whole('C'), whole('D')],
        [brief('A'), brief('B'), whole('C'), whole('D')],
        [brief('B'), whole('C'), whole('D')],
        [whole('C'), whole('D')],
        [brief('C'), whole('D')],
        [brief('C'), brief('D')],
        [brief('D')],
        [],
      ].map((turns) => turns.join(''));
      const earlier = ['A', 'B', 'C', 'D'].map(turn);
      for (const [index, step] of steps.entries()) {
        expect(await heard(earlier, tokens(step))).toBe(`<s><|user|>${step}${prompt}`);
        if (step === '') continue;
        const next = await heard(earlier, tokens(step) - 1);
        expect(next).toBe(`<s><|user|>${steps[index + 1]}${prompt}`);
      }
    });
  });

  describe('past stretches', () => {
    const frame = (text?: string): PastEvent => ({
      kind: 'frame',
      lines: text === undefined ? [] : [{ text, region: 'editor' }],
      rows: new Float32Array(2 * 2),
    });
    const early = {
      startMs: 0,
      events: [frame('a'), frame(), frame(), { kind: 'reply', text: 'Hm.' }],
    } as const;
    const late = { startMs: 60_000, events: [frame('b'), frame()] };
    const withPast = (past: PastManifest): StreamManifest => ({
      ...tinyManifest,
      instruction: 'Watch.',
      recall: { ...tinyManifest.recall!, past },
    });
    const a = '<|screen|><|editor|>a\n';
    const b = '<|screen|><|editor|>b\n';

    it('stand before the question in the order of their times, at most as many as the pack takes', async () => {
      const request = { ...asked, past: [late, early] };
      const { fake, ask } = fakeWith({});
      await ask(request, withPast({ stretches: 2, seconds: 60 }));
      await ask(request, withPast({ stretches: 1, seconds: 60 }));
      const [both, one] = fake.sequences.map(({ contents }) => contents);
      const second = `${b}▦▦<|next|>▦▦`;
      expect(both).toContain(
        `<s><|user|>Watch.</s>${a}▦▦<|next|>▦▦<|next|>▦▦<|assistant|>Hm.</s>${second}<|user|>${prompt}`,
      );
      expect(one).toContain(`<s><|user|>Watch.</s>${second}<|user|>${prompt}`);
    });

    it('give up rows, then their text, where there is no room, the least likely first', async () => {
      const request = { ...asked, past: [late, early] };
      const seen: string[] = [];
      const bare = await fakeWith({}).fake.tokenize(`<s><|user|>${prompt}`, { parseSpecial: true });
      const least = bare.length + tinyManifest.maxReplyTokens + tinyManifest.recall!.maxRefs;
      for (let context = least + 60; context >= least; context--) {
        const { fake, ask } = fakeWith({}, context);
        await ask(request, withPast({ stretches: 2, seconds: 60 }));
        const [before = ''] = fake.sequences[0]!.contents.split(prompt);
        if (before !== seen.at(-1)) seen.push(before);
      }
      expect(
        seen.map((text) => text.replace(/<\|user\|>$/, '').replace('<s><|user|>Watch.</s>', '')),
      ).toEqual([
        `${a}▦▦<|next|>▦▦<|next|>▦▦<|assistant|>Hm.</s>${b}▦▦<|next|>▦▦`,
        `${a}▦▦<|next|>▦▦<|assistant|>Hm.</s>${b}▦▦<|next|>▦▦`,
        `${a}▦▦<|assistant|>Hm.</s>${b}▦▦<|next|>▦▦`,
        `${a}<|assistant|>Hm.</s>${b}▦▦<|next|>▦▦`,
        `${a}<|assistant|>Hm.</s>${b}▦▦`,
        `${a}<|assistant|>Hm.</s>${b}`,
        b,
        '<s>',
      ]);
    });

    it('are chosen by the decoder where the pack says so: those behind which the question is likeliest', async () => {
      const { fake, ask } = fakeWith({});
      const question = '<|user|>What was run?';
      const words = (await fake.tokenize(question, { parseSpecial: true })).length - 1;
      fake.script.silence = [...Array<number>(words).fill(0.1), ...Array<number>(words).fill(0.2)];
      await ask(
        { ...asked, past: [late, early] },
        withPast({ stretches: 1, seconds: 60, candidates: 2 }),
      );
      expect(fake.sequences).toHaveLength(1);
      expect(fake.sequences[0]!.contents).toMatch(
        /^<s><\|user\|>Watch\.<\/s><\|screen\|><\|editor\|>a\n/,
      );
      expect(fake.sequences[0]!.contents).not.toContain(b);
    });
  });

  it('refuses what does not fit, and packs that cannot', async () => {
    const { ask } = fakeWith({}, 60);
    await expect(ask()).rejects.toMatchObject({ code: 'question.tooLong' });
    const { recall: left, ...blind } = tinyManifest;
    await expect(fakeWith({}).ask(asked, blind)).rejects.toMatchObject({
      code: 'model.unsupported',
    });
    await expect(fakeWith({}, 900, tinySpecialTokens).ask()).rejects.toMatchObject({
      code: 'model.unsupported',
    });
    expect(left).toBeDefined();
  });
});
