/** What sampleStory.mjs gives to tests, in types. */
export const presenterSettings: Readonly<Record<string, unknown>>;
