/** Rows, answers and reports as people read them. Pure. */
import {
  formatMediaTime,
  plainText,
  type AnswerRow,
  type DaemonStatus,
  type DoctorReport,
  type ModelFit,
  type ScreenLineAt,
  type SearchHit,
  type SessionStats,
  type ServerStats,
  type SpeechStats,
  type TimelineRow,
} from '../../protocol/index.ts';

/** 0:12–0:15, or one time when both are written alike. */
function formatStretch({ startMs, endMs }: { startMs: number; endMs: number }): string {
  const [start, end] = [formatMediaTime(startMs), formatMediaTime(endMs)];
  return start === end ? start : `${start}–${end}`;
}

/** One row, one line. */
export function formatRow(row: TimelineRow): string {
  switch (row.kind) {
    case 'guidance':
      return `[${formatMediaTime(row.atMs)}] ${oneLine(plainText(row))}`;
    case 'screenText':
      return `[${formatStretch(row)}] screen: ${oneLine(row.text)}`;
    case 'cue':
      return `[${formatMediaTime(row.startMs)}] ${howHeard(row)}“${oneLine(row.text)}”`;
    case 'gap':
      return `[${formatStretch(row)}] nothing could be seen: ${oneLine(row.reason)}`;
    case 'query':
      return `[${formatMediaTime(row.atMs)}] question: ${oneLine(row.text)}`;
    case 'answer':
      return `[${formatMediaTime(row.atMs)}] answer: ${oneLine(row.text)}`;
    case 'chapter':
      return `[${formatStretch(row)}] chapter: ${oneLine(row.title)}`;
    case 'summary':
      return `[${formatStretch(row)}] summary`;
  }
}

const howHeard = ({ origin }: { readonly origin?: 'speech' }): string =>
  origin === 'speech' ? 'heard: ' : '';

/** The answer, then the rows it rests on. */
export function formatAnswer({ text, citations }: AnswerRow): string {
  const cited = citations.map(
    (one) => `  ${formatStretch(one)} ${howHeard(one)}${oneLine(one.text)}`,
  );
  return [text, ...cited].join('\n');
}

/** The lines of each part of the screen below its name, as far to the right as they stood. */
export function formatScreen(lines: readonly ScreenLineAt[]): string {
  const regions = [...new Set(lines.map(({ region }) => region))];
  return regions
    .map((region) => {
      const its = lines.filter((line) => line.region === region);
      const texts = its.map(({ text, indentColumns }) => `  ${' '.repeat(indentColumns)}${text}`);
      return [`${region}:`, ...texts].join('\n');
    })
    .join('\n');
}

/** One moment, one line. @param withVideo tells in which video it is */
export function formatHit(
  { startMs, endMs, text, kind, region, origin, video }: SearchHit,
  { withVideo }: { readonly withVideo: boolean },
): string {
  const where = kind === 'screenText' ? region : (origin ?? kind);
  const file = withVideo ? `${video.path ?? video.videoId} ` : '';
  return `${file}[${formatStretch({ startMs, endMs })}] ${where ?? 'screen'}: ${oneLine(plainText({ kind, text }))}`;
}

/** A table of the checks; what is wrong is followed by its remedy. */
export function formatDoctor({ version, checks }: DoctorReport): string {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, detail, remedy }) => [
    `${name.padEnd(width)}  ${status.padEnd('warning'.length)}  ${detail}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width)}           → ${remedy}`]),
  ]);
  return [`codealong ${version}`, ...lines].join('\n');
}

/** What the daemon is and whom it serves; who asks is no client worth telling of. */
export function formatStatus({ pid, version, home, clients, sessions }: DaemonStatus): string {
  const counted = (count: number, word: string): string =>
    `${count} ${word}${count === 1 ? '' : 's'}`;
  return `Process ${pid}, version ${version}, ${counted(clients - 1, 'client')}, ${counted(sessions, 'session')}, home ${home}.`;
}

/** What watching took, in one line. */
export function formatStats(stats: SessionStats): string {
  return [
    `watched to ${formatMediaTime(stats.positionMs)}`,
    `${stats.framesSeen} frames`,
    `${stats.framesPerSecond.toFixed(1)} a second`,
    ...(stats.startedMs === undefined ? [] : [`${stats.framesStill} still`, formatDropped(stats)]),
    ...(stats.speech ? [formatSpeech(stats.speech)] : []),
    ...(stats.server ? [formatServer(stats.server)] : []),
    `${stats.guidanceCount} times guidance`,
    `${stats.repliesWithheld} withheld as unsure`,
    `${stats.repliesUngrounded} as not on screen`,
    `${stats.repliesContradicted} as no longer on screen`,
    `${stats.repliesRepeated} as repeated`,
    `${stats.repliesUnfinished} as unfinished`,
  ].join(', ');
}

const formatServer = ({ host, model, requests, pictures, isAway }: ServerStats): string =>
  `${model} at ${host}: ${requests} requests, ${pictures} with pictures${isAway ? '; it does not answer' : ''}`;

const formatSpeech = ({ host, sent, dropped, isAway, trouble }: SpeechStats): string =>
  `${sent} utterances sent to ${host}, ${dropped} left out${isAway ? ', which does not answer' : ''}` +
  (trouble === undefined ? '' : ` (${trouble})`);

/** How many frames were left out, and why. */
function formatDropped({ framesDropped, droppedBy }: SessionStats): string {
  const { unseen, still, behind } = droppedBy;
  if (framesDropped === 0) return 'none left out';
  return `${framesDropped} left out (${unseen} not looked at, ${still} without new text, ${behind} too old)`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** 13.5 MB, 5.2 GB. */
export function formatBytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Where a model would run, and why. */
export function formatFit({ place, needBytes, deviceFreeBytes, freeBytes }: ModelFit): string {
  const needs = `needs ${formatBytes(needBytes)}`;
  const card = `${formatBytes(deviceFreeBytes)} free on the graphics card`;
  const machine = `${formatBytes(freeBytes)} of memory free`;
  switch (place) {
    case 'device':
      return `${needs}, fits the graphics card (${card})`;
    case 'shared':
      return `${needs}, a part of it fits the graphics card (${card})`;
    case 'processor':
      return `${needs}, runs on the processor (${deviceFreeBytes > 0 ? card : 'no graphics card'})`;
    case 'none':
      return `${needs}, too large for this machine (${machine})`;
  }
}
