/** Languages by the names of their files and by what an editor's status bar calls them, each with its grammar. */

export interface Language {
  /** VS Code's identifier. */
  readonly id: string;
  /** Name of the grammar, for those that have one. */
  readonly grammar?: string;
  /** As a status bar says it. */
  readonly title: string;
  /** Lower-case endings of file names, without the dot. */
  readonly endings: readonly string[];
  /** Whole names of files, lower-case. */
  readonly names?: readonly string[];
}

const language = (
  id: string,
  title: string,
  endings: string,
  more: Pick<Language, 'grammar' | 'names'> = {},
): Language => ({ id, title, endings: endings.split(' ').filter(Boolean), ...more });

/** @source VS Code's built-in language extensions, version 1.139 */
export const languages: readonly Language[] = [
  language('python', 'Python', 'py pyi pyw', { grammar: 'python' }),
  language('javascript', 'JavaScript', 'js mjs cjs', { grammar: 'javascript' }),
  language('javascriptreact', 'JavaScript JSX', 'jsx', { grammar: 'javascript' }),
  language('typescript', 'TypeScript', 'ts mts cts', { grammar: 'typescript' }),
  language('typescriptreact', 'TypeScript JSX', 'tsx', { grammar: 'tsx' }),
  language('java', 'Java', 'java', { grammar: 'java' }),
  language('go', 'Go', 'go', { grammar: 'go' }),
  language('rust', 'Rust', 'rs', { grammar: 'rust' }),
  language('csharp', 'C#', 'cs', { grammar: 'c-sharp' }),
  language('cpp', 'C++', 'cpp cc cxx hpp hh hxx h', { grammar: 'cpp' }),
  // A C file is also C++ as far as shape goes.
  language('c', 'C', 'c', { grammar: 'cpp' }),
  language('css', 'CSS', 'css', { grammar: 'css' }),
  language('ruby', 'Ruby', 'rb rake gemspec', {
    grammar: 'ruby',
    names: ['gemfile', 'rakefile'],
  }),
  language('php', 'PHP', 'php', { grammar: 'php' }),
  language('powershell', 'PowerShell', 'ps1 psm1', { grammar: 'powershell' }),
  language('shellscript', 'Shell Script', 'sh bash zsh', {
    grammar: 'bash',
    names: ['.bashrc', '.zshrc', '.profile', '.bash_profile'],
  }),
  language('json', 'JSON', 'json webmanifest'),
  language('jsonc', 'JSON with Comments', 'jsonc code-workspace', {
    names: ['tsconfig.json', 'jsconfig.json', 'settings.json', 'launch.json', 'tasks.json'],
  }),
  language('html', 'HTML', 'html htm'),
  language('vue', 'Vue', 'vue'),
  language('svelte', 'Svelte', 'svelte'),
  language('scss', 'SCSS', 'scss'),
  language('less', 'Less', 'less'),
  language('xml', 'XML', 'xml xsd svg plist'),
  language('yaml', 'YAML', 'yml yaml'),
  language('toml', 'TOML', 'toml'),
  language('ini', 'Ini', 'ini cfg conf'),
  language('dotenv', 'Properties', 'env', { names: ['.env'] }),
  language('markdown', 'Markdown', 'md markdown'),
  language('sql', 'SQL', 'sql'),
  language('swift', 'Swift', 'swift'),
  language('kotlin', 'Kotlin', 'kt kts'),
  language('dart', 'Dart', 'dart'),
  language('lua', 'Lua', 'lua'),
  language('r', 'R', 'r'),
  language('perl', 'Perl', 'pl pm'),
  language('makefile', 'Makefile', 'mk', { names: ['makefile'] }),
  language('dockerfile', 'Dockerfile', 'dockerfile', { names: ['dockerfile', 'containerfile'] }),
  language('bat', 'Batch', 'bat cmd'),
  language('plaintext', 'Plain Text', 'txt log'),
  language('ignore', 'Ignore', '', { names: ['.gitignore', '.dockerignore', '.npmignore'] }),
];

/** The language of a file by its name; undefined when the name does not tell. */
export function languageOfFile(name: string): Language | undefined {
  const lower = name.toLowerCase();
  const ending = lower.slice(lower.lastIndexOf('.') + 1);
  return (
    languages.find(({ names }) => names?.includes(lower)) ??
    (lower.includes('.') ? languages.find(({ endings }) => endings.includes(ending)) : undefined)
  );
}

/** The language that a status bar names; the longest name counts, because "JavaScript JSX" also holds "Java". */
export function languageOfStatusBar(text: string): Language | undefined {
  // The reader may join it with its neighbours: only where another letter goes on is it another word.
  return languages
    .filter(({ title }) => title.length > 2)
    .toSorted((a, b) => b.title.length - a.title.length)
    .find(({ title }) => {
      const at = text.indexOf(title);
      return at >= 0 && !/[a-z+#]/.test(text.charAt(at + title.length));
    });
}

/**
 * Languages whose grammars may tell that a text without a name is theirs, those first that refuse most of what is not. PowerShell,
 * Shell Script and Ruby take almost any words for commands, PHP any text for a page: they are left out.
 */
export const tellingGrammars = languages.filter(({ id }) =>
  [
    ...['python', 'javascript', 'typescript', 'typescriptreact', 'java', 'go', 'rust'],
    ...['csharp', 'cpp', 'css'],
  ].includes(id),
);
