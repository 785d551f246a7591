import { describe, expect, it } from 'vitest';
import { codeLenses, documentLinks } from '../../../daemon/language/momentLinks.ts';
import { formatDeepLink, formatSeekLink, mediaMs } from '../../../protocol/index.ts';
import { textDocument } from './texts.ts';

const path = '/videos/a (first) talk.mp4';
const link = (seconds: number, scheme = 'vscode') =>
  formatDeepLink(scheme, { path, atMs: mediaMs(seconds * 1000) });

/** Text and target of each link. */
function check(text: string, expected: readonly (readonly [string, number])[]): void {
  const document = textDocument(text, 'markdown');
  const found = documentLinks(document).map(({ range, target }) => [
    document.getText(range),
    target,
  ]);
  expect(found).toEqual(
    expected.map(([shown, seconds]) => [
      shown,
      formatSeekLink({ path, atMs: mediaMs(seconds * 1000) }),
    ]),
  );
}

describe('links to moments', () => {
  it.each([
    ['a link', `[12:30](${link(750)})`],
    ['a link with a title', `[12:30](${link(750)} "there")`],
    ['an automatic link', `<${link(750)}>`],
    ['a bare one', `see ${link(750)}, and so on`],
    ['the end of a sentence', `see ${link(750)}.`],
    ['emphasis', `**${link(750)}**`],
    ['a table', `|a|${link(750)}|`],
    ['a reference', `[1]: ${link(750)}\r\n`],
    ['code', `\`${link(750)}\``],
    ['an element', `<a href="${link(750)}">`],
  ])('are found in %s', (_what, text) => {
    check(text, [[link(750), 750]]);
  });

  it('are found for every editor, several in a line', () => {
    const insiders = link(2, 'vscode-insiders');
    check(`[0:01](${link(1)}) [0:02](${insiders})`, [
      [link(1), 1],
      [insiders, 2],
    ]);
  });

  it('are found where a definition is used, whose line has no lens of its own', () => {
    const text = [
      `- [0:14] one, and [the second][0:14.500]`,
      `- [0:14](https://example.org) another link, and [0:15] of nothing`,
      `[0:14]: ${link(14)}`,
      `[0:14]: ${link(99)}`,
      `[0:14.500]: <${link(14.5)}>`,
    ].join('\n');
    check(text, [
      [link(14), 14],
      [link(99), 99],
      [link(14.5), 14.5],
      ['[0:14]', 14],
      ['[the second][0:14.500]', 14.5],
    ]);
    const lenses = codeLenses(textDocument(text, 'markdown'));
    expect(
      lenses.map(({ range, command }) => ({ at: range.start.line, seeks: command?.arguments })),
    ).toEqual(
      [14, 14.5].map((seconds) => ({ at: 0, seeks: [{ path, atMs: mediaMs(seconds * 1000) }] })),
    );
  });

  it.each([
    ['another host', 'vscode://evil.evil/open?video=%2Fa.mp4&t=1'],
    ['a longer host', 'vscode://codealong.codealong.evil/open?video=%2Fa.mp4&t=1'],
    ['a relative path', 'vscode://codealong.codealong/open?video=a.mp4&t=1'],
    ['no moment', 'vscode://codealong.codealong/open?video=%2Fa.mp4'],
    ['a moment that is none', 'vscode://codealong.codealong/open?video=%2Fa.mp4&t=later'],
    ['what encodes nothing', 'vscode://codealong.codealong/open?video=%E0%A4%A&t=1'],
  ])('are none for %s', (_what, text) => {
    check(`[x](${text})`, []);
  });

  it('are looked for in Markdown only', () => {
    expect(documentLinks(textDocument(`// ${link(1)}`))).toEqual([]);
    expect(codeLenses(textDocument(`// ${link(1)}`))).toEqual([]);
  });

  it('stay within bounds in a text that is full of them', () => {
    const document = textDocument(`${link(1)} \n`.repeat(5000), 'markdown');
    expect(documentLinks(document)).toHaveLength(2000);
  });

  it('are found at once in a text that almost has them', () => {
    const almost = `${'a'.repeat(400_000)}\n${'vscode://codealong.codealong/open?'.repeat(20_000)}`;
    expect(documentLinks(textDocument(almost, 'markdown'))).toEqual([]);
  });
});

describe('lenses', () => {
  it('stand above each line, one for each of its moments', () => {
    const document = textDocument(
      `# Talk\n\n- [0:01](${link(1)}) and [1:02:03](${link(3723)}), again [0:01](${link(1)})\n- ${link(9)}`,
      'markdown',
    );
    const lenses = codeLenses(document).map(({ range, command }) => [
      range.start.line,
      command?.title,
      command?.command,
      command?.arguments,
    ]);
    expect(lenses).toEqual([
      [2, '▶ 0:01', 'codealong.seekTo', [{ path, atMs: 1000 }]],
      [2, '▶ 1:02:03', 'codealong.seekTo', [{ path, atMs: 3_723_000 }]],
      [3, '▶ 0:09', 'codealong.seekTo', [{ path, atMs: 9000 }]],
    ]);
  });

  it('are no more than fit above a line', () => {
    const line = Array.from({ length: 30 }, (_none, index) => link(index)).join(' ');
    expect(codeLenses(textDocument(line, 'markdown'))).toHaveLength(8);
  });
});
