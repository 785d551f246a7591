import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerQuestion, type AskedQuestion } from '../../../daemon/assistant/questionAnswering.ts';
import { mediaMs, type AnswerRow, type NewRow } from '../../../protocol/index.ts';
import { ScriptedRecall, type RecallCall } from '../../helpers/scriptedRecall.ts';
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
  screenText('cache', 11_000, 11_500),
  cue('now let us change the retries', 18_000, 20_000),
  screenText('retries: 7', 21_000, 40_000),
  guidance('Changes retries to 7.', 21_000, 22_000),
  screenText('cache: true', 30_000, 40_000),
];
const durationMs = 40_000;

interface Asked {
  readonly answer: AnswerRow;
  readonly calls: readonly RecallCall[];
  readonly heard: string;
}

async function ask(
  question: Omit<AskedQuestion, 'text'> & { readonly text: string },
  reply: string,
  rows: readonly NewRow[] = story,
): Promise<Asked> {
  using video = watchedVideo(rows, durationMs);
  const model = new ScriptedRecall(reply);
  let heard = '';
  const answer = await answerQuestion(
    question,
    { timeline: video.timeline, model },
    { signal, onText: (text) => void (heard += text) },
  );
  return { answer, calls: model.calls, heard };
}

describe('answerQuestion', () => {
  it('gives the model’s words with the rows that support them, and stores both', async () => {
    using video = watchedVideo(story, durationMs);
    const model = new ScriptedRecall('It uses port 4100.');
    const answer = await answerQuestion(
      { text: 'Which port does the server use?' },
      { timeline: video.timeline, model },
      { signal },
    );
    expect(answer).toMatchObject({ text: 'It uses port 4100.', abstained: false });
    expect(answer.citations[0]).toMatchObject({
      startMs: 8000,
      text: 'The server listens on port 4100.',
    });
    const [query, stored] = video.timeline.read({ kinds: ['query', 'answer'] });
    expect(query).toMatchObject({ id: answer.queryId, text: 'Which port does the server use?' });
    expect(stored).toEqual(answer);
  });

  it('puts evidence before the model in the order in which it became known', async () => {
    const { calls } = await ask({ text: 'To what value are the retries changed?' }, 'To 7.');
    const texts = calls[0]?.evidence.map((row) => row.text) ?? [];
    expect(texts.indexOf('retries: 3')).toBeLessThan(texts.indexOf('retries: 7'));
    expect(texts.indexOf('retries: 7')).toBeLessThan(texts.indexOf('Changes retries to 7.'));
    expect(calls[0]?.evidence.find((row) => row.text.startsWith('Changes'))?.kind).toBe('guidance');
    expect(calls[0]?.evidence.find((row) => row.text === 'retries: 7')?.kind).toBe('screen');
  });

  it('uses nothing that was seen later than the moment of the question', async () => {
    const { answer, calls } = await ask(
      { text: 'To what value are the retries set?', atMs: mediaMs(10_000) },
      'They are set to 3.',
    );
    const words = calls[0]?.evidence.map((row) => row.text).join('\n');
    expect(words).toContain('retries: 3');
    expect(words).not.toContain('retries: 7');
    expect(words).not.toContain('Changes');
    expect(answer.atMs).toBe(10_000);
    for (const { endMs } of answer.citations) expect(endMs).toBeLessThanOrEqual(10_000);
  });

  it('forwards the model’s words as they come', async () => {
    const { heard } = await ask({ text: 'Which port does the server use?' }, 'Port 4100.');
    expect(heard).toBe('Port 4100.');
  });

  it('prefers the line that stands on screen when the question is about now', async () => {
    const rows = [
      screenText('first.py', 0, 10_000),
      screenText('second.py', 10_000, 40_000),
      guidance('Opens first.py.', 0, 1000),
    ];
    const { answer } = await ask({ text: 'Which file is open right now?' }, 'second.py', rows);
    expect(answer.citations).toMatchObject([{ text: 'second.py', startMs: 37_000, endMs: 40_000 }]);
  });
});

describe('abstention', () => {
  it.each([
    "What is the presenter's date of birth?",
    'Which bank account number was entered?',
    'When was Ada Lovelace born?',
    'What is the capital of Norway?',
  ])('does not ask the model: %s', async (text) => {
    const { answer, calls } = await ask({ text }, 'It is 7.');
    expect(calls).toEqual([]);
    expect(answer).toMatchObject({
      abstained: true,
      citations: [],
      text: 'Not seen in this video.',
    });
  });

  it.each([
    ['the model says so', 'Not seen in this video.'],
    ['the model says nothing', ' '],
    ['a name in the answer stands nowhere', 'They opened server_utils.py.'],
    ['no row shares a word with the answer', 'Bananas grow nearby.'],
  ])('holds back when %s', async (_, reply) => {
    const { answer, calls } = await ask({ text: 'Which port does the server use?' }, reply);
    expect(calls).toHaveLength(1);
    expect(answer).toMatchObject({
      abstained: true,
      citations: [],
      text: 'Not seen in this video.',
    });
  });

  it('asks when the question has only words for what is seen', async () => {
    const { calls } = await ask({ text: 'Which menu entry does the developer choose?' }, 'None.');
    expect(calls).toHaveLength(1);
  });

  it('abstains on an empty timeline', async () => {
    const { answer, calls } = await ask({ text: 'Which file is open?' }, 'main.py', []);
    expect(answer.abstained).toBe(true);
    expect(calls).toEqual([]);
  });
});

