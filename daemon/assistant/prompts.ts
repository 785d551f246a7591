/** Every text that the assistant puts before a model, or says in its own name. */
import type { ScreenRegion } from '../../protocol/index.ts';

/**
 * The questions that the program itself asks, and the reply for "the evidence holds no answer", for packs whose manifest names none.
 * @source models/config.py: the texts that packs of this project are trained on.
 */
export const defaultPrompts = {
  summary: 'Summarize what happened.',
  notSeen: 'Not seen in this video.',
  title: 'Name this part.',
  lists: {
    commands: 'Which commands were run?',
    files: 'Which files were touched?',
    errors: 'Which errors appeared?',
  },
} as const;

/** What the program itself writes into a summary. */
export const summaryTexts: SummaryTexts = {
  title: (from: string, to: string): string => `# Summary ${from}–${to}`,
  demonstration: 'Written by a small demonstration model.',
  nothingSeen: 'Nothing was seen in this stretch.',
  lists: { commands: 'Commands', files: 'Files', errors: 'Errors' },
  /** Parts of the screen that are worth a word: what stands elsewhere stands where one looks for it. */
  places: {
    ...{ terminal: 'terminal', browser: 'browser', slide: 'slide', dialog: 'dialog' },
    ...{ popup: 'popup', statusBar: 'status bar' },
  },
};

interface SummaryTexts {
  readonly title: (from: string, to: string) => string;
  readonly demonstration: string;
  readonly nothingSeen: string;
  readonly lists: Readonly<Record<'commands' | 'files' | 'errors', string>>;
  readonly places: Readonly<Partial<Record<ScreenRegion, string>>>;
}
