/** Compares the table of C structs and functions with the header of the very release that is installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { releases, signatures, type StructName } from '../../../daemon/llm/llamaLayouts.ts';

const packageFolder = join(dirname(createRequire(import.meta.url).resolve('node-llama-cpp')), '..');
const { tag } = JSON.parse(
  readFileSync(join(packageFolder, 'llama/llama.cpp.info.json'), 'utf8'),
) as { tag: string };
let header = '';

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-header-'));
  const git = (...args: string[]): Buffer =>
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    git('clone', '--quiet', '--no-checkout', join(packageFolder, 'llama/gitRelease.bundle'), '.');
    header = git('show', 'HEAD:include/llama.h')
      .toString()
      .replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

const layout = releases.get(`${tag.replace(/^v/, '')}-dev`);

it('knows the installed release', () => {
  expect(layout, `the table has no entry for ${tag}`).toBeDefined();
});

const structNames = Object.keys(layout?.structs ?? {}) as StructName[];

describe.each(structNames)('struct %s', (name) => {
  it('has the fields of the header, in their order and with their types', () => {
    const body = new RegExp(String.raw`struct ${name} \{([^}]*)\}`).exec(header)?.[1] ?? '';
    const fields = body
      .split(';')
      .map((field) => field.replace(/\s+/g, ' ').trim())
      .filter((field) => field !== '')
      .map((field): [string, string] => {
        const fieldName = /(\w+)$/.exec(field)?.[1] ?? '';
        return [fieldName, koffiType(field.slice(0, -fieldName.length))];
      });
    expect(fields).toEqual(Object.entries(layout?.structs[name] ?? {}));
  });
});

describe.each(Object.entries(signatures))('function %s', (name, [result, parameters]) => {
  it('has the signature of the header', () => {
    const found = new RegExp(String.raw`LLAMA_API ([\w\s*]*?)\b${name}\s*\(([^)]*)\)`).exec(header);
    const given = (found?.[2] ?? '')
      .split(',')
      .map((parameter) => parameter.replace(/\s+/g, ' ').trim())
      .filter((parameter) => parameter !== '' && parameter !== 'void')
      .map((parameter) => koffiType(parameter.replace(/\w+$/, '')));
    expect(koffiType(found?.[1] ?? '')).toBe(passable(result));
    expect(given).toEqual(parameters.map(passable));
  });
});

/** Text is passed as `str`, which for C is a pointer. */
function passable(type: string): string {
  return type === 'str' ? 'void*' : type;
}

function koffiType(declaration: string): string {
  const type = declaration.replace(/\b(const|struct)\b/g, '').trim();
  if (type.includes('*') || /callback$/.test(type)) return 'void*';
  if (/^enum /.test(type)) return 'int';
  const named: Record<string, string> = {
    llama_memory_t: 'void*',
    llama_token: 'int32',
    llama_pos: 'int32',
    llama_seq_id: 'int32',
    int32_t: 'int32',
    uint32_t: 'uint32',
    int64_t: 'int64',
    int8_t: 'int8',
  };
  return named[type] ?? type;
}
