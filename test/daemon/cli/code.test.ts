/** `codealong code` against a fake service. */
import { describe, expect, it } from 'vitest';
import { createFakeService } from '../../helpers/fakeService.ts';
import { runInMemory } from '../../helpers/memoryCli.ts';
import type { ReadCodeParams } from '../../../protocol/index.ts';

describe('code', () => {
  it('prints the code alone on standard output, and what to know about it beside', async () => {
    const { code, stdout, stderr } = await runInMemory(['code', 'short.mp4', '--at', '1:15']);
    expect(code).toBe(0);
    expect(stdout).toEqual(['export function add\n  retum 1']);
    expect(stderr).toEqual([
      'add.js, at 1:15, javascript, does not parse',
      '  line 2, 61 % sure: retum 1',
    ]);
  });

  it('tells which lines are covered and come from before', async () => {
    const fake = createFakeService();
    const service = {
      ...fake,
      readCode: async (...all: Parameters<typeof fake.readCode>) => {
        const code = await fake.readCode(...all);
        const lines = code.lines.map((line) => ({ ...line, seenBefore: true as const }));
        return { ...code, lines };
      },
    };
    const { stderr } = await runInMemory(['code', '/short.mp4', '--at', '1:15'], { service });
    expect(stderr.slice(1)).toEqual([
      '  line 1, covered now, as it was before: export function add',
      '  line 2, covered now, as it was before: retum 1',
    ]);
  });

  it('prints one JSON object', async () => {
    const argv = ['code', 'short.mp4', '--at', '7', '--region', 'terminal', '--json'];
    const { stdout, stderr } = await runInMemory(argv);
    expect(stdout).toHaveLength(1);
    expect(JSON.parse(stdout[0]!)).toMatchObject({
      ...{ atMs: 7000, region: 'terminal', fileName: 'add.js', languageId: 'javascript' },
      lines: [{ text: 'export function add', confidence: 0.98 }, { confidence: 0.614 }],
    });
    expect(stderr).toEqual([]);
  });

  it('asks for the moment and the region that were meant', async () => {
    const asked: ReadCodeParams[] = [];
    const fake = createFakeService();
    const service = {
      ...fake,
      readCode: (...all: Parameters<typeof fake.readCode>) => {
        asked.push(all[0]);
        return fake.readCode(...all);
      },
    };
    await runInMemory(['code', 'short.mp4', '--at', '7.5', '--fps', '2'], { service });
    expect(asked).toEqual([]);
    await runInMemory(['code', '/short.mp4', '--at', '7.5'], { service });
    await runInMemory(['code', '/short.mp4', '--at', '8', '--region', 'terminal'], { service });
    expect(asked).toMatchObject([
      { source: { path: '/short.mp4' }, atMs: 7500 },
      { atMs: 8000, region: 'terminal' },
    ]);
    expect(asked[0]).not.toHaveProperty('region');
  });

  it('fails with a sentence when there was none', async () => {
    expect(await runInMemory(['code', 'empty.mp4', '--at', '0:07'])).toEqual({
      ...{ code: 1, stdout: [] },
      stderr: ['No text of an editor was on screen at 0:07.'],
    });
    const json = await runInMemory(['code', 'empty.mp4', '--at', '0:07', '--json']);
    expect(JSON.parse(json.stdout[0]!)).toMatchObject({ text: '', lines: [] });
    expect(json.code).toBe(1);
  });

  it.each([
    [['code', 'a.mp4'], 'The moment is missing'],
    [['code', 'a.mp4', '--at', '1', '--region', 'tree'], 'not in "tree"'],
    [['code', 'a.mp4', '--at', '1', '--region', 'nowhere'], 'takes one of editor, terminal'],
    [['code', 'a.mp4', '--at', 'soon'], 'takes a time'],
  ])('refuses %j', async (argv, sentence) => {
    const { code, stdout, stderr } = await runInMemory(argv);
    expect([code, stdout]).toEqual([2, []]);
    expect(stderr.join()).toContain(sentence);
  });
});
