/** The log file: lines, levels, turning over, and what never gets in. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../daemon/base/errors.ts';
import { LogFile } from '../../../daemon/base/log.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import { wallMs } from '../../../protocol/index.ts';

const clock = { ...systemClock, now: () => wallMs(0) };
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'codealong-log-'));
  file = path.join(folder, 'log', 'daemon.log');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const lines = (of = file): Record<string, unknown>[] =>
  readFileSync(of, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('LogFile', () => {
  it('writes one JSON object a line, at once, for this user only', () => {
    const log = new LogFile({ path: file, clock }).tagged('media');
    log.info('opened', { path: '/a.mp4' });
    log.warning('late');
    expect(lines()).toEqual([
      {
        time: '1970-01-01T00:00:00.000Z',
        level: 'info',
        tag: 'media',
        message: 'opened',
        fields: { path: '/a.mp4' },
      },
      { time: '1970-01-01T00:00:00.000Z', level: 'warning', tag: 'media', message: 'late' },
    ]);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('leaves out what is below its level, which may change', () => {
    const logFile = new LogFile({ path: file, clock, level: 'warning' });
    const log = logFile.tagged('llm');
    log.info('unheard');
    logFile.level = 'debug';
    log.debug('heard');
    expect(logFile.recent()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ message: 'heard' });
  });

  it('keeps two old files and no more', () => {
    const log = new LogFile({ path: file, clock, maxBytes: 300 }).tagged('daemon');
    for (let count = 0; count < 40; count++) log.info(`line ${count}`);
    expect(statSync(file).size).toBeLessThanOrEqual(300);
    expect(lines().at(-1)).toMatchObject({ message: 'line 39' });
    const [newest, older] = [lines(`${file}.1`), lines(`${file}.2`)];
    expect(newest.length + older.length).toBeGreaterThan(0);
    expect(existsSync(`${file}.3`)).toBe(false);
  });

  it('goes on with a file that is there already', () => {
    new LogFile({ path: file, clock }).tagged('daemon').info('first');
    new LogFile({ path: file, clock }).tagged('daemon').info('second');
    expect(lines().map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('keeps the last 500 lines in memory', () => {
    const logFile = new LogFile({ path: file, clock });
    const log = logFile.tagged('daemon');
    for (let count = 0; count < 510; count++) log.info(`line ${count}`);
    expect(logFile.recent()).toHaveLength(500);
    expect(
      logFile.recent(2).map((line) => (JSON.parse(line) as { message: string }).message),
    ).toEqual(['line 508', 'line 509']);
    expect(logFile.recent(0)).toEqual([]);
  });

  it('writes an error with code, stack and causes', () => {
    const log = new LogFile({ path: file, clock }).tagged('media');
    const cause = new TypeError('inner');
    log.error('failed', {
      error: new AppError('ffmpeg.failed', undefined, { cause, data: { exitCode: 1 } }),
    });
    const { error } = lines()[0]?.fields as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: 'ffmpeg.failed', data: { exitCode: 1 } });
    expect(error.stack).toContain('log.test.ts');
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'inner' });
  });

  it('never writes pictures, and survives what cannot be written', () => {
    const log = new LogFile({ path: file, clock }).tagged('perception');
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    log.info('frame', { pixels: new Uint8Array(1000) });
    log.info('circle', circle);
    log.info('big', { count: 10n });
    expect(lines().map(({ fields }) => fields)).toEqual([
      { pixels: '<1000 bytes>' },
      '<not printable>',
      { count: '10' },
    ]);
  });

  it('does not fail when the disk does', () => {
    const logFile = new LogFile({ path: file, clock });
    rmSync(path.dirname(file), { recursive: true });
    logFile.tagged('daemon').error('still here');
    expect(logFile.recent()).toHaveLength(1);
  });
});
