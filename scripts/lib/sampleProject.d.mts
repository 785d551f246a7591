/** What sampleProject.mjs gives to tests and the benchmark, in types. */
export const identifiers: readonly string[];
export const terminalEnvironment: Readonly<Record<string, string>>;
/** larder.js at the end of typing, and of the story. */
export const larderAfterTyping: string;
export const larderAtTheEnd: string;
export function writeProject(folder: string): void;
export function shownAfter(step: {
  readonly kind: string;
  readonly slots: Readonly<Record<string, string | undefined>>;
}): string | undefined;
