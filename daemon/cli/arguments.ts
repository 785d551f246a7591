/** The words of a command line as checked values; every mistake has one sentence. */
import { parseArgs } from 'node:util';
import {
  isAddressOfModel,
  isServerAddress,
  mediaMs,
  screenRegions,
  type MediaMs,
  type ScreenRegion,
} from '../../protocol/index.ts';

/** A mistake in the command line itself. `message` is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What options hold once checked; seconds have become presentation times. */
export interface OptionValues {
  readonly help?: boolean;
  readonly version?: boolean;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly home?: string;
  readonly model?: string;
  readonly threshold?: number;
  readonly idleExit?: number;
  readonly speed?: 'max' | 'realtime';
  readonly fps?: number;
  readonly at?: MediaMs;
  readonly from?: MediaMs;
  readonly to?: MediaMs;
  readonly region?: ScreenRegion;
  readonly library?: boolean;
  readonly limit?: number;
  readonly tellMe?: string;
  readonly ungrounded?: boolean;
  readonly transcript?: string;
  /** What of the screen; empty for the display that this was typed on. */
  readonly screen?: string;
  /** What of the screen is left out. */
  readonly exclude?: readonly string[];
  readonly transcriber?: string;
  /** Name of the microphone that is heard beside a screen; empty for the usual one. */
  readonly microphone?: string;
  readonly sound?: boolean;
  readonly acceptTerms?: boolean;
}
export type OptionName = keyof OptionValues;

interface OptionEntry {
  /** As it is typed, without the dashes. */
  readonly word: string;
  /** Name of the value in the help; a switch has none. */
  readonly value?: string;
  readonly help: string;
  readonly short?: string;
}

/** Every option, once. */
export const optionTable: Readonly<Record<OptionName, OptionEntry>> = {
  json: { word: 'json', help: 'print JSON on standard output, diagnostics on standard error' },
  all: { word: 'all', help: 'print every row of the timeline, screen text too' },
  speed: {
    word: 'speed',
    value: 'max|realtime',
    help: 'as fast as the machine can (default), or at the pace of the video',
  },
  fps: { word: 'fps', value: 'N', help: "look at N frames a second (default: the model's own)" },
  screen: {
    word: 'screen',
    value: 'PART',
    help: 'watch the screen: a display (:0), a monitor, a window (0x…); "list" shows them; no FILE then',
  },
  exclude: {
    word: 'exclude',
    value: 'NAME',
    help: 'leave out of the screen all windows of the application NAME, or with it in their titles; more than once if need be',
  },
  transcriber: {
    word: 'transcriber',
    value: 'URL',
    help: "send what is spoken in a stream to whisper.cpp's server (…/inference) or to one with OpenAI's API (…/v1/audio/transcriptions?model=NAME)",
  },
  microphone: {
    word: 'microphone',
    value: 'NAME',
    help: 'beside a screen, with --transcriber: send what is spoken into a microphone, too; alone the usual one, "list" shows them',
  },
  sound: {
    word: 'sound',
    help: 'beside a screen, with --transcriber: send what is spoken in what this machine plays, too',
  },
  at: { word: 'at', value: 'TIME', help: 'a moment: 75, 75.5 or 1:15; nothing seen later is used' },
  from: { word: 'from', value: 'TIME', help: 'begin at TIME' },
  to: { word: 'to', value: 'TIME', help: 'end at TIME' },
  region: {
    word: 'region',
    value: 'NAME',
    help: `only a part of the screen: ${screenRegions.slice(0, 2).join(', ')} …`,
  },
  library: { word: 'library', help: 'search every video that was ever watched; no FILE then' },
  limit: { word: 'limit', value: 'N', help: 'print at most N moments, 1 to 100 (default: 20)' },
  tellMe: {
    word: 'tell-me',
    value: 'TEXT',
    help: 'say nothing but this: "when the tests pass"',
  },
  ungrounded: {
    word: 'ungrounded',
    help: 'let guidance use words that stood nowhere, and show unlikely guidance too',
  },
  transcript: {
    word: 'transcript',
    value: 'FILE',
    help: 'also write everything that was said, beside what was due, to FILE',
  },
  acceptTerms: {
    word: 'accept-terms',
    help: 'agree to the terms that the model pack comes under',
  },
  home: {
    word: 'home',
    value: 'DIR',
    help: 'keep timelines and logs in DIR (default: CODEALONG_HOME, else ~/.codealong)',
  },
  model: {
    word: 'model',
    value: 'DIR|URL',
    help: 'use the model pack in DIR, the one of that name, or a model on a server (https://host/v1#name), to which all that is watched is then sent',
  },
  threshold: {
    word: 'threshold',
    value: 'P',
    help: 'speak when silence is less probable than P, 0 to 1',
  },
  idleExit: {
    word: 'idle-exit',
    value: 'SECONDS',
    help: 'how long the daemon stays after its last client, if this command starts it',
  },
  version: { word: 'version', help: 'print the version' },
  help: { word: 'help', short: 'h', help: 'print this help' },
};

