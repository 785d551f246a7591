/** Which build this is. A client only talks to a daemon of its own build. */

declare const codealongVersion: string | undefined;

/**
 * Hash over everything that was built together. The build replaces the word below, in place and of equal length, so that source
 * maps stay exact; a run from the sources keeps it.
 */
export const buildId: string = 'development-0000';

/** The package's version; the build injects it. */
export const version: string =
  typeof codealongVersion === 'undefined' ? 'development' : codealongVersion;
