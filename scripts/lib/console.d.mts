/** What console.mjs gives to programs in TypeScript, in types. */

/** The clone's top folder. */
export const root: string;
