import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  answerQuestion,
  type AskedQuestion,
  type Proposal,
} from '../../../daemon/assistant/questionAnswering.ts';
import { mediaMs, type AnswerRow, type NewRow } from '../../../protocol/index.ts';
import { ScriptedRecall, type RecallCall, type Scripted } from '../../helpers/scriptedRecall.ts';
import type { PlacedText } from '../../../daemon/perception/perception.ts';
import { cue, guidance, screenText } from '../timeline/rowSamples.ts';
import { longTimeline, watchedVideo } from './timelines.ts';

const { signal } = new AbortController();

/** A developer starts a server, then changes a value. */
const story: readonly NewRow[] = [
  screenText('settings.yaml', 0, 40_000),
  screenText('retries: 3', 0, 20_000),
  screenText('$ npm run serve', 5000, 20_000),
  guidance('Runs npm run serve.', 5000, 6000),
  screenText('Server listening on 127.0.0.1:4100', 8000, 20_000),
  guidance('The server listens on port 4100.', 8000, 9000),
  cue('now let us change the retries', 18_000, 20_000),
  screenText('retries: 7', 21_000, 40_000),
  guidance('Changes retries to 7.', 21_000, 22_000),
  screenText('cache: true', 30_000, 40_000),
];
const durationMs = 40_000;
const listening = 'Server listening on 127.0.0.1:4100';

interface Asked {
  readonly answer: AnswerRow;
  readonly calls: readonly RecallCall[];
  readonly heard: string;
  readonly proposals: readonly Proposal[];
}

async function ask(
  question: AskedQuestion,
  reply: Scripted,
  rows: readonly NewRow[] = story,
): Promise<Asked> {
  using video = watchedVideo(rows, durationMs);
  const model = new ScriptedRecall(reply);
  const proposals: Proposal[] = [];
  let heard = '';
  const answer = await answerQuestion(
    question,
    { timeline: video.timeline, model, onProposal: (proposal) => void proposals.push(proposal) },
    { signal, onText: (text) => void (heard += text) },
  );
  return { answer, calls: model.calls, heard, proposals };
}

const given = ({ calls }: Asked): string[] => calls[0]?.evidence.map(({ text }) => text) ?? [];