/** Options that every verb takes. */
export const globalOptions: readonly OptionName[] = [
  'json',
  'home',
  'model',
  'threshold',
  'idleExit',
  'version',
  'help',
];

const maxFrameRateFps = 60;
const maxHits = 100;

/**
 * Takes a command line apart.
 * @returns the words that are no options, and the options that were given
 * @throws UsageError
 */
export function parseCommandLine(argv: readonly string[]): {
  readonly words: readonly string[];
  readonly values: OptionValues;
} {
  const names = Object.keys(optionTable) as OptionName[];
  const options = Object.fromEntries(
    names.map((name) => {
      const { word, value, short } = optionTable[name];
      return [
        word,
        { type: value ? ('string' as const) : ('boolean' as const), ...(short ? { short } : {}) },
      ];
    }),
  );
  // Not strict: the sentences below are ours.
  const { tokens } = parseArgs({
    args: withWords(withScreen(argv)),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const values: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const name = names.find((one) => optionTable[one].word === token.name);
    if (name === undefined) throw new UsageError(`There is no option ${token.rawName}.`);
    const value = readValue(name, token.value);
    values[name] = name === 'exclude' ? [values[name] ?? [], value].flat() : value;
  }
  return { words, values };
}

/** What is searched for may begin with a dash, as in "--save-dev vitest": no option has a space before its value. */
function withWords(argv: readonly string[]): string[] {
  const isWords = (one: string): boolean => /^-[^=]*\s/.test(one);
  const last = argv.findLastIndex(isWords);
  if (last < 0 || argv.includes('--')) return [...argv];
  return [...argv.filter((one) => !isWords(one)), '--', ...argv.filter(isWords)];
}

/** Alone, `--screen` stands for the display that it was typed on, `--microphone` for the usual one: an option that takes a value takes whatever comes next. */
function withScreen(argv: readonly string[]): string[] {
  return argv.map((one, index) => {
    const mayBeAlone = one === '--screen' || one === '--microphone';
    const isAlone = mayBeAlone && /^(?:-.*)?$/.test(argv[index + 1] ?? '');
    return isAlone ? `${one}=` : one;
  });
}

function readValue(name: OptionName, value: string | undefined): unknown {
  const { word, value: expected } = optionTable[name];
  if (expected === undefined) {
    if (value !== undefined) throw new UsageError(`The option --${word} takes no value.`);
    return true;
  }
  if (name === 'screen' || name === 'microphone') return value ?? '';
  if (value === undefined || value === '') {
    throw new UsageError(`The option --${word} needs a value: --${word} ${expected}.`);
  }
  switch (name) {
    case 'speed':
      if (value === 'max' || value === 'realtime') return value;
      throw new UsageError(`The option --speed takes max or realtime, not "${value}".`);
    case 'fps':
      return readNumber(word, value, { above: 0, most: maxFrameRateFps });
    case 'threshold':
      return readNumber(word, value, { least: 0, most: 1 });
    case 'limit':
      if (/^\d+$/.test(value)) return readNumber(word, value, { least: 1, most: maxHits });
      throw new UsageError(`The option --limit takes a whole number, not "${value}".`);
    case 'idleExit':
      return readNumber(word, value, { least: 0, most: 86_400 });
    case 'at':
    case 'from':
    case 'to':
      return readTime(word, value);
    case 'region': {
      const region = screenRegions.find((known) => known === value);
      if (region !== undefined) return region;
      throw new UsageError(
        `The option --region takes one of ${screenRegions.join(', ')}, not "${value}".`,
      );
    }
    case 'tellMe':
      if (value.trim() === '') throw new UsageError('The option --tell-me is empty.');
      return value;
    case 'transcriber':
      if (isServerAddress(value)) return value;
      throw new UsageError(
        `The option --transcriber takes an address such as http://127.0.0.1:8080/inference, not "${value}".`,
      );
    case 'model':
      if (!isAddressOfModel(value) || isServerAddress(value)) return value;
      throw new UsageError(
        `The option --model takes an address such as https://host/v1#name, without a password, not "${value}".`,
      );
    case 'exclude':
    case 'transcript':
    case 'acceptTerms':
    case 'home':
    case 'json':
    case 'all':
    case 'library':
    case 'ungrounded':
    case 'sound':
    case 'help':
    case 'version':
      return value;
  }
}

interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most: number;
}

function readNumber(word: string, value: string, { least, above, most }: Bounds): number {
  const number = Number(value);
  const isInside =
    number <= most && (above === undefined ? number >= (least ?? 0) : number > above);
  if (isInside) return number;
  const lower = above === undefined ? `from ${least ?? 0}` : `above ${above}`;
  throw new UsageError(`The option --${word} takes a number ${lower} to ${most}, not "${value}".`);
}

/** Seconds, or a time as people write it: 1:15, 1:02:03.5. */
function readTime(word: string, value: string): MediaMs {
  if (!/^(\d+:)?(\d+:)?\d+(\.\d+)?$/.test(value)) {
    throw new UsageError(`The option --${word} takes a time such as 75 or 1:15, not "${value}".`);
  }
  const seconds = value.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  return mediaMs(seconds * 1000);
}
