/** The processes that Codealong started on behalf of one VS Code. */
import { processIds, readProcess } from '../processes.ts';

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
  return processIds().flatMap((pid) => {
    const kind = kindOf(readProcess(pid, 'cmdline'));
    const isOurs = readProcess(pid, 'environ').split('\0').includes(`HOME=${home}`);
    return kind !== undefined && isOurs ? [{ pid, kind }] : [];
  });
}

function kindOf(commandLine: string): Kind | undefined {
  return kinds.find(([, pattern]) => pattern.test(commandLine))?.[0];
}
