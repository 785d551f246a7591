/** Verbs against a fake service: what is printed, and with which exit code it ends. */
import { describe, expect, it } from 'vitest';
import { createFakeService, rows } from '../../helpers/fakeService.ts';
import { runInMemory } from '../../helpers/memoryCli.ts';
import { AppError } from '../../../daemon/base/errors.ts';
import { formatHit, formatRow } from '../../../daemon/cli/format.ts';
import { mediaMs, type AskParams, type TimelineRow } from '../../../protocol/index.ts';

describe('watch', () => {
  it('prints guidance, captions and gaps with their times', async () => {
    const { code, stdout } = await runInMemory(['watch', 'short.mp4']);
    expect(code).toBe(0);
    expect(stdout).toEqual([
      '[0:07] A function named add appears.',
      '[0:08] “now the test”',
      '[0:12–0:15] nothing could be seen: damaged',
    ]);
  });

  it('prints what is quoted without its quotes, and what was read as it is', () => {
    const said = { kind: 'guidance', text: 'Ran `npm test`.' } as const;
    const told = { ...rows[1]!, ...said } as TimelineRow;
    const parts = { words: 1, coverage: 1, literal: 1 };
    const [startMs, endMs] = [mediaMs(7000), mediaMs(7000)];
    const hit = { ...{ rowId: 2, startMs, endMs, score: 3, parts }, video: { videoId: 'v' } };
    expect(formatRow(told)).toBe('[0:07] Ran npm test.');
    expect(formatHit({ ...hit, ...said }, { withVideo: false })).toBe(
      '[0:07] guidance: Ran npm test.',
    );
    const read = { kind: 'screenText', region: 'terminal', text: 'echo `date`' } as const;
    expect(formatHit({ ...hit, ...read }, { withVideo: false })).toBe(
      '[0:07] terminal: echo `date`',
    );
  });

  it('prints one JSON object a line, the counters last', async () => {
    const { code, stdout, stderr } = await runInMemory(['watch', 'short.mp4', '--json']);
    expect(code).toBe(0);
    const objects = stdout.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map(({ kind }) => kind)).toEqual(['guidance', 'cue', 'gap', 'stats']);
    expect(objects[0]).toEqual(rows[1]);
    expect(objects[3]).toMatchObject({ state: 'finished', isIndexed: false, positionMs: 20_000 });
    expect(stderr).toEqual([]);
  });

  it('prints screen text too with --all', async () => {
    const { stdout } = await runInMemory(['watch', 'short.mp4', '--all']);
    expect(stdout[0]).toBe('[0:06–0:09] screen: export function add');
    expect(stdout).toHaveLength(4);
  });

  it('shows how far it has come', async () => {
    const seen: number[] = [];
    const progress = {
      at: (positionMs: number) => {
        seen.push(positionMs);
      },
      clear: () => undefined,
      [Symbol.dispose]: () => undefined,
    };
    await runInMemory(['watch', 'short.mp4'], { progress });
    expect(seen.at(-1)).toBe(20_000);
  });

  it('asks to be told something', async () => {
    const told: unknown[] = [];
    const fake = createFakeService();
    const service = {
      ...fake,
      startSession: (...all: Parameters<typeof fake.startSession>) => {
        told.push(all[0].options);
        return fake.startSession(...all);
      },
    };
    const argv = ['watch', 'short.mp4', '--tell-me', 'when the tests pass.'];
    expect((await runInMemory(argv, { service })).code).toBe(0);
    await runInMemory(argv.slice(0, 2), { service });
    expect(told).toEqual([{ instruction: 'Tell me when the tests pass.' }, {}]);
    const { code, stderr } = await runInMemory([...argv.slice(0, 3), ' ']);
    expect([code, stderr.join()]).toEqual([2, expect.stringContaining('--tell-me is empty')]);
  });

  it('stops the session at Ctrl+C and exits with 130', async () => {
    const journal: string[] = [];
    const interrupt = new AbortController();
    const { code, stdout } = await runInMemory(['watch', 'endless.mp4', '--json'], {
      service: createFakeService((event) => {
        journal.push(event);
      }),
      interrupt,
      onLine: () => {
        interrupt.abort();
      },
    });
    expect(code).toBe(130);
    expect(journal).toContain('stopped session-1');
    expect(JSON.parse(stdout.at(-1)!)).toMatchObject({ kind: 'stats', state: 'stopped' });
  });

  it('tells why a session failed', async () => {
    const { code, stderr } = await runInMemory(['watch', 'broken.mp4']);
    expect(code).toBe(1);
    expect(stderr.join('\n')).toContain('ended five times within three minutes');
  });
});

