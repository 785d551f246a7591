// Small random projects for recorded stories: names, files, and code to type into them. Pure.
/** @typedef {import('./dice.mjs').Dice} Dice */

const nouns =
  'anchor basket candle dragon engine forest garden hammer island jacket kettle ladder market needle orchard parcel quiver ribbon saddle tunnel umbrella valley wagon yard zipper bridge cellar donkey ferry glacier'.split(
    ' ',
  );
const verbs =
  'count sort pack weigh fold paint mix trim stack load join split merge rank pick drop filter label round scan'.split(
    ' ',
  );
const fields = 'size weight price age score level height depth speed rank'.split(' ');
const messages =
  'tidy the {noun} list|count every {noun} once|sort the {noun} by {field}|explain the {noun}|drop the old {noun}|keep the {field} of a {noun}'.split(
    '|',
  );
const errors =
  'no {noun} left|the {noun} is empty|unknown {noun}|a {noun} needs a {field}|{field} must be positive'.split(
    '|',
  );
const claims =
  'counts every {noun}|keeps the {field}|finds no {noun}|skips an empty {noun}|adds one {noun}|sorts by {field}'.split(
    '|',
  );

const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** Names nobody planned. */
export class Names {
  #dice;
  #taken = new Set();

  /** @param {Dice} dice */
  constructor(dice) {
    this.#dice = dice;
  }

