/** Token layout of a stream: conversation events → pieces of text and embedding rows. Pure; mirrors models/decoder/template.py. */
import type {
  RecallManifest,
  ScreenTextManifest,
  StreamManifest,
} from '../weights/streamManifest.ts';
import type { PastStretch } from './pastStretches.ts';

type StreamRole = 'begin' | 'user' | 'stream' | 'assistant';

/** One step of a conversation: a user's text, a sampled frame with its new screen lines, or the begin of a reply. */
export type StreamEvent =
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'stream'; readonly lines: readonly StreamLine[] }
  | { readonly role: 'assistant' };

/** Text that newly stands on screen, and the part of the screen that it stands in. */
export interface StreamLine {
  readonly text: string;
  /** One of the manifest's `regionMarks`; others get no mark. */
  readonly region: string;
}

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
  readonly manifest: Pick<StreamManifest, 'seams' | 'screenText' | 'recall' | 'instruction'>;
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
export function limitLines<Line extends Pick<StreamLine, 'text'>>(
  lines: readonly Line[],
  layout: Pick<ScreenTextManifest, 'maxLines' | 'headLines' | 'maxLineChars'>,
): Line[] {
  const { maxLines, headLines, maxLineChars } = layout;
  const tail = maxLines - headLines;
  const kept =
    lines.length > maxLines
      ? [...lines.slice(0, headLines), ...lines.slice(lines.length - tail)]
      : lines;
  return kept.map((line) => ({ ...line, text: cut(line.text, maxLineChars) }));
}

const cut = (text: string, maxChars: number): string =>
  Array.from(text).slice(0, maxChars).join('');

/** One timeline row given to the decoder in recall mode. */
export type RecallEvidence =
  ({ readonly kind: 'screen' } & StreamLine) | { readonly kind: 'guidance'; readonly text: string };

/** A question that was answered before. */
export interface RecallTurn {
  readonly question: string;
  readonly answer: string;
  /** What is left of both where there is less room; without it the turn goes as a whole. */
  readonly brief?: Pick<RecallTurn, 'question' | 'answer'>;
}

export interface RecallPrompt {
  /** Those of a question by rank or by time, as the pack says, all others in time order; rows beyond its references are left out. */
  readonly evidence: readonly RecallEvidence[];
  /** Stretches that are decoded once more before everything else, in the order of their times. */
  readonly past?: readonly PastStretch[];
  /** What was asked and answered before, oldest first. */
  readonly earlier?: readonly RecallTurn[];
  readonly question: string;
}

/** A part of a prompt: text with special tokens, or a frame's embedding rows. */
export type RecallPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: Float32Array };

/**
 * The prompt of a fresh sequence: past stretches of the stream, what was asked before, the question, then the rows as a shortened
 * stream. A row's reference stands behind its text, so that the position of the reference has seen question and row.
 * @throws RangeError when the pack has no recall mode
 */
export function recallPrompt(
  rules: TemplateRules,
  { evidence, past = [], earlier = [], question }: RecallPrompt,
): RecallPiece[] {
  const { seams, recall } = rules.manifest;
  if (!recall) throw new RangeError('this pack cannot answer without pictures');
  const say = (text: string): string => neutralise(text, rules.specialTokens);
  const { pieces, seam } = pastPieces(rules, past);
  let text = [
    seam,
    ...earlier.flatMap((turn) => [
      ...[say(turn.question), seams['user>assistant']],
      ...[say(turn.answer), seams['assistant>user']],
    ]),
    ...[say(question), seams['user>stream']],
  ].join('');
  for (const [index, reference] of recall.refs.entries()) {
    const row = evidence[index];
    if (!row) break;
    const isFirst = evidence[index - 1]?.kind !== 'screen';
    if (row.kind === 'screen' && isFirst) text += recall.screenOpen;
    text += recallRow(rules, recall, row, reference);
  }
  return [...pieces, { kind: 'text', text: text + seams['stream>assistant'] }];
}

/**
 * Stretches of a stream as they were watched: behind the pack's own instruction, frame by frame, with what was said.
 * @returns with the seam at which a user may speak
 */
export function pastPieces(
  rules: TemplateRules,
  past: readonly PastStretch[],
): { readonly pieces: RecallPiece[]; readonly seam: string } {
  const { instruction } = rules.manifest;
  const seams: Readonly<Partial<Record<string, string>>> = rules.manifest.seams;
  const events = past.toSorted((a, b) => a.startMs - b.startMs).flatMap((each) => each.events);
  const pieces: RecallPiece[] = [];
  let state = initialStreamState;
  const step = (event: StreamEvent): void => {
    const next = advance(rules, state, event);
    state = next.state;
    for (const piece of next.pieces) {
      if (piece.kind === 'text') pieces.push({ kind: 'text', text: piece.text });
    }
  };
  if (events.length > 0 && instruction !== undefined) step({ role: 'user', text: instruction });
  for (const event of events) {
    if (event.kind === 'frame') {
      step({ role: 'stream', lines: event.lines });
      if (event.rows) pieces.push({ kind: 'rows', rows: event.rows });
    } else if (state.role === 'stream') {
      step({ role: 'assistant' });
      pieces.push({ kind: 'text', text: neutralise(event.text, rules.specialTokens) });
    }
  }
  return { pieces, seam: seams[`${state.role}>user`] ?? '' };
}

function recallRow(
  { manifest, specialTokens }: TemplateRules,
  layout: RecallManifest,
  row: RecallEvidence,
  reference: string,
): string {
  const text = neutralise(cut(row.text, layout.maxRowChars), specialTokens);
  const mark = row.kind === 'screen' ? markOf(row, manifest.screenText) : '';
  const parts: Readonly<Record<string, string>> = { mark, text, ref: reference };
  const pattern = row.kind === 'screen' ? layout.screenLine : layout.guidance;
  return pattern.replace(/\{(mark|text|ref)\}/g, (_, name: string) => parts[name]!);
}

function screenText(lines: readonly StreamLine[], rules: TemplateRules): string {
  const layout = rules.manifest.screenText;
  if (!layout || lines.length === 0) return '';
  const text = screenLines(rules, lines).map(
    (line) => markOf(line, layout) + line.text + layout.lineEnd,
  );
  return layout.open + text.join('');
}

/** The lines of a frame as the decoder gets them; none for a model that gets no screen text. */
export function screenLines(
  { manifest: { screenText: layout }, specialTokens }: TemplateRules,
  lines: readonly StreamLine[],
): StreamLine[] {
  if (!layout) return [];
  return limitLines(lines, layout).map((line) => ({
    ...line,
    text: neutralise(line.text, specialTokens),
  }));
}

const markOf = ({ region }: StreamLine, layout: ScreenTextManifest | undefined): string =>
  layout?.regionMarks?.[region] ?? '';
