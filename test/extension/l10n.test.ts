/**
 * What is translated, and whether all of it is. After a text has changed:
 *   CODEALONG_UPDATE_TEXTS=1 npx vitest run test/extension/l10n.test.ts
 * writes the English texts anew; the translations are then missing what is new, and say so.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localTexts, textsOf } from '../helpers/localTexts.ts';
import { listFiles } from '../helpers/sourceTree.ts';

type Texts = Readonly<Record<string, string>>;

const fileOf = (name: string): URL => new URL(`../../${name}`, import.meta.url);
const read = (name: string): Texts => JSON.parse(readFileSync(fileOf(name), 'utf8')) as Texts;

const english = [...new Set(localTexts().map(({ text }) => text))].sort();
const bundle = 'l10n/bundle.l10n.json';

const languages = listFiles('l10n', '.json').flatMap(
  (file) => /bundle\.l10n\.(.+)\.json$/.exec(file)?.[1] ?? [],
);

/** `{0}` and the like, in any order. */
const places = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g))].sort();

describe('texts', () => {
  it('are found wherever they are handed over', () => {
    const found = textsOf(
      'a.tsx',
      "const x = l10n.t('one'); t(isTwo ? 'two' : 'three'); vscode.l10n.t(computed); text('no'); <p>{t('four {0}', 4)}</p>;",
    );
    expect(found.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four {0}']);
  });

  it('stand in the bundle, and nothing else does', () => {
    if (process.env['CODEALONG_UPDATE_TEXTS'] === '1') {
      const contents = Object.fromEntries(english.map((text) => [text, text]));
      writeFileSync(fileOf(bundle), `${JSON.stringify(contents, null, 2)}\n`);
    }
    expect(english.length).toBeGreaterThan(50);
    expect(Object.keys(read(bundle)).sort()).toEqual(english);
  });

  it('write an ellipsis as one sign', () => {
    expect(english.filter((text) => text.includes('...'))).toEqual([]);
  });
});

describe.each(languages)('in %s', (language) => {
  const translated = read(`l10n/bundle.l10n.${language}.json`);

  it('every text is translated, and keeps its places', () => {
    expect(Object.keys(translated).sort()).toEqual(english);
    const broken = Object.entries(translated).filter(
      ([text, words]) => words.trim() === '' || places(text).join() !== places(words).join(),
    );
    expect(broken).toEqual([]);
  });

  it('the manifest is translated too', () => {
    const name = `package.nls.${language}.json`;
    expect(existsSync(fileOf(name))).toBe(true);
    const words = read(name);
    expect(Object.keys(words).sort()).toEqual(Object.keys(read('package.nls.json')).sort());
    expect(Object.values(words).filter((text) => text.trim() === '')).toEqual([]);
  });
});
