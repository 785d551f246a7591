// Writes down whose work is inside a package, with the text of every licence.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isLicence } from './nativeClosure.mjs';

/** The text of the MIT licence. @param {string} owner */
const mit = (owner) => `MIT License

Copyright (c) ${owner}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** Libraries that come inside a package's binaries without a package of their own. */
const insideBinaries = [
  {
    title: 'llama.cpp and ggml (in @node-llama-cpp/linux-x64)',
    licence: 'MIT',
    text: mit('The ggml authors'),
  },
];

/** Who wrote it, as far as the package says. */
function ownerOf({ name, author, contributors, homepage }) {
  const person = author ?? contributors?.[0];
  const named = typeof person === 'string' ? person : person?.name;
  return (named ?? homepage ?? `the authors of ${name}`).replace(/\s*[<(].*$/, '');
}

async function describePackage(folder) {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const { name, version } = manifest;
  const licence = manifest.license?.type ?? manifest.license;
  if (typeof licence !== 'string') throw new Error(`${name} does not name its licence`);
  const files = (await readdir(folder)).filter(isLicence).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  if (texts.length === 0 && licence === 'MIT') texts.push(mit(ownerOf(manifest)));
  if (texts.length === 0) {
    texts.push(`${licence}; copyright ${ownerOf(manifest)}. Its package holds no licence file.`);
  }
  return { title: `${name} ${version}`, licence, text: texts.join('\n') };
}

/** A licence that is not among these is looked at by a person before it is shipped. */
const accepted =
  /^\(?(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|WTFPL|Unlicense)\b/;

/**
 * @param {readonly string[]} folders absolute folders of packages
 * @param {readonly string[]} elsewhere sentences about parts that carry their licence themselves
 * @returns {Promise<string>} the notices; the same text stands once, under all whose it is
 * @throws Error for a licence that nobody has looked at
 */
export async function thirdPartyNotices(folders, elsewhere) {
  const parts = [...(await Promise.all(folders.map(describePackage))), ...insideBinaries];
  const unknown = parts.filter(({ licence }) => !accepted.test(licence));
  if (unknown.length > 0) {
    throw new Error(unknown.map(({ title, licence }) => `${title}: ${licence}`).join('; '));
  }
  const byText = new Map();
  for (const { title, licence, text } of parts) {
    const key = text.trim().replaceAll('\r\n', '\n');
    byText.set(key, [...(byText.get(key) ?? []), `${title} (${licence})`]);
  }
  const sections = [...byText].map(
    ([text, titles]) => `${[...new Set(titles)].join('\n')}\n\n${text}`,
  );
  const opening = [
    'Codealong contains the work of others, listed here with their licences.',
    ...elsewhere,
  ];
  return `${[opening.join('\n'), ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
