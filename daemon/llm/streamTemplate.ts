/** Token layout of a stream: conversation events → pieces of text and embedding rows. Pure; mirrors models/template.py. */
import type { RecallManifest, ScreenTextManifest, StreamManifest } from '../weights/manifest.ts';

type StreamRole = 'begin' | 'user' | 'stream' | 'assistant';

/** One step of a conversation: a user's text, a sampled frame with its new screen lines, or the begin of a reply. */
export type StreamEvent =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'stream'; readonly lines: readonly string[] }
  | { readonly role: 'assistant' };

/** What enters the cache in one go. */
export type StreamPiece =
  | {
      readonly kind: 'text';
      /** Tokenised in one piece, with special tokens recognised. */
      readonly text: string;
      /** The beginning of `text` that belongs to the turn before: held-back user text and the seam. */
      readonly lead: string;
    }
  | { readonly kind: 'rows' }
  | { readonly kind: 'reply' };

/** Where a conversation stands. */
export interface StreamState {
  readonly role: StreamRole;
  /** User text with the seam before it, not yet in the cache: a tokenizer may merge across its end, so it waits for the next seam. */
  readonly held: string;
}

export const initialStreamState: StreamState = { role: 'begin', held: '' };

/** What of a pack the layout depends on. */
export interface TemplateRules {
  readonly manifest: Pick<StreamManifest, 'seams' | 'screenText' | 'recall'>;
  /** Special tokens of the decoder; outside text is made unable to form one. */
  readonly specialTokens: readonly string[];
}

/** @returns the pieces that may enter the cache now. @throws RangeError for a pair of roles that has no seam. */
export function advance(
  rules: TemplateRules,
  state: StreamState,
  event: StreamEvent,
): { readonly state: StreamState; readonly pieces: readonly StreamPiece[] } {
  const seams: Readonly<Partial<Record<string, string>>> = rules.manifest.seams;
  const seam = seams[`${state.role}>${event.role}`];
  if (seam === undefined) throw new RangeError(`no seam leads from ${state.role} to ${event.role}`);
  const lead = state.held + seam;
  switch (event.role) {
    case 'user': {
      const held = lead + neutralise(event.text, rules.specialTokens);
      return { state: { role: 'user', held }, pieces: [] };
    }
    case 'stream': {
      const text = lead + screenText(event.lines, rules);
      return {
        state: { role: 'stream', held: '' },
        pieces: [{ kind: 'text', text, lead }, { kind: 'rows' }],
      };
    }
    case 'assistant':
      return {
        state: { role: 'assistant', held: '' },
        pieces: [{ kind: 'text', text: lead, lead }, { kind: 'reply' }],
      };
  }
}

/** Breaks every special token in outside text with a space. */
export function neutralise(text: string, specialTokens: readonly string[]): string {
  return specialTokens.reduce((broken, token) => {
    const [first = ''] = token;
    return broken.replaceAll(token, () => `${first} ${token.slice(first.length)}`);
  }, text);
}

/** Keeps the first and the last of too many lines and cuts long ones. */
export function limitLines(
  lines: readonly string[],
  layout: Pick<ScreenTextManifest, 'maxLines' | 'headLines' | 'maxLineChars'>,
): string[] {
  const { maxLines, headLines, maxLineChars } = layout;
  const tail = maxLines - headLines;
  const kept =
    lines.length > maxLines
      ? [...lines.slice(0, headLines), ...lines.slice(lines.length - tail)]
      : lines;
  return kept.map((line) => Array.from(line).slice(0, maxLineChars).join(''));
}

/** One timeline row given to the decoder in recall mode. */
export interface RecallEvidence {
  readonly kind: 'screen' | 'guidance';
  readonly text: string;
}

/** A question that was answered before. */
export interface RecallTurn {
  readonly question: string;
  readonly answer: string;
}

export interface RecallPrompt {
  /** In time order. */
  readonly evidence: readonly RecallEvidence[];
  /** What was asked and answered before, oldest first. */
  readonly earlier?: readonly RecallTurn[];
  readonly question: string;
}

/**
 * The prompt of a fresh sequence without pictures: the evidence in time order as a shortened stream, then the questions.
 * @throws RangeError when the pack has no recall mode
 */
export function recallPrompt(
  rules: TemplateRules,
  { evidence, earlier = [], question }: RecallPrompt,
): string {
  const { seams, recall } = rules.manifest;
  if (!recall) throw new RangeError('this pack cannot answer without pictures');
  const rows = evidence.map((row, index) => {
    const isFirst = evidence[index - 1]?.kind !== 'screen';
    return recallRow(
      recall,
      { kind: row.kind, text: neutralise(row.text, rules.specialTokens) },
      isFirst,
    );
  });
  const say = (text: string): string => neutralise(text, rules.specialTokens);
  return [
    seams['begin>stream'],
    ...rows,
    seams['stream>user'],
    ...earlier.flatMap((turn) => [
      ...[say(turn.question), seams['user>assistant']],
      ...[say(turn.answer), seams['assistant>user']],
    ]),
    say(question),
    seams['user>assistant'],
  ].join('');
}

function recallRow(
  layout: RecallManifest,
  { kind, text }: RecallEvidence,
  isFirst: boolean,
): string {
  const fill = (pattern: string): string => pattern.replace('{text}', () => text);
  if (kind === 'guidance') return fill(layout.guidance);
  return (isFirst ? layout.screenOpen : '') + fill(layout.screenLine);
}

function screenText(lines: readonly string[], { manifest, specialTokens }: TemplateRules): string {
  const layout = manifest.screenText;
  if (!layout || lines.length === 0) return '';
  const text = limitLines(lines, layout).map(
    (line) => neutralise(line, specialTokens) + layout.lineEnd,
  );
  return layout.open + text.join('');
}
