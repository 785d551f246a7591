/** Which of the newly stable lines the decoder is told, and how they are spelt for it. */
import type { ScreenTextLimits } from './perception.ts';

/** Signs of the reader that the decoder is not trained on, in ASCII. @source models/screen.py FOLDED */
const plainSigns: Readonly<Record<string, string>> = {
  '…': '...',
  '→': '->',
  '✓': 'v',
  '✗': 'x',
  '×': 'x',
  '•': '*',
  '›': '>',
  '❯': '>',
  '➜': '>',
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  é: 'e',
  ü: 'u',
};

/** What one frame gives the decoder: too many lines lose their middle, long ones their end. */
export function chooseTexts(
  texts: readonly string[],
  { maxLines, headLines, maxLineChars }: ScreenTextLimits,
): string[] {
  const kept =
    texts.length <= maxLines
      ? texts
      : [...texts.slice(0, headLines), ...texts.slice(headLines - maxLines)];
  return kept.map((text) => text.slice(0, maxLineChars));
}

/** A line in the decoder's characters, printable ASCII; empty when nothing of it is left. */
export function spellForDecoder(text: string): string {
  const folded = Array.from(text, (sign) => plainSigns[sign] ?? sign).join('');
  return folded.replace(/[^\x20-\x7e]/g, '').trim();
}
