import { describe, expect, it } from 'vitest';
import { GroundedText } from '../../../daemon/assistant/groundedText.ts';

const check = (pieces: readonly string[], expected: { text: string; heard: string }): void => {
  let heard = '';
  const text = new GroundedText(['npm run build', 'src/app.ts'], (words) => {
    heard += words;
  });
  for (const piece of pieces) if (!text.add(piece)) break;
  expect({ text: text.finish(), heard }).toEqual(expected);
};

describe('GroundedText', () => {
  it('passes what stands in its sources, word by word', () => {
    const said = 'They changed src/app.ts, and built it.';
    check(['They ch', 'anged src/', 'app.ts, and', ' built it.'], { text: said, heard: said });
  });

  it('ends before an invented name, and is worth nothing then', () => {
    check(['They changed ', 'src/other.ts', ' and more'], { text: '', heard: 'They changed ' });
  });

  it('is one line', () => {
    check(['\nDone.\nNext', ' line src/other.ts'], { text: 'Done.', heard: 'Done.' });
  });
});
