import { describe, expect, it } from 'vitest';
import { linkMoments, mediaMs, type Citation } from '../../protocol/index.ts';

const moment = (rowId: number, startMs: number): Citation => ({
  ...{ rowId, startMs: mediaMs(startMs), endMs: mediaMs(startMs), text: '' },
});
const link = ({ startMs }: Citation, label: string): string => `[${label}](t=${startMs / 1000})`;

describe('linkMoments', () => {
  it('gives each listed time the exact moment of its row', () => {
    const markdown = [
      '# Summary 0:00–1:02:03',
      ...['', 'They said **0:14** and ran it.', ''],
      ...['- **0:14** Opens main.py.', '- **0:14** Runs it.', '- **1:02:03** Ends.'],
      ...['', 'On screen:', '', '- **0:05** `- **0:05** import os`', ''],
    ].join('\n');
    const citations = [moment(1, 14_000), moment(2, 14_500), moment(3, 3_723_000), moment(4, 5250)];
    expect(linkMoments({ markdown, citations }, link).split('\n').slice(4, 11)).toEqual([
      '- [0:14](t=14) Opens main.py.',
      '- [0:14](t=14.5) Runs it.',
      '- [1:02:03](t=3723) Ends.',
      '',
      'On screen:',
      '',
      '- [0:05](t=5.25) `- **0:05** import os`',
    ]);
  });

  it('leaves a time alone that no row tells, and goes on', () => {
    const markdown = '- **0:01** a\n- **0:02** b\n';
    const linked = linkMoments({ markdown, citations: [moment(1, 2000)] }, link);
    expect(linked).toBe('- **0:01** a\n- [0:02](t=2) b\n');
  });
});
