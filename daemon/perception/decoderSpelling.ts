/** How newly stable lines are spelt for the decoder. */

/** Signs of the reader that the decoder is not trained on, in ASCII. @source models/text/ascii.py FOLDED */
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

/** A line in the decoder's characters, printable ASCII; empty when nothing of it is left. */
export function spellForDecoder(text: string): string {
  const folded = Array.from(text, (sign) => plainSigns[sign] ?? sign).join('');
  return folded.replace(/[^\x20-\x7e]/g, '').trim();
}
