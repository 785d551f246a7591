/** What storySteps.mjs gives to tests, in types. */
export const performers: Readonly<Record<string, unknown>>;
