/** The rings of tests that vitest runs: `unit` (tables and rooms with fakes), `process` (real processes), `withModels`, `e2e`. */
import { defineConfig } from 'vitest/config';

const seconds = 1000;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // The real module exists only inside an editor.
          alias: { vscode: new URL('test/helpers/fakeVscode.ts', import.meta.url).pathname },
          include: [
            'test/{protocol,daemon,extension,webview,scripts}/**/*.test.{ts,tsx}',
            'test/architecture*.test.ts',
          ],
          testTimeout: 20 * seconds,
          hookTimeout: 20 * seconds,
        },
      },
      {
        // They mostly wait for one another: two files at a time.
        test: {
          name: 'process',
          include: ['test/integration/**/*.test.ts'],
          maxWorkers: 2,
          testTimeout: 90 * seconds,
          hookTimeout: 90 * seconds,
        },
      },
      {
        // Models take the machine's few cores: one file at a time.
        test: {
          name: 'withModels',
          include: ['test/withModels/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300 * seconds,
          hookTimeout: 300 * seconds,
        },
      },
      {
        // The package in a real VS Code, driven as a person would: test/vscode/e2e.
        test: {
          name: 'e2e',
          include: ['test/vscode/e2e/**/*.test.ts'],
          globalSetup: ['test/vscode/e2e/package.ts'],
          fileParallelism: false,
          testTimeout: 300 * seconds,
          hookTimeout: 180 * seconds,
        },
      },
    ],
  },
});