describe('answerQuestion', () => {
  it('gives the model’s words, the rows it named and the time of the first, and stores both', async () => {
    using video = watchedVideo(story, durationMs);
    const model = new ScriptedRecall({ says: 'It uses port 4100.', names: [listening] });
    const answer = await answerQuestion(
      { text: 'Which port does the server use?' },
      { timeline: video.timeline, model },
      { signal },
    );
    expect(answer).toMatchObject({
      text: `It uses port 4100. “${listening}” (0:08)`,
      abstained: false,
      citations: [{ startMs: 8000, endMs: 16_000, text: listening }],
    });
    const [query, stored] = video.timeline.read({ kinds: ['query', 'answer'] });
    expect(query).toMatchObject({ id: answer.queryId, text: 'Which port does the server use?' });
    expect(stored).toEqual(answer);
  });

  it('shows nothing but what the model has named', async () => {
    const { answer } = await ask({ text: 'Which port?' }, { says: 'Yes.', names: ['cache: true'] });
    expect(answer.text).toBe('Yes. “cache: true” (0:30)');
    expect(answer.citations.map(({ text }) => text)).toEqual(['cache: true']);
  });

  it('abstains in the words of the model when it names nothing', async () => {
    const { answer, heard } = await ask({ text: 'Who wrote it?' }, { says: 'Ada.', names: [] });
    expect(answer).toMatchObject({
      ...{ abstained: true, citations: [], text: 'Not seen in this video.' },
    });
    expect(heard).toBe('');
  });

  it('tells which rows it proposed, and why', async () => {
    const { proposals } = await ask({ text: 'retries: 7' }, { names: ['retries: 7'] });
    const { rows, named } = proposals[0]!;
    const best = rows.toSorted((a, b) => b.score - a.score)[0];
    expect(best).toMatchObject({ row: { text: 'retries: 7' }, parts: { literal: 1, coverage: 1 } });
    expect(named).toEqual([rows.indexOf(best!)]);
  });

  it('puts rows before the model in the order of their times, with the part of the screen', async () => {
    const asked = await ask({ text: 'To what value are the retries changed?' }, { names: [] });
    const texts = given(asked);
    expect(texts.indexOf('retries: 3')).toBeLessThan(texts.indexOf('retries: 7'));
    expect(texts.indexOf('retries: 7')).toBeLessThan(texts.indexOf('Changes retries to 7.'));
    const row = (text: string) => asked.calls[0]?.evidence.find((other) => other.text === text);
    expect(row('Changes retries to 7.')?.kind).toBe('guidance');
    expect(row('retries: 7')).toMatchObject({ kind: 'screen', region: 'editor' });
    expect(row('now let us change the retries')).toMatchObject({ kind: 'screen', region: 'other' });
  });

  it('puts the best row first before a model that wants them by rank', async () => {
    using video = watchedVideo(story, durationMs);
    const model = new ScriptedRecall({ names: ['cache: true'] }, 'rank');
    const asked = { text: 'Which port does the server listen on?' };
    const answer = await answerQuestion(asked, { timeline: video.timeline, model }, { signal });
    const texts = model.calls[0]?.evidence.map(({ text }) => text);
    expect(texts?.[0]).toBe('The server listens on port 4100.');
    expect(answer.citations[0]?.text).toBe('cache: true');
  });

  it('asks the retriever about every row, and follows it where no word tells', async () => {
    using video = watchedVideo(story, durationMs);
    const scripted = new ScriptedRecall({ says: 'That.', names: ['settings.yaml'] }, 'rank');
    const asked: { question: string; places: string[] }[] = [];
    const model = Object.assign(scripted, {
      relevance: (question: string, rows: readonly PlacedText[]) => {
        asked.push({ question, places: rows.map(({ place }) => place) });
        return Promise.resolve(rows.map(({ text }) => (text === 'settings.yaml' ? 1 : -1)));
      },
    });
    await answerQuestion(
      { text: 'What is open?' },
      { timeline: video.timeline, model },
      { signal },
    );
    expect(asked).toEqual([
      { question: 'What is open?', places: expect.arrayContaining(['guidance', 'other']) as never },
    ]);
    expect(model.calls[0]?.evidence[0]?.text).toBe('settings.yaml');
  });

  it('uses nothing that was seen later than the moment of the question', async () => {
    const question = { text: 'To what value are the retries set?', atMs: mediaMs(10_000) };
    const asked = await ask(question, { names: ['retries: 3'] });
    const words = given(asked).join('\n');
    expect(words).toContain('retries: 3');
    expect(words).not.toContain('retries: 7');
    expect(words).not.toContain('Changes');
    expect(asked.answer.atMs).toBe(10_000);
    for (const { endMs } of asked.answer.citations) expect(endMs).toBeLessThanOrEqual(10_000);
  });

  it('forwards the model’s words as they come', async () => {
    const { heard } = await ask(
      { text: 'Which port?' },
      { says: 'Port 4100.', names: [listening] },
    );
    expect(heard).toBe('Port 4100.');
  });

  it('abstains on an empty timeline', async () => {
    const { answer } = await ask(
      { text: 'Which file is open?' },
      { says: 'It.', names: ['a'] },
      [],
    );
    expect(answer.abstained).toBe(true);
  });
});

