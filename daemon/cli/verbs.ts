/** The table of verbs, and the help that is made from it. */
import { globalOptions, optionTable, type OptionName } from './arguments.ts';
import type { VerbContext } from './context.ts';
import { bench } from './bench.ts';
import { code } from './code.ts';
import { daemon } from './daemon.ts';
import { doctor } from './doctor.ts';
import { gpu } from './gpu.ts';
import { mcp } from './mcp.ts';
import { models } from './models.ts';
import { search, text } from './moments.ts';
import { ask, summarize } from './questions.ts';
import { sessions } from './sessions.ts';
import { watch } from './watch.ts';

export interface Verb {
  readonly name: string;
  /** Names of the words it needs, in order. One that ends with … takes all that follow too. */
  readonly words: readonly string[];
  /** All its words when it takes more than it needs: all of them or none. */
  readonly furtherWords?: readonly string[];
  /** The words it needs instead when an option is given. */
  readonly wordsWith?: { readonly option: OptionName; readonly words: readonly string[] };
  /** Options beside the global ones. */
  readonly options: readonly OptionName[];
  /** One line. */
  readonly summary: string;
  /** @returns the exit code */
  readonly run: (context: VerbContext) => Promise<number>;
}

export const verbs: readonly Verb[] = [
  {
    name: 'watch',
    words: ['FILE'],
    wordsWith: { option: 'screen', words: [] },
    options: [
      'screen',
      'exclude',
      'transcriber',
      'microphone',
      'sound',
      'speed',
      'fps',
      'tellMe',
      'ungrounded',
      'all',
    ],
    summary:
      'Watch a video, a stream (FILE is its address) or the screen; print guidance as it comes.',
    run: watch,
  },
  {
    name: 'ask',
    words: ['FILE', 'QUESTION'],
    options: ['at', 'from', 'to'],
    summary: 'Answer a question about a video or a stretch of it, with the moments that show it.',
    run: ask,
  },
  {
    name: 'summarize',
    words: ['FILE'],
    options: ['from', 'to'],
    summary: 'Summarise a video, or a stretch of it.',
    run: summarize,
  },
  {
    name: 'text',
    words: ['FILE'],
    options: ['at', 'region'],
    summary: 'Print the text on screen at a moment.',
    run: text,
  },
  {
    name: 'search',
    words: ['FILE', 'QUERY…'],
    wordsWith: { option: 'library', words: ['QUERY…'] },
    options: ['library', 'limit'],
    summary: 'Find the moments of a video, or with --library of all videos, that have these words.',
    run: search,
  },
  {
    name: 'sessions',
    words: [],
    furtherWords: ['delete', 'ID'],
    options: [],
    summary:
      'List what was watched live; its id stands for FILE with every other verb. Or delete one for good.',
    run: sessions,
  },
  {
    name: 'code',
    words: ['FILE'],
    options: ['at', 'region'],
    summary: 'Print the code on screen at a moment, or the text of the terminal.',
    run: code,
  },
  {
    name: 'models',
    words: ['list|install|import|verify|remove'],
    furtherWords: ['list|install|import|verify|remove', 'WHAT'],
    options: ['acceptTerms'],
    summary:
      'List the model packs (WHAT: also those of a catalogue), install one (its address or folder), check or remove one (its name).',
    run: models,
  },
  {
    name: 'gpu',
    words: ['list|install|verify|remove'],
    furtherWords: ['list|install|verify|remove', 'TYPE'],
    options: [],
    summary:
      "List llama.cpp's libraries for graphics cards, install one (TYPE: cuda or vulkan; the best for this system when left out), check or remove it.",
    run: gpu,
  },
  {
    name: 'mcp',
    words: [],
    options: [],
    summary: 'Offer all of this to agents: an MCP server on standard input and output.',
    run: mcp,
  },
  {
    name: 'doctor',
    words: [],
    options: ['transcriber'],
    summary: 'Look at everything the program needs and say what is missing.',
    run: doctor,
  },
  {
    name: 'bench',
    words: ['quality|frames', 'PATH…'],
    options: ['ungrounded', 'transcript'],
    summary:
      'Measure the model on the videos of a folder, whose truth.json tells what they show; or print what it is given of videos.',
    run: bench,
  },
  {
    name: 'daemon',
    words: ['ACTION'],
    options: [],
    summary: 'What runs in the background: ACTION is status, stop or restart.',
    run: daemon,
  },
];

/** @param verb whose help; of the whole program without it */
export function helpText(verb?: Verb): string {
  if (verb) {
    return [
      `Usage: codealong ${usageOf(verb)} [options]`,
      ...otherUsage(verb),
      '',
      verb.summary,
      '',
      ...optionLines([...verb.options, ...globalOptions]),
    ].join('\n');
  }
  const usages = verbs.map(usageOf);
  const width = Math.max(...usages.map(({ length }) => length));
  return [
    'Usage: codealong VERB [options]',
    '',
    'Codealong watches coding videos with you. Everything runs on this machine.',
    '',
    ...verbs.map(({ summary }, index) => `  ${usages[index]!.padEnd(width)}  ${summary}`),
    '',
    ...optionLines(globalOptions),
    '',
    'A video that was watched once is kept: asking again does not watch it again.',
    'Exit codes: 0 done, 1 it could not be done, 2 wrong usage, 3 a bug, 130 stopped by Ctrl+C.',
    '"codealong VERB --help" tells more.',
  ].join('\n');
}

function usageOf({ name, words, furtherWords }: Verb): string {
  const further = furtherWords?.slice(words.length) ?? [];
  return [name, ...words, ...(further.length > 0 ? [`[${further.join(' ')}]`] : [])].join(' ');
}

function otherUsage({ name, wordsWith }: Verb): readonly string[] {
  if (!wordsWith) return [];
  const { option, words } = wordsWith;
  return [
    `       codealong ${[name, `--${optionTable[option].word}`, ...words].join(' ')} [options]`,
  ];
}

function optionLines(names: readonly OptionName[]): readonly string[] {
  const left = names.map((name) => {
    const { word, value, short } = optionTable[name];
    const long = value === undefined ? `--${word}` : `--${word} ${value}`;
    return short === undefined ? long : `-${short}, ${long}`;
  });
  const width = Math.max(...left.map(({ length }) => length));
  return names.map((name, index) => `  ${left[index]!.padEnd(width)}  ${optionTable[name].help}`);
}
