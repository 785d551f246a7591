/** Before the first test of the ring: the package is made, once, from the sources as they are. */
import type { TestProject } from 'vitest/node';
import { packageVsix } from '../../../scripts/packageVsix.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Absolute path of the package. */
    vsix: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  // A package that was made elsewhere, such as the one about to be published, can be tested instead.
  project.provide('vsix', process.env.CODEALONG_VSIX ?? (await packageVsix()));
}