describe('questions for a time', () => {
  it('are answered by the row that tells it, without the model', async () => {
    const { answer, calls, heard } = await ask({ text: 'When does the server start?' }, 'At noon.');
    expect(calls).toEqual([]);
    expect(answer.text).toBe('The server listens on port 4100. (0:08)');
    expect(heard).toBe(answer.text);
    expect(answer.citations[0]?.startMs).toBe(8000);
  });

  it('quote the line when nobody spoke of it, and pass over what merely flashed by', async () => {
    const { answer } = await ask({ text: 'When does the cache line appear?' }, '');
    expect(answer.text).toBe('“cache: true” (0:30)');
  });

  it('do not take what stood there from the beginning for an event', async () => {
    const { answer } = await ask({ text: 'At what second do the retries change?' }, '');
    expect(answer.citations[0]?.startMs).toBe(21_000);
  });

  it('abstain when no row speaks of the subject', async () => {
    const rows = [guidance('Opens the terminal.', 0), screenText('database', 0, 1000)];
    const { answer } = await ask({ text: 'When does the deployment open?' }, '', rows);
    expect(answer.abstained).toBe(true);
  });
});

describe('a question about a stretch', () => {
  const stretch = (fromMs: number, toMs?: number) => ({
    fromMs: mediaMs(fromMs),
    ...(toMs === undefined ? {} : { toMs: mediaMs(toMs) }),
  });

  it('rests on rows that reach into it, and cites only what lies inside', async () => {
    const asked = { text: 'To what value are the retries set?', ...stretch(10_000, 15_000) };
    const { answer, calls } = await ask(asked, 'They are set to 3.');
    const words = calls[0]?.evidence.map(({ text }) => text).join('\n');
    expect(words).toContain('retries: 3');
    expect(words).not.toContain('retries: 7');
    expect(words).not.toContain('Runs npm run serve.');
    expect(answer.citations[0]).toMatchObject({ text: 'retries: 3', startMs: 10_000 });
    expect(answer).toMatchObject({ startMs: 10_000, endMs: 15_000, atMs: 15_000 });
  });

  it('knows in its middle what was said about it a little later', async () => {
    const rows = [guidance('Opens main.py.', 4000, 6000)];
    const asked = { text: 'Which file is opened?', ...stretch(3000, 5000) };
    const { answer } = await ask(asked, 'main.py', rows);
    expect(answer.abstained).toBe(false);
  });

  it('takes for an event what happened inside, not what had been there before', async () => {
    const asked = { text: 'When are the retries shown?', ...stretch(10_000, 30_000) };
    const { answer } = await ask(asked, '');
    expect(answer.citations[0]?.startMs).toBeGreaterThan(18_000);
    const before = await ask({ ...asked, ...stretch(10_000, 12_000) }, '');
    expect(before.answer.citations[0]?.startMs).toBe(0);
  });

  it('may be asked at a moment, too', async () => {
    const asked = { text: 'Which port does the server use?', ...stretch(0, 20_000) };
    const early = await ask({ ...asked, atMs: mediaMs(6000) }, 'Port 4100.');
    expect(early.answer).toMatchObject({ abstained: true, startMs: 0, endMs: 6000 });
  });

  it('that begins behind the end of the video is refused', async () => {
    await expect(ask({ text: 'What?', ...stretch(50_000) }, '')).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});

describe('a question that follows another', () => {
  async function follow(...turns: readonly (readonly [question: string, reply: string])[]) {
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
  const port = ['Which port does the server use?', 'It uses port 4100.'] as const;

  it('takes its subject from the one before: and when?', async () => {
    const { last, calls } = await follow(port, ['And when?', '']);
    expect(last.text).toBe('The server listens on port 4100. (0:08)');
    expect(calls).toEqual([]);
  });

  it('is put to the model behind what was said before, without times', async () => {
    const { last, calls } = await follow(port, ['And when?', ''], ['why?', 'It listens there.']);
    expect(calls[0]).toMatchObject({
      question: 'why?',
      earlier: [
        { question: port[0], answer: port[1] },
        { question: 'And when?', answer: 'The server listens on port 4100.' },
      ],
    });
    expect(calls[0]?.evidence.map(({ text }) => text)).toContain(
      'The server listens on port 4100.',
    );
    expect(last.abstained).toBe(false);
  });

  it('asks for another kind of thing about the same subject', async () => {
    const { last, calls } = await follow(port, ['Which command was that?', 'npm run serve']);
    expect(calls[0]?.evidence.map(({ text }) => text)).toContain('$ npm run serve');
    expect(last.citations[0]?.text).toContain('npm run serve');
  });

  it('wants of another subject what was wanted before', async () => {
    const { last, calls } = await follow(
      ['When does the server start?', ''],
      ['And the cache?', 'never asked'],
    );
    expect(calls).toEqual([]);
    expect(last.text).toBe('“cache: true” (0:30)');
  });

  it('with a subject of its own is not led astray', async () => {
    const { last } = await follow(port, ['To what value are the retries changed?', 'To 7.']);
    expect(last.citations[0]?.text).toContain('7');
  });

  it('may follow one that found nothing, which the model does not hear of', async () => {
    const { last, calls } = await follow(
      ["What is the presenter's date of birth?", ''],
      ['Which port does the server use?', 'Port 4100.'],
    );
    expect(calls[0]?.earlier).toEqual([]);
    expect(last.abstained).toBe(false);
  });

  it('is stored so that the thread can be put together again', async () => {
    const { answers, stored } = await follow(port, ['And when?', ''], ['why?', 'It listens.']);
    expect(stored.map((row) => row.kind === 'query' && row.followUpOf)).toEqual([
      undefined,
      answers[0]?.id,
      answers[1]?.id,
    ]);
  });

  it('keeps only the newest turns in mind', async () => {
    const turns = Array.from({ length: 6 }, () => port);
    const { calls } = await follow(...turns);
    expect(calls[0]?.earlier).toHaveLength(3);
  });

  it('is refused when what it follows is not there', async () => {
    await expect(ask({ text: 'Why?', followUpOf: 999 }, '')).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});

describe('citations', () => {
  it('are at most three, short, and together within their share of the video', async () => {
    const rows = Array.from({ length: 12 }, (_, i) =>
      screenText(`token_${i} shared_name`, i * 1000, 40_000),
    );
    const { answer } = await ask({ text: 'What is shared_name?' }, 'It is shared_name.', rows);
    expect(answer.citations.length).toBeGreaterThan(0);
    expect(answer.citations.length).toBeLessThanOrEqual(3);
    const total = answer.citations.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    expect(total).toBeLessThanOrEqual(8000);
  });

  it('support a name that was read with a mistake', async () => {
    const rows = [screenText('impart load_settings from c0nfig', 0, 9000)];
    const { answer } = await ask(
      { text: 'What is imported?' },
      'They imported load_setting5.',
      rows,
    );
    expect(answer.citations).toHaveLength(1);
  });

  it('rest on the question when the answer has no words of its own', async () => {
    const { answer } = await ask({ text: 'Is the server listening?' }, 'Yes.');
    expect(answer.citations[0]?.text).toContain('listen');
  });

  it('are looked up for words that were found in the running stream', async () => {
    const { answer, calls, heard } = await ask(
      { text: 'Which port?', liveText: 'It uses port 4100.' },
      '',
    );
    expect(calls).toEqual([]);
    expect(heard).toBe('');
    expect(answer.citations[0]?.startMs).toBe(8000);
  });
});

describe('limits', () => {
  it.each(['When does the server start?', 'Which port does the server use?'])(
    'takes timelines of any length: %s',
    async (text) => {
      const rows = Array.from({ length: 200_000 }, (_, id) => ({
        ...screenText('Server listening on 4100', id * 100),
        id,
      }));
      const parts = { timeline: longTimeline(rows), model: new ScriptedRecall('Port 4100.') };
      const answer = await answerQuestion({ text }, parts, { signal });
      expect(answer).toMatchObject({ abstained: false, atMs: 19_999_900 });
    },
  );

  it('lets others have their turn while it looks through many rows', async () => {
    const rows = Array.from({ length: 2000 }, (_, id) => ({
      ...screenText(`Server ${id}`, id),
      id,
    }));
    let isOver = false;
    const turn = setImmediate().then(() => isOver);
    const parts = { timeline: longTimeline(rows), model: new ScriptedRecall('') };
    await answerQuestion({ text: 'When does the server start?' }, parts, { signal });
    isOver = true;
    expect(await turn).toBe(false);
  });

  it('puts no more before the model than it can hold', async () => {
    const rows = Array.from({ length: 400 }, (_, i) =>
      i % 4 === 0
        ? guidance(`Edits file_${i}.py and its tests.`, i * 100)
        : screenText(`test_${i} ${'long '.repeat(40)}`, i * 100, i * 100 + 50),
    );
    const { calls } = await ask({ text: 'Which test is edited?' }, 'file_0.py', rows);
    const evidence = calls[0]?.evidence ?? [];
    expect(evidence.filter((row) => row.kind === 'guidance').length).toBeLessThanOrEqual(10);
    expect(evidence.filter((row) => row.kind === 'screen').length).toBeLessThanOrEqual(14);
    for (const { kind, text } of evidence) {
      if (kind === 'screen') expect(text.length).toBeLessThanOrEqual(64);
    }
  });

  it('says and stores nothing once it was cancelled', async () => {
    using video = watchedVideo(story, durationMs);
    const controller = new AbortController();
    const model = new ScriptedRecall(() => {
      controller.abort();
      return 'It uses port 4100.';
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
