/** What console.mjs gives to programs in TypeScript, in types. */

/** The clone's top folder. */
export const root: string;
export function run(
  command: string,
  args: readonly string[],
  options?: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly log?: string;
    readonly onStart?: (pid: number) => void;
  },
): Promise<number>;
