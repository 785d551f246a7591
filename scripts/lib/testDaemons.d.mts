/** What testDaemons.mjs gives to tests, in types. */

/** Asks each daemon of a home folder to leave and waits until it has. */
export function endDaemons(home: string): Promise<void>;
