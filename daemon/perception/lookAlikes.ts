/** Signs that a reader of small letters takes for one another. */

/** Each group looks alike at some size in some font. @source confusions of the reading study, models/screen/reading.py LOOK_ALIKES */
const groups = [
  'l1I|!',
  'O0oQD',
  'cCe',
  'S5s',
  'B8',
  'Z2z',
  'gq',
  '.,',
  ':;',
  '\'`"’',
  '-_–—',
  '({[',
  ')}]',
  'vV',
  'wW',
  'xX×',
];

const groupsOf = new Map<string, Set<number>>();
groups.forEach((group, index) => {
  for (const sign of group) {
    const known = groupsOf.get(sign) ?? new Set();
    groupsOf.set(sign, known.add(index));
  }
});

/** Whether one of the two may be a misreading of the other. */
export function areLookAlikes(a: string, b: string): boolean {
  const others = groupsOf.get(b);
  return others !== undefined && [...(groupsOf.get(a) ?? [])].some((group) => others.has(group));
}

/** Letters that identifiers are made of, each as the first of its group, `rn` as `m`. */
const folds = ['l1I', 'oO0', 'cC', 'sS5', 'B8', 'zZ2', 'gq', 'vV', 'wW', 'xX'];
const foldOf = new Map(folds.flatMap((group) => Array.from(group, (sign) => [sign, group[0]!])));

/** Equal for words that look alike. */
export function foldLookAlikes(word: string): string {
  return Array.from(word.replaceAll('rn', 'm'), (sign) => foldOf.get(sign) ?? sign).join('');
}
