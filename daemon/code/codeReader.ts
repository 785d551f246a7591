/** The code at a moment: extracted from the lines on screen, with file, language and whether it parses. */
import type { CodeAtMoment, MediaMs, ScreenLineAt } from '../../protocol/index.ts';
import { extractCode, type ExtractedCode } from './extractCode.ts';
import { findFileName } from './fileName.ts';
import type { Grammars, Verdict } from './grammars.ts';
import {
  languageOfFile,
  languageOfStatusBar,
  tellingGrammars,
  type Language,
} from './languages.ts';

/** What stood on screen. */
export interface ScreenAt {
  readonly atMs: MediaMs;
  readonly lines: readonly ScreenLineAt[];
  /** Lines that stood there just before what now lies over the text came. */
  readonly earlier?: readonly ScreenLineAt[];
}

/** A text of fewer lines or letters fits several languages. */
const leastLinesToGuess = 3;
const leastCharactersToGuess = 40;
/** A language is told by its grammar when no more of the text than this is in errors. Misread characters make some. */
const mostErrorShare = 0.02;

export class CodeReader {
  readonly #grammars: Pick<Grammars, 'judge'>;

  constructor(grammars: Pick<Grammars, 'judge'>) {
    this.#grammars = grammars;
  }

  async read(
    { atMs, lines: screen, earlier = [] }: ScreenAt,
    region: CodeAtMoment['region'],
    { signal }: { signal: AbortSignal },
  ): Promise<CodeAtMoment> {
    const found = extractCode(screen, { region, earlier });
    const text = found.lines.map((line) => line.text).join('\n');
    const code = { atMs, region, text, lines: found.lines };
    if (region === 'terminal' || text === '') return code;
    return { ...code, ...(await this.#describe(screen, found, text, { signal })) };
  }

  async #describe(
    screen: readonly ScreenLineAt[],
    { pane }: ExtractedCode,
    text: string,
    { signal }: { signal: AbortSignal },
  ): Promise<Pick<CodeAtMoment, 'fileName' | 'languageId' | 'parses'>> {
    const fileName = pane && findFileName(screen, pane);
    const named =
      (fileName === undefined ? undefined : languageOfFile(fileName)) ??
      languageOfStatusBar(
        screen
          .filter((line) => line.region === 'statusBar')
          .map((line) => line.text)
          .join(' '),
      );
    const { language, verdict } = named
      ? { language: named, verdict: await this.#judge(named, text) }
      : await this.#guess(text, { signal });
    return {
      ...(fileName === undefined ? {} : { fileName }),
      ...(language ? { languageId: language.id } : {}),
      ...(verdict ? { parses: verdict.parses } : {}),
    };
  }

  async #judge({ grammar }: Language, text: string): Promise<Verdict | undefined> {
    return grammar === undefined ? undefined : this.#grammars.judge(grammar, text);
  }

  /** The language in whose grammar the text parses, or else the one in which it does best, when that is good enough. */
  async #guess(
    text: string,
    { signal }: { signal: AbortSignal },
  ): Promise<{ readonly language?: Language; readonly verdict?: Verdict }> {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < leastLinesToGuess || text.length < leastCharactersToGuess) return {};
    let best: { language: Language; verdict: Verdict } | undefined;
    for (const language of tellingGrammars) {
      signal.throwIfAborted();
      const verdict = (await this.#judge(language, text))!;
      if (verdict.parses) return { language, verdict };
      if (!best || verdict.errorShare < best.verdict.errorShare) best = { language, verdict };
    }
    return best && best.verdict.errorShare <= mostErrorShare ? best : {};
  }
}