describe('text', () => {
  it('prints the lines on screen below the part they stand in', async () => {
    const { code, stdout } = await runInMemory(['text', 'short.mp4', '--at', '0:07']);
    expect([code, ...stdout]).toEqual([0, 'editor:\n  export function add']);
  });

  it('prints one JSON object', async () => {
    const { stdout } = await runInMemory(['text', 'short.mp4', '--at', '7', '--json']);
    const { atMs, lines } = JSON.parse(stdout[0]!) as { atMs: number; lines: unknown[] };
    expect(atMs).toBe(7000);
    expect(lines).toMatchObject([
      { rowId: 1, text: 'export function add', startMs: 6000, endMs: 9000, region: 'editor' },
    ]);
  });

  it('says so when there is none', async () => {
    const argv = ['text', 'short.mp4', '--at', '7', '--region', 'terminal'];
    const { code, stdout, stderr } = await runInMemory(argv);
    expect([code, stdout, stderr]).toEqual([0, [], ['No text was on screen at 0:07.']]);
    const json = await runInMemory([...argv, '--json']);
    expect(JSON.parse(json.stdout[0]!)).toEqual({ atMs: 7000, lines: [] });
  });
});

describe('search', () => {
  it('prints the moments of a video', async () => {
    const { code, stdout } = await runInMemory(['search', 'short.mp4', 'function', 'add']);
    expect([code, ...stdout]).toEqual([0, '[0:06–0:09] screen: export function add']);
  });

  it('prints where each moment of the library is', async () => {
    const { stdout } = await runInMemory(['search', '--library', 'add', '--limit', '1']);
    expect(stdout).toEqual(['video-1 [0:06–0:09] screen: export function add']);
  });

  it('prints one JSON object', async () => {
    const { stdout } = await runInMemory(['search', 'short.mp4', 'the test', '--json']);
    expect(JSON.parse(stdout[0]!)).toMatchObject({
      query: 'the test',
      hits: [{ rowId: 3, kind: 'cue', text: 'now the test', startMs: 8000, endMs: 9000 }],
    });
  });

  it.each([
    [['search', 'short.mp4', 'nothing of it'], 'These words were not seen in this video.'],
    [['search', '--library', 'none'], 'No video that was watched has these words.'],
  ])('says so when %j finds nothing', async (argv, note) => {
    const { code, stdout, stderr } = await runInMemory(argv);
    expect([code, stdout, stderr]).toEqual([0, [], [note]]);
  });
});

