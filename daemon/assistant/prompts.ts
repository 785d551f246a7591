/** Every text that the assistant puts before a model, or says in its own name. */

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
export const summaryTexts = {
  title: (from: string, to: string): string => `# Summary ${from}–${to}`,
  demonstration: 'Written by a small demonstration model.',
  nothingSeen: 'Nothing was seen in this stretch.',
  lists: { commands: 'Commands', files: 'Files', errors: 'Errors' },
} as const;