describe('a question about a stretch', () => {
  const stretch = (fromMs: number, toMs?: number) => ({
    fromMs: mediaMs(fromMs),
    ...(toMs === undefined ? {} : { toMs: mediaMs(toMs) }),
  });

  it('rests on rows that reach into it, and cites only what lies inside', async () => {
    const question = { text: 'To what value are the retries set?', ...stretch(10_000, 15_000) };
    const asked = await ask(question, { names: ['retries: 3'] });
    const words = given(asked).join('\n');
    expect(words).toContain('retries: 3');
    expect(words).not.toContain('retries: 7');
    expect(words).not.toContain('Runs npm run serve.');
    expect(asked.answer.citations[0]).toMatchObject({ startMs: 10_000, endMs: 15_000 });
    expect(asked.answer).toMatchObject({ startMs: 10_000, endMs: 15_000, atMs: 15_000 });
  });

  it('knows in its middle what was said about it a little later', async () => {
    const rows = [guidance('Opens main.py.', 4000, 6000)];
    const question = { text: 'Which file is opened?', ...stretch(3000, 5000) };
    const { answer } = await ask(question, { names: ['Opens main.py.'] }, rows);
    expect(answer.abstained).toBe(false);
  });

  it('may be asked at a moment, too', async () => {
    const question = { text: 'Which port?', ...stretch(0, 20_000), atMs: mediaMs(6000) };
    const early = await ask(question, { names: [listening] });
    expect(early.answer).toMatchObject({ abstained: true, startMs: 0, endMs: 6000 });
  });

  it('that begins behind the end of the video is refused', async () => {
    await expect(ask({ text: 'What?', ...stretch(50_000) }, { names: [] })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});

describe('a question about a part of the picture', () => {
  const placed = (text: string, x: number, startMs: number, endMs: number): NewRow => ({
    ...screenText(text, startMs, endMs),
    box: [x, 100, 200, 20],
  });
  const rows = [
    placed('on the left', 0, 0, 20_000),
    placed('on the right', 600, 0, 20_000),
    placed('right before', 600, 0, 4500),
    placed('right much earlier', 600, 0, 1000),
    guidance('Opens the right side.', 4000),
  ];

  it('rests on the lines that stand in it then, or did just before, and is stored with it', async () => {
    using video = watchedVideo(rows, durationMs);
    const model = new ScriptedRecall({ names: ['on the right'] });
    const box = [650, 90, 10, 30] as const;
    const answer = await answerQuestion(
      { text: 'What is this?', atMs: mediaMs(5000), box },
      { timeline: video.timeline, model },
      { signal },
    );
    const texts = model.calls[0]?.evidence.map(({ text }) => text).sort();
    expect(texts).toEqual(['on the right', 'right before']);
    expect(answer.text).toContain('on the right');
    expect(video.timeline.read({ kinds: ['query'] })).toMatchObject([{ box }]);
  });

  it('abstains when nothing stands there, and is refused without a moment', async () => {
    const box = [300, 300, 5, 5] as const;
    const nothing = await ask({ text: 'This?', box, atMs: mediaMs(5000) }, { names: [] }, rows);
    expect(nothing.calls[0]?.evidence).toEqual([]);
    expect(nothing.answer.abstained).toBe(true);
    await expect(ask({ text: 'This?', box }, { names: [] }, rows)).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});

describe('a question that follows another', () => {
  async function follow(...turns: readonly (readonly [question: string, reply: Scripted])[]) {
    using video = watchedVideo(story, durationMs);
    const parts = { timeline: video.timeline };
    const answers: AnswerRow[] = [];
    const models: ScriptedRecall[] = [];
    for (const [text, reply] of turns) {
      const model = new ScriptedRecall(reply);
      const last = answers.at(-1);
      const asked = { text, ...(last ? { followUpOf: last.id } : {}) };
      answers.push(await answerQuestion(asked, { ...parts, model }, { signal }));
      models.push(model);
    }
    const stored = video.timeline.read({ kinds: ['query'] });
    return { answers, last: answers.at(-1)!, calls: models.at(-1)!.calls, stored };
  }
  const port = [
    'Which port does the server use?',
    { says: 'It uses port 4100.', names: [listening] },
  ] as const;
  const when = ['And when?', { says: 'It started then.', names: [listening] }] as const;

  it('is put to the model behind what was said before, without times and quotations', async () => {
    const { calls, last } = await follow(port, when, ['why?', { names: [listening] }]);
    expect(calls[0]).toMatchObject({
      question: 'why?',
      earlier: [
        {
          ...{ question: port[0], answer: 'It uses port 4100.' },
          brief: { question: 'port server use?', answer: 'uses port 4100.' },
        },
        { question: 'And when?', answer: 'It started then.' },
      ],
    });
    expect(last.text).toBe(`“${listening}” (0:08)`);
  });

  it('is looked up with what the one before asked and rests on', async () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      screenText(`line ${i}`, i * 500, i * 500 + 400),
    );
    using video = watchedVideo([...many, screenText(listening, 8100, 8300)], durationMs);
    const parts = { timeline: video.timeline };
    const first = new ScriptedRecall(port[1]);
    const asked = { text: port[0] };
    const before = await answerQuestion(asked, { ...parts, model: first }, { signal });
    const model = new ScriptedRecall({ names: [listening] });
    const next = { text: 'Why?', followUpOf: before.id };
    const answer = await answerQuestion(next, { ...parts, model }, { signal });
    expect(answer.citations).toMatchObject([{ text: listening }]);
  });

  it('still has the row that the first of three turns rests on, before rows that no turn was about', async () => {
    const many = Array.from({ length: 60 }, (_, i) =>
      screenText(`line ${i}`, i * 500, i * 500 + 400),
    );
    using video = watchedVideo([...many, screenText(listening, 8100, 8300)], durationMs);
    let last: AnswerRow | undefined;
    const proposals: Proposal[] = [];
    const say = async (text: string, name: string): Promise<void> => {
      last = await answerQuestion(
        { text, ...(last ? { followUpOf: last.id } : {}) },
        {
          ...{ timeline: video.timeline, model: new ScriptedRecall({ names: [name] }) },
          onProposal: (proposal) => void proposals.push(proposal),
        },
        { signal },
      );
    };
    await say(port[0], listening);
    for (const i of [54, 56]) await say(`What is line ${i}?`, `line ${i}`);
    await say('And where?', listening);
    expect(last?.citations).toMatchObject([{ text: listening }]);
    const scores = new Map(
      proposals.at(-1)?.rows.map(({ row, parts }) => [row.text, parts.before]),
    );
    expect(scores.get(listening)).toBeGreaterThan(0);
    expect(scores.get('line 56')).toBeGreaterThan(scores.get(listening)!);
  });

  it('may follow one that found nothing, which the model does not hear of', async () => {
    const { last, calls } = await follow(['What is the date of birth?', { names: [] }], port);
    expect(calls[0]?.earlier).toEqual([]);
    expect(last.abstained).toBe(false);
  });

  it('is stored so that the thread can be put together again', async () => {
    const { answers, stored } = await follow(port, when, port);
    expect(stored.map((row) => row.kind === 'query' && row.followUpOf)).toEqual([
      undefined,
      answers[0]?.id,
      answers[1]?.id,
    ]);
  });

  it('keeps only the newest turns in mind', async () => {
    const turns = Array.from({ length: 7 }, () => port);
    const { calls } = await follow(...turns);
    expect(calls[0]?.earlier).toHaveLength(3);
  });

  it('is refused when what it follows is not there', async () => {
    await expect(ask({ text: 'Why?', followUpOf: 999 }, { names: [] })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});

describe('limits', () => {
  it('takes timelines of any length, and lets others have their turn meanwhile', async () => {
    const rows = Array.from({ length: 100_000 }, (_, id) => ({
      ...screenText(`Server listening on ${id}`, id * 100),
      id,
    }));
    let isOver = false;
    const turn = setImmediate().then(() => isOver);
    const model = new ScriptedRecall({ says: 'Port.', names: ['Server listening on 0'] });
    const parts = { timeline: longTimeline(rows), model };
    const answer = await answerQuestion({ text: 'Which port?' }, parts, { signal });
    isOver = true;
    expect(answer.atMs).toBe(9_999_900);
    expect(model.calls[0]?.evidence).toHaveLength(24);
    expect(await turn).toBe(false);
  });

  it('says and stores nothing once it was cancelled', async () => {
    using video = watchedVideo(story, durationMs);
    const controller = new AbortController();
    const model = new ScriptedRecall(() => {
      controller.abort();
      return { says: 'It uses port 4100.', names: [listening] };
    });
    const work = answerQuestion(
      { text: 'Which port does the server use?' },
      { timeline: video.timeline, model },
      { signal: controller.signal },
    );
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
    expect(video.timeline.read({ kinds: ['query', 'answer'] })).toEqual([]);
  });
});
