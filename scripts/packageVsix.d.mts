/** What packageVsix.mjs gives to tests, in types. */

/** Makes the package anew. @returns its absolute path */
export function packageVsix(): Promise<string>;