  #syllables() {
    const syllable = () =>
      this.#dice.pick([...'bdfgklmnprstvz']) +
      this.#dice.pick(['a', 'e', 'i', 'o', 'u', 'ar', 'en', 'il', 'or', 'um']);
    return Array.from({ length: this.#dice.between(2, 3) }, syllable).join('');
  }

  /** A noun of its own in this project; one in three is invented. */
  noun() {
    for (;;) {
      const word = this.#dice.chance(0.35) ? this.#syllables() : this.#dice.pick(nouns);
      if (this.#taken.has(word)) continue;
      this.#taken.add(word);
      return word;
    }
  }

  field() {
    return this.#dice.pick(fields);
  }

  /** A function's name as the language spells it. @param {Language} language */
  function(language) {
    const [verb, noun] = [this.#dice.pick(verbs), capital(this.noun())];
    return language.spell(verb, noun);
  }

  /** A constant's name as the language spells it. @param {Language} language */
  constant(language) {
    return language.spell(this.#dice.pick(['max', 'min', 'default']), capital(this.noun()));
  }

  /** @param {readonly string[]} patterns */
  #sentence(patterns) {
    const pattern = this.#dice.pick(patterns);
    return pattern.replace('{noun}', this.noun()).replace('{field}', this.field());
  }

  message() {
    return this.#sentence(messages);
  }

  error() {
    return this.#sentence(errors);
  }

  claim() {
    return this.#sentence(claims);
  }
}

const camel = (verb, noun) => verb + noun;
const snake = (verb, noun) => `${verb}_${noun.toLowerCase()}`;

/**
 * How a language writes what a story types.
 * @typedef {object} Language
 * @property {string} extension
 * @property {(verb: string, noun: string) => string} spell
 * @property {(name: string, field: string, limit: number) => string[]} body lines of a function
 * @property {(name: string, value: number) => {text: string, name: string}} constant
 * @property {(module: string) => {text: string, module: string}} include
 * @property {readonly string[]} modules
 * @property {string} comment
 */

/** What JavaScript and TypeScript share. @type {Pick<Language, 'spell' | 'include' | 'modules' | 'comment'>} */
const script = {
  spell: camel,
  include: (module) => ({ text: `import * as ${module} from 'node:${module}';`, module }),
  modules: ['path', 'util', 'os', 'url', 'events', 'zlib'],
  comment: '//',
};

/** @type {Readonly<Record<string, Language>>} */
export const languages = {
  js: {
    ...script,
    extension: 'js',
    body: (name, field, limit) => [
      `export function ${name}(items) {`,
      `  return items.filter((item) => item.${field} > ${limit});`,
      '}',
    ],
    constant: (name, value) => ({ text: `const ${name} = ${value};`, name }),
  },
  ts: {
    ...script,
    extension: 'ts',
    body: (name, field, limit) => [
      `export function ${name}(items: { ${field}: number }[]): number {`,
      `  return items.filter((item) => item.${field} > ${limit}).length;`,
      '}',
    ],
    constant: (name, value) => ({ text: `const ${name}: number = ${value};`, name }),
  },
  py: {
    extension: 'py',
    spell: snake,
    body: (name, field, limit) => [
      `def ${name}(items):`,
      `    return [item for item in items if item.${field} > ${limit}]`,
    ],
    constant: (name, value) => ({ text: `${name} = ${value}`, name }),
    include: (module) => ({ text: `import ${module}`, module }),
    modules: ['json', 'math', 'random', 'pathlib', 'itertools', 'decimal'],
    comment: '#',
  },
  go: {
    extension: 'go',
    spell: camel,
    body: (name, field, limit) => [
      `func ${name}(${field} int) bool {`,
      `    return ${field} > ${limit}`,
      '}',
    ],
    constant: (name, value) => ({ text: `const ${name} = ${value}`, name }),
    include: (module) => ({ text: `import "${module}"`, module }),
    modules: ['fmt', 'strings', 'sort', 'time', 'math', 'errors'],
    comment: '//',
  },
  rs: {
    extension: 'rs',
    spell: snake,
    body: (name, field, limit) => [
      `pub fn ${name}(${field}: u32) -> bool {`,
      `    ${field} > ${limit}`,
      '}',
    ],
    constant: (name, value) => ({
      text: `const ${name.toUpperCase()}: u32 = ${value};`,
      name: name.toUpperCase(),
    }),
    include: (module) => ({ text: `use std::${module};`, module: `std::${module}` }),
    modules: ['fmt', 'fs', 'env', 'path', 'time', 'collections'],
    comment: '//',
  },
};

/** Of what Node runs. */
const runnable = ['js', 'ts'];

/** @param {string} name @param {string[]} claims the tests' names @param {string} why what the last one says; '' when it passes */
function tests(name, claims, why) {
  const last = claims.length - 1;
  const one = (claim, index) => {
    const failing = why !== '' && index === last;
    const check = failing ? `equal(1, 2, '${why}')` : `equal(${index}, ${index})`;
    return `test('${claim}', () => {\n  assert.${check};\n});\n`;
  };
  const imports = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n";
  return `${imports}\n// ${name}\n${claims.map(one).join('\n')}`;
}

/**
 * What lies on disk when a story begins, and what its steps may refer to.
 * @typedef {object} Project
 * @property {string} name
 * @property {string} language key of `languages`
 * @property {boolean} isRunnable whether Node runs it
 * @property {Readonly<Record<string, string>>} files texts by path
 * @property {readonly {path: string, functions: readonly string[]}[]} sources
 * @property {string} long path of a file longer than any window
 * @property {{ok: string, said: string, broken: string, error: string}} programs paths of what can be run, what the
 *   good one prints and what the broken one dies of
 * @property {{passing: {path: string, count: number}, failing: {path: string, test: string, error: string}}} tests
 * @property {readonly {name: string, file: string, text: string}[]} folders with a file in each
 * @property {{server: string, page: string, port: string, title: string}} site a program that serves a page
 * @property {{path: string, name: string, stop: string}} stepped a program, its function, and the line in it to stop at
 * @property {string} dependency name of a package in vendor/
 * @property {boolean} hasRemote whether there is a repository to push to
 */

/** Serves a page that shows what is on disk, and goes on to. */
const serverOf = ({ page, port }) => `import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const again = '<script>setInterval(async () => { document.body.innerHTML = await (await fetch("/body")).text(); }, 300)</script>';
createServer(({ url }, answer) => {
  const body = readFileSync('${page}', 'utf8');
  answer.setHeader('content-type', 'text/html');
  answer.end(url === '/body' ? body : again + body);
}).listen(${port}, () => console.log('Serving on http://localhost:${port}'));
`;

/** A program that gets to a line where it can be stopped. */
const steppedProgram = ({ name, stop }, count) => `function ${name}(items) {
  ${stop} = items.length + ${count};
  return total;
}

console.log(${name}(['one', 'two']));
`;

/** @param {Dice} dice @param {Names} names @returns {Project} */
export function makeProject(dice, names) {
  const key = dice.weighted({ js: 4, ts: 3, py: 1.5, go: 1, rs: 1 });
  const language = languages[key];
  const { extension } = language;
  const isRunnable = runnable.includes(key);
  const folder = dice.pick(['src', 'lib', 'app', 'core']);
  const source = (count) => {
    const functions = Array.from({ length: count }, () => names.function(language));
    const head = `${language.comment} ${capital(names.message())}.`;
    const bodies = functions.map((name) =>
      language.body(name, names.field(), dice.between(2, 99)).join('\n'),
    );
    const path = `${folder}/${names.noun()}.${extension}`;
    return { path, functions, text: `${[head, ...bodies].join('\n\n')}\n` };
  };
  const sources = [source(dice.between(1, 3)), source(dice.between(1, 2)), source(1)];
  const long = source(dice.between(24, 30));
  const name = names.noun();
  const [started, error] = [names.message(), names.error()];
  const kind = dice.pick(['Error', 'TypeError', 'RangeError']);
  const programs = {
    ok: `${folder}/${names.noun()}.${extension}`,
    broken: `${folder}/${names.noun()}.${extension}`,
    error: `${kind}: ${error}`,
    said: started,
  };
  const claims = (count) =>
    Array.from({ length: count }, (_, i) => `${names.claim()}${i > 2 ? ' too' : ''}`);
  const [passing, failing] = [claims(dice.between(2, 5)), claims(dice.between(1, 3))];
  const suites = {
    passing: { path: `test/${names.noun()}.test.${extension}`, count: passing.length },
    failing: {
      path: `test/${names.noun()}.test.${extension}`,
      test: failing.at(-1),
      error: names.error(),
    },
  };
  const folders = dice
    .some(['docs', 'data', 'tools', 'notes', 'assets', 'config'], 2)
    .map((each) => ({ name: each, file: `${names.noun()}.md`, text: `# ${names.message()}\n` }));
  const site = {
    server: `${names.noun()}.mjs`,
    page: `${names.noun()}.html`,
    port: String(dice.between(3000, 9999)),
    title: capital(names.message()),
  };
  const stepped = {
    path: `${folder}/${names.noun()}.${extension}`,
    name: names.function(language),
    stop: 'const total',
  };
  const dependency = names.noun();
  const files = {
    LICENSE: `Copyright ${name}\n`,
    'notes.txt': `${names.message()}\n`,
    'README.md': `# ${name}\n\n${capital(names.message())}.\n`,
    ...Object.fromEntries([...sources, long].map(({ path, text }) => [path, text])),
    ...Object.fromEntries(folders.map((each) => [`${each.name}/${each.file}`, each.text])),
  };
  if (isRunnable) {
    Object.assign(files, {
      'package.json': `{ "name": "${name}", "type": "module" }\n`,
      // Makes the files one project to VS Code: without it a rename stays in its own file.
      [`${key}config.json`]: `{ "compilerOptions": { "module": "nodenext", "noEmit": true, "strict": true, "types": [] } }\n`,
      [programs.ok]: `console.log('${started}');\n`,
      [site.server]: serverOf(site),
      [site.page]: `<h1>${site.title}</h1>\n`,
      [stepped.path]: steppedProgram(stepped, dice.between(2, 9)),
      [`vendor/${dependency}/package.json`]: `{ "name": "${dependency}", "version": "1.0.0" }\n`,
      [programs.broken]: `throw new ${kind}('${error}');\n`,
      [suites.passing.path]: tests(name, passing, ''),
      [suites.failing.path]: tests(name, failing, suites.failing.error),
    });
  }
  return {
    ...{ name, language: key, isRunnable, files, programs, tests: suites, folders },
    ...{ site, stepped, dependency, hasRemote: dice.chance(0.4) },
    sources: sources.map(({ path, functions }) => ({ path, functions })),
    long: long.path,
  };
}
