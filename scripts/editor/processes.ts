/** The processes that Codealong started on behalf of one VS Code; read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Kind = 'daemon' | 'engine' | 'ffmpeg';

export interface Found {
  readonly pid: number;
  readonly kind: Kind;
}

const kinds: readonly (readonly [Kind, RegExp])[] = [
  ['daemon', /\/dist\/daemon\.js\0/],
  ['engine', /\/dist\/engine\.js(\0|$)/],
  ['ffmpeg', /(^|\/)ff(mpeg|probe)\0/],
];

/** @param home the home folder that the VS Code was started with; what it starts inherits it */
export function processesOf(home: string): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const kind = kindOf(read(name, 'cmdline'));
      const isOurs = read(name, 'environ').split('\0').includes(`HOME=${home}`);
      return kind !== undefined && isOurs ? [{ pid: Number(name), kind }] : [];
    });
}

function kindOf(commandLine: string): Kind | undefined {
  return kinds.find(([, pattern]) => pattern.test(commandLine))?.[0];
}

/** Empty for a process that has just ended. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(path.join('/proc', pid, file), 'utf8');
  } catch {
    return '';
  }
}
