import { describe, expect, it } from 'vitest';
import { Grammars } from '../../../daemon/code/grammars.ts';
import { languages } from '../../../daemon/code/languages.ts';

const grammars = new Grammars();
const parses = async (grammar: string, text: string): Promise<boolean> =>
  (await grammars.judge(grammar, text)).parses;

const samples: Readonly<Record<string, string>> = {
  python: 'def add(a, b):\n    """Sums."""\n    return a + b\n\nprint(add(1, 2))',
  javascript: 'const f = async (a) => {\n  await a?.b();\n};\nexport default f;',
  typescript: 'interface Row {\n  readonly id: number;\n}\nconst row = { id: 1 } satisfies Row;',
  tsx: 'const App = (): Node => (\n  <p className="a">{name}</p>\n);',
  java: 'class A {\n  int one() {\n    return 1;\n  }\n}',
  go: 'package main\n\nfunc main() {\n\tx := 1\n\t_ = x\n}',
  rust: 'fn main() {\n    let x = vec![1];\n    println!("{x:?}");\n}',
  'c-sharp': 'class A {\n  public int One => 1;\n}',
  cpp: '#include <vector>\nint main() {\n  std::vector<int> v{1};\n  return v[0];\n}',
  css: '.a > b {\n  color: red;\n}',
  ruby: 'def add(a, b)\n  a + b\nend',
  php: '<?php\nfunction f($a) {\n  return $a;\n}',
  powershell: 'function Get-One {\n  return 1\n}',
  bash: 'for f in *.txt; do\n  echo "$f"\ndone',
};

describe('grammars', () => {
  it('are there for every language that names one, and take its code', async () => {
    for (const { grammar } of languages) {
      if (grammar === undefined) continue;
      expect(await parses(grammar, samples[grammar]!), grammar).toBe(true);
    }
  });

  it('refuse what is none of theirs', async () => {
    for (const grammar of ['python', 'java', 'go', 'rust', 'css']) {
      expect(await parses(grammar, samples['javascript']!), grammar).toBe(false);
    }
  });

  it('find a misread character in the middle', async () => {
    const code = 'function f(a) {\n  if (a) {\n    return {a;\n  }\n  return 0;\n}';
    expect(await parses('javascript', code)).toBe(false);
    expect(await parses('javascript', code.replace('{a', 'a'))).toBe(true);
    const verdict = await grammars.judge('javascript', code);
    expect(verdict.errorShare).toBeGreaterThan(0);
    expect(verdict.errorShare).toBeLessThan(0.5);
  });

  it('take a part of a file that begins and ends in the middle of things', async () => {
    const middle =
      '    return row.name;\n  });\n}\n\nexport function next(a) {\n  if (a) {\n    go();';
    expect(await parses('javascript', middle)).toBe(true);
    const blocks =
      '        total += row\n    return total\n\n\ndef next(a):\n    if a:\n        go()';
    expect(await parses('python', blocks)).toBe(true);
    expect(await parses('python', 'else:\n    go()\n\nprint(1)')).toBe(true);
    expect(await parses('python', 'a = 1\nelse:\n    go()\n\nprint(1)')).toBe(false);
  });

  it('take a first or a last line that is cut', async () => {
    expect(await parses('javascript', "some text' ) of\nconst a = 1;\nf(a);")).toBe(true);
    expect(await parses('javascript', 'const a = 1;\nf(a);\nconst b = f(')).toBe(true);
    expect(await parses('python', 'a = 1\nf(a)\nwhile a <')).toBe(true);
    expect(await parses('javascript', 'const a = 1;\nconst = f(;\nf(a);')).toBe(false);
  });

  it('know brackets in strings and comments for what they are', async () => {
    const code = 'const a = "}";\n// ) and ]\nconst b = \'{\';\nf(a, b);';
    expect(await parses('javascript', code)).toBe(true);
  });

  it('say that a grammar is missing', async () => {
    await expect(grammars.judge('nothing', 'a')).rejects.toThrow();
  });
});