describe('ask and summarize', () => {
  it('prints the answer and the rows it rests on', async () => {
    const { code, stdout } = await runInMemory(['ask', 'short.mp4', 'Which name?']);
    expect(code).toBe(0);
    expect(stdout.join('\n')).toBe('It is named add.\n  0:06–0:09 export function add');
  });

  it('prints one JSON object', async () => {
    const { stdout } = await runInMemory(['ask', 'short.mp4', 'Which?', '--at', '0:10', '--json']);
    expect(stdout).toHaveLength(1);
    expect(JSON.parse(stdout[0]!)).toEqual({
      question: 'Which?',
      answer: 'It is named add.',
      citations: [{ rowId: 1, startMs: 6000, endMs: 9000, text: 'export function add' }],
      abstained: false,
      atMs: 10_000,
      model: 'fake 1',
    });
    const unanswerable = await runInMemory(['ask', 'short.mp4', 'unanswerable', '--json']);
    expect(JSON.parse(unanswerable.stdout[0]!)).toMatchObject({ abstained: true, citations: [] });
  });

  it('asks about a stretch', async () => {
    const asked: AskParams[] = [];
    const service = createFakeService();
    const argv = ['ask', 'short.mp4', 'Which?', '--from', '0:05', '--to', '0:10', '--at', '9'];
    await runInMemory(argv, {
      service: {
        ...service,
        ask: (params, ...rest) => {
          asked.push(params);
          return service.ask(params, ...rest);
        },
      },
    });
    expect(asked[0]).toMatchObject({ fromMs: 5000, toMs: 10_000, atMs: 9000 });
  });

  it('aborts the question at Ctrl+C', async () => {
    const interrupt = new AbortController();
    const journal: string[] = [];
    const service = createFakeService((event) => {
      journal.push(event);
      if (event === 'asked slow') interrupt.abort();
    });
    const { code } = await runInMemory(['ask', 'short.mp4', 'slow'], { service, interrupt });
    expect(code).toBe(130);
    expect(journal).toContain('aborted slow');
  });

  it('prints a summary as it is, and as one object', async () => {
    const plain = await runInMemory(['summarize', 'short.mp4']);
    expect(plain.stdout).toEqual(['## 0:00\n\nA function is written.']);
    const json = await runInMemory([
      'summarize',
      'short.mp4',
      '--from',
      '2',
      '--to',
      '5',
      '--json',
    ]);
    expect(JSON.parse(json.stdout[0]!)).toEqual({
      markdown: '## 0:00\n\nA function is written.',
      startMs: 2000,
      endMs: 5000,
      citations: [],
      model: 'fake 1',
    });
  });
});

describe('doctor', () => {
  it('prints a table with remedies', async () => {
    const { code, stdout } = await runInMemory(['doctor']);
    expect(code).toBe(0);
    expect(stdout.join('\n')).toBe(
      [
        'codealong 0.0.1',
        'ffmpeg  ok       version 7',
        'engine  warning  slow',
        '                 → Buy a faster machine.',
      ].join('\n'),
    );
  });

  it('reports a daemon that does not start', async () => {
    const connect = () =>
      Promise.reject(
        new AppError('daemon.startFailed', undefined, { data: { output: 'no disk' } }),
      );
    const { code, stdout } = await runInMemory(['doctor', '--json'], { connect });
    expect(code).toBe(1);
    const report = JSON.parse(stdout[0]!) as { checks: unknown[] };
    expect(report.checks).toEqual([
      expect.objectContaining({ name: 'daemon', status: 'missing' }) as unknown,
    ]);
    expect(stdout[0]).toContain('no disk');
  });
});

describe('daemon', () => {
  it('tells what runs', async () => {
    const { code, stdout } = await runInMemory(['daemon', 'status', '--home', '/home']);
    expect(code).toBe(0);
    expect(stdout).toEqual(['Process 1, version 0.0.1, 0 clients, 0 sessions, home /home.']);
    const json = await runInMemory(['daemon', 'status', '--json']);
    expect(JSON.parse(json.stdout[0]!)).toMatchObject({ isRunning: true, pid: 1, clients: 1 });
  });

  it('tells that none runs, and starts none to know', async () => {
    const connect = () => Promise.reject(new TypeError('it was started'));
    for (const action of ['status', 'stop']) {
      const argv = ['daemon', action, '--home', '/home'];
      const { code, stdout } = await runInMemory(argv, { connect, isIdle: true });
      expect(code).toBe(0);
      expect(stdout).toEqual(['No daemon runs for /home.']);
      const json = await runInMemory([...argv, '--json'], { connect, isIdle: true });
      expect(JSON.parse(json.stdout[0]!)).toEqual({ isRunning: false, home: '/home' });
    }
  });

  it('ends it, or ends it and starts another', async () => {
    const stopped = await runInMemory(['daemon', 'stop', '--home', '/home']);
    expect(stopped).toMatchObject({ code: 0, stdout: ['No daemon runs for /home.'] });
    const restarted = await runInMemory(['daemon', 'restart']);
    expect(restarted.stdout[0]).toContain('Process 1');
  });
});

