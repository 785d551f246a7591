/** What sampleProject.mjs gives to the benchmark, in types. */
export function shownAfter(step: {
  readonly kind: string;
  readonly slots: Readonly<Record<string, string | undefined>>;
}): string | undefined;
