/** The programs as people get them, built into a folder of a test's own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './daemonHome.ts';

interface Program {
  readonly out: string;
  readonly entry: string;
  readonly kind: string;
}

interface BuildScript {
  readonly allPrograms: readonly Program[];
  readonly buildAll: (options: {
    programs: readonly Program[];
    outFolder: string;
    say: (line: string) => void;
  }) => Promise<string>;
}

/** The daemon with a service that does what the test tells it to. */
export const fakeDaemonProgram: Program = {
  ...{ out: 'daemon.js', entry: 'test/helpers/fakeDaemon.ts', kind: 'module24' },
};

/** @param wanted names of programs that are shipped, and programs of the test. @returns where they lie; `remove` deletes them */
export async function buildPrograms(
  name: string,
  wanted: readonly (string | Program)[],
): Promise<{ readonly folder: string; readonly buildId: string; readonly remove: () => void }> {
  const out = path.join(repositoryRoot, 'out');
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(path.join(out, `${name}-`));
  const script = pathToFileURL(path.join(repositoryRoot, 'scripts', 'build.mjs')).href;
  const { buildAll, allPrograms } = (await import(script)) as BuildScript;
  const programs = wanted.map((one) => {
    if (typeof one !== 'string') return one;
    const program = allPrograms.find((each) => each.out === one);
    if (!program) throw new Error(`no program is called ${one}`);
    return program;
  });
  const buildId = await buildAll({ programs, outFolder: folder, say: () => undefined });
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, buildId, remove };
}