describe('failures', () => {
  it.each([
    [[], 'A verb is missing.'],
    [['dance'], 'There is no verb "dance".'],
    [['watch'], '"codealong watch" needs FILE.'],
    [['ask', 'a.mp4'], '"codealong ask" needs QUESTION.'],
    [['ask', 'a.mp4', ' '], 'The question is empty.'],
    [
      ['ask', 'a.mp4', 'what', 'is'],
      'does not know what to do with "is". Put a question in quotes.',
    ],
    [['ask', 'a.mp4', 'why', '--fps', '2'], 'The option --fps does not belong to "codealong ask".'],
    [['summarize', 'a.mp4', '--from', '9', '--to', '1'], 'The end of the stretch lies before'],
    [['ask', 'a.mp4', 'why', '--from', '9', '--to', '1'], 'The end of the stretch lies before'],
    [['text', 'a.mp4'], 'The moment is missing: --at 12:30.'],
    [['search', 'a.mp4'], '"codealong search" needs QUERY.'],
    [['search', '--library'], '"codealong search" needs QUERY.'],
    [['search', 'a.mp4', ' '], 'The query is empty.'],
    [['text', 'a.mp4', '--limit', '2'], 'The option --limit does not belong to "codealong text".'],
    [['daemon'], '"codealong daemon" needs ACTION.'],
    [['daemon', 'dance'], 'ACTION is status, stop or restart, not "dance".'],
    [['watch', 'a.mp4', '--frobnicate'], 'There is no option --frobnicate.'],
  ])('exits with 2 for %j', async (argv, sentence) => {
    const { code, stdout, stderr } = await runInMemory(argv);
    expect(code).toBe(2);
    expect(stdout).toEqual([]);
    expect(stderr.join('\n')).toContain(sentence);
  });

  it('exits with 1 for what was to be expected, in words or as an object', async () => {
    const plain = await runInMemory(['watch', 'missing.mp4']);
    expect(plain).toMatchObject({
      code: 1,
      stdout: [],
      stderr: ['codealong: There is no missing.mp4. Check the path.'],
    });
    const json = await runInMemory(['watch', 'missing.mp4', '--json']);
    expect(json.code).toBe(1);
    expect(json.stdout).toEqual([]);
    expect(JSON.parse(json.stderr.join('\n'))).toEqual({
      error: {
        code: 'source.notFound',
        message: 'There is no missing.mp4.',
        remedy: 'Check the path.',
      },
    });
  });

  it('exits with 3 for a bug', async () => {
    const { code, stderr } = await runInMemory(['ask', 'short.mp4', 'bug']);
    expect(code).toBe(3);
    expect(stderr[0]).toContain('Something went wrong that should not have.');
    const connect = () => Promise.reject(new TypeError('a bug'));
    expect((await runInMemory(['doctor'], { connect })).code).toBe(3);
  });
});

describe('help', () => {
  it.each([
    [['--help'], 'Usage: codealong VERB'],
    [['help'], 'Usage: codealong VERB'],
    [['help', 'ask'], 'Usage: codealong ask FILE QUESTION [options]'],
    [['watch', '-h'], '--speed max|realtime'],
    [['help', 'search'], 'codealong search --library QUERY… [options]'],
  ])('answers %j', async (argv, text) => {
    const { code, stdout } = await runInMemory(argv);
    expect(code).toBe(0);
    expect(stdout.join('\n')).toContain(text);
  });

  it('prints the version', async () => {
    expect(await runInMemory(['--version'])).toMatchObject({ code: 0, stdout: ['development'] });
  });
});

describe('codealong sessions delete', () => {
  it('deletes the session that is named', async () => {
    const done = await runInMemory(['sessions', 'delete', 'live-0123456789ab']);
    expect([done.code, done.stderr]).toEqual([0, ['live-0123456789ab is deleted.']]);
    const gone = await runInMemory(['sessions', 'delete', 'live-000000000000']);
    expect(gone.code).toBe(1);
  });

  it.each([
    [['sessions', 'delete'], 'needs ID'],
    [['sessions', 'delete', 'talk.mp4'], 'is not the id of a live session'],
    [['sessions', 'keep', 'live-0123456789ab'], 'knows "delete ID"'],
    [['sessions', 'delete', 'live-0123456789ab', 'more'], 'does not know what to do with "more"'],
  ])('%j is a mistake with words', async (argv, words) => {
    const { code, stderr } = await runInMemory(argv);
    expect([code, stderr.join()]).toEqual([2, expect.stringContaining(words)]);
  });
});
