/** Links that open a video at a moment: `vscode://codealong.codealong/open?video=<path>&t=<seconds>`. */
import { liveIdPattern } from './session.ts';
import { mediaMs, type MediaMs } from './units.ts';

/** Name of the extension, and so the authority of its links. */
export const extensionId = 'codealong.codealong';

/** Where a deep link leads. */
export interface DeepLink {
  /** Absolute path of the video, or the id of a live session. */
  readonly path: string;
  /** The video's start, or where it was left, when absent. */
  readonly atMs?: MediaMs;
}

/** @param scheme of the editor, such as `vscode` or `vscode-insiders` */
export function formatDeepLink(scheme: string, { path, atMs }: DeepLink): string {
  const moment = atMs === undefined ? '' : `&t=${atMs / 1000}`;
  return `${scheme}://${extensionId}/open?video=${encodeMarkdownSafe(path)}${moment}`;
}

/**
 * Reads a link of any editor's scheme. Never throws: it may come from anywhere.
 * @returns undefined when it is not one of ours, or names neither an absolute path nor a live session, or a moment that is none
 */
export function parseDeepLink(link: string): DeepLink | undefined {
  const query = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)\/open\?([^#]*)/i.exec(link);
  if (query?.[1]?.toLowerCase() !== extensionId) return undefined;
  const { video, t } = parseQuery(query[2]!);
  if (video === undefined || !(isAbsolute(video) || liveIdPattern.test(video))) return undefined;
  if (t === undefined) return { path: video };
  const atMs = parseMoment(t);
  return atMs === undefined ? undefined : { path: video, atMs };
}

/** Seconds, or a time as people write it: `750`, `750.5`, `12:30`, `1:02:03`. @returns undefined when it is neither */
export function parseMoment(text: string): MediaMs | undefined {
  const match = /^(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,7}(?:\.\d{1,6})?)s?$/.exec(text.trim());
  if (!match) return undefined;
  const [hours = '0', minutes = '0', seconds = '0'] = match.slice(1);
  return mediaMs((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000);
}

function parseQuery(query: string): Readonly<Record<string, string | undefined>> {
  const fields: Record<string, string> = {};
  for (const part of query.split('&')) {
    const [name = '', ...value] = part.split('=');
    try {
      fields[name] = decodeURIComponent(value.join('='));
    } catch {
      // A percent sign that encodes nothing: the field counts as absent.
    }
  }
  return fields;
}

const isAbsolute = (path: string): boolean =>
  !path.includes('\0') && /^(\/|[a-z]:[\\/]|\\\\)/i.test(path);

/** Parentheses would end a Markdown link. */
const encodeMarkdownSafe = (path: string): string =>
  encodeURIComponent(path).replaceAll('(', '%28').replaceAll(')', '%29');
