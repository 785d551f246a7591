import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChapterRow, NewRow } from '../../../protocol/index.ts';
import { mediaMs } from '../../../protocol/index.ts';
import type { SearchedRow } from '../../../daemon/timeline/rows.ts';
import type { SearchHit } from '../../../daemon/timeline/searchIndex.ts';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { cue, guidance, screenText } from './rowSamples.ts';

let folder: string;
let store: TimelineStore;
let video: VideoTimeline;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-search-'));
  store = new TimelineStore({ file: join(folder, 'timeline.db'), onDamage: () => undefined });
  video = store.openVideo({
    ...{ videoId: 'abc', model: 'sample' },
    ...{ frameRateFps: 2, silenceThreshold: 0.5 },
  });
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const search = (rows: readonly NewRow[], query: string): SearchHit<SearchedRow>[] => {
  video.appendAll(rows);
  return video.search({ query, limit: 10 });
};
/** The texts that a query finds, best first. */
const check = (rows: readonly NewRow[], query: string, expected: readonly string[]): void => {
  expect(search(rows, query).map((hit) => hit.row.text)).toEqual(expected);
};

describe('search', () => {
  it.each(['pytest', 'test_login', 'login', 'ran pytest -x', 'test_login fails'])(
    'finds %s in a sentence that quotes',
    (query) => {
      const sentence = 'Ran `pytest -x`: `test_login` fails.';
      check([guidance(sentence, 0), guidance('Opened `app.py`.', 0)], query, [sentence]);
    },
  );

  it('takes a sentence that quotes literally without its quotes, and a line with them', () => {
    const query = 'ran pytest -x: test_login fails';
    const [said] = search([guidance('Ran `pytest -x`: `test_login` fails.', 0)], query);
    expect(said?.parts.literal).toBe(1);
    const [read] = search([screenText('echo `date` | wc', 0)], 'echo `date`');
    expect(read?.parts.literal).toBe(1);
  });

  it('tells the moment before the chapter that is named after it', () => {
    const chapter: NewRow<ChapterRow> = {
      ...{ kind: 'chapter', title: 'Ran npm test.', origin: 'model', evidence: [] },
      ...{ startMs: mediaMs(0), endMs: mediaMs(90_000) },
    };
    video.appendAll([chapter, guidance('Ran npm test.', 60_000)]);
    const moments = video.find({ query: 'npm test', limit: 10 });
    expect(moments.map(({ kind }) => kind)).toEqual(['guidance', 'chapter']);
  });

  it.each([
    ['user name', 'const userName = 1'],
    ['userName', 'user_name = 1'],
    ['testutils', 'src/testUtils.ts'],
    ['3500', 'http://127.0.0.1:3500/index.html'],
    ['renaming', 'Rename Symbol'],
    ['compose', 'docker-compose.yml'],
  ])('finds %s in %s', (query, text) => {
    check([screenText(text, 0), screenText('something else', 0)], query, [text]);
  });

  it.each([
    '"',
    "'; DROP TABLE rows; --",
    'main OR',
    'NEAR(main py)',
    'words:main*',
    '^main AND NOT',
    '(((',
    '🙂🙃',
    '漢字',
    '\u0000',
    '\\',
    '-',
    '',
    ' ',
    'a'.repeat(5000),
    Array.from({ length: 500 }, (_, i) => `w${i}`).join(' '),
  ])('takes %j as plain text', (query) => {
    expect(() => search([screenText('import main', 0)], query)).not.toThrow();
    expect(video.read({})).toHaveLength(1);
  });

  it('puts the literal line before lines with some of its words', () => {
    check(
      [
        screenText('server started', 0),
        screenText('waiting for clip_t', 100),
        screenText('Start server bound to 0.0.0.0:51000', 200),
      ],
      'Start server bound to 0.0.0.0:51000',
      ['Start server bound to 0.0.0.0:51000', 'server started'],
    );
  });

  it('forgives misread characters', () => {
    const hits = search(
      [screenText('J1NA_L0G_LEVEL=debug', 0), screenText('other', 0)],
      'JINA_LOG_LEVEL',
    );
    expect(hits[0]?.row.text).toBe('J1NA_L0G_LEVEL=debug');
    expect(hits[0]?.parts.literal).toBeGreaterThan(0.8);
  });

  it('forgives them in lines with quotes too', () => {
    check([screenText('"dialect": "PostgreS0L"', 0)], '"dia1ect": "PostgreSQL"', [
      '"dialect": "PostgreS0L"',
    ]);
  });

  it('puts the first sighting first among equals', () => {
    const hits = search([screenText('main.py', 5000), screenText('main.py', 1000)], 'main.py');
    expect(hits.map((hit) => hit.row.startMs)).toEqual([1000, 5000]);
  });

  it('finds what was said and captioned, and shows why', () => {
    const hits = search(
      [guidance('Runs the tests.', 0), cue('now the tests', 0, 500), screenText('pytest', 0)],
      'tests',
    );
    expect(hits.map((hit) => hit.row.kind).sort()).toEqual(['cue', 'guidance']);
    for (const { score, parts } of hits) {
      expect(score).toBeCloseTo(parts.words + parts.coverage + parts.literal);
      expect(parts.coverage).toBe(1);
    }
  });

  it('finds nothing that came later', () => {
    video.appendAll([screenText('main.py', 1000, 4000), guidance('Opens main.py.', 1000, 6000)]);
    const hits = video.search({ query: 'main.py', limit: 5, untilMs: mediaMs(2000) });
    expect(hits).toHaveLength(1);
    expect(hits[0]?.row).toMatchObject({ kind: 'screenText', endMs: 2000 });
  });

  it('gives at most as many as were asked for', () => {
    video.appendAll(Array.from({ length: 20 }, (_, i) => screenText(`main ${i}`, i)));
    expect(video.search({ query: 'main', limit: 3 })).toHaveLength(3);
  });
});
