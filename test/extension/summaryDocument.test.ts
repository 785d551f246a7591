import { describe, expect, it } from 'vitest';
import { summaryDocument, summaryFileName } from '../../extension/summaryDocument.ts';
import { mediaMs, parseDeepLink, type Citation, type SummaryRow } from '../../protocol/index.ts';

const cite = (rowId: number, startMs: number, text: string): Citation => ({
  ...{ rowId, text, startMs: mediaMs(startMs), endMs: mediaMs(startMs + 1000) },
});

const row: SummaryRow = {
  kind: 'summary',
  id: 12,
  startMs: mediaMs(0),
  endMs: mediaMs(90_000),
  markdown: `# Summary 0:00–1:30

They opened main.py and ran pytest.

- **0:01** Opens main.py.
- **1:05** Runs pytest.

On screen:

- **0:01** \`import requests\`
`,
  citations: [
    cite(1, 1400, 'Opens main.py.'),
    cite(2, 65_000, 'Runs pytest.'),
    cite(3, 1900, 'import requests'),
  ],
  model: 'live_tiny 1',
};
const subject = { path: '/videos/a (1).mp4', name: 'a_b (1).mp4', scheme: 'vscode' };
const definition = (label: string, seconds: number): string =>
  `[${label}]: vscode://codealong.codealong/open?video=%2Fvideos%2Fa%20%281%29.mp4&t=${seconds}`;

describe('the document of a summary', () => {
  it('says what the row says, with its times as links to the exact moments', () => {
    expect(summaryDocument(row, subject)).toBe(`# a\\_b (1).mp4

[0:00] – [1:30]

They opened main.py and ran pytest.

- [0:01] Opens main.py.
- [1:05] Runs pytest.

On screen:

- [0:01][0:01.900] \`import requests\`

_Made by live\\_tiny 1._

${definition('0:00', 0)}
${definition('0:01', 1.4)}
${definition('0:01.900', 1.9)}
${definition('1:05', 65)}
${definition('1:30', 90)}
`);
  });

  it('has links that lead back to the video', () => {
    const links = [...summaryDocument(row, subject).matchAll(/^\[.+\]: (.+)$/gm)];
    expect(links.map(([, target]) => parseDeepLink(target!)?.atMs)).toEqual([
      0, 1400, 1900, 65_000, 90_000,
    ]);
    expect(parseDeepLink(links[0]![1]!)?.path).toBe(subject.path);
  });

  it('leaves a time alone that no citation has', () => {
    const document = summaryDocument({ ...row, citations: [cite(2, 65_000, 'x')] }, subject);
    expect(document).toContain('- **0:01** Opens main.py.');
    expect(document).toContain('- [1:05] Runs pytest.');
  });

  it('adds nothing to a summary that says that nothing was seen', () => {
    const empty = { ...row, markdown: '# Summary 0:00–1:30\n\nNothing was seen.\n', citations: [] };
    const body = summaryDocument(empty, subject).split('\n').slice(4);
    expect(body).toEqual([
      ...['Nothing was seen.', '', '_Made by live\\_tiny 1._', ''],
      ...[definition('0:00', 0), definition('1:30', 90), ''],
    ]);
  });

  it('is saved under the name of the video and the stretch', () => {
    expect(summaryFileName(subject, row)).toBe('a_b (1) 0.00-1.30.md');
  });
});
