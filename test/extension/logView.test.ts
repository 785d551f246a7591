import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogFollower, parseLogLine } from '../../extension/logView.ts';

const line = (message: string, level = 'info', more: object = {}): string =>
  `${JSON.stringify({ time: '2026-11-21T03:40:12.045Z', level, tag: 'daemon', message, ...more })}\n`;

describe('parseLogLine', () => {
  it('keeps level, time of writing, room and facts', () => {
    expect(parseLogLine(line('it came', 'warning', { fields: { leases: 2 } }))).toEqual({
      level: 'warning',
      text: '03:40:12.045 [daemon] it came {"leases":2}',
    });
  });

  it('takes nothing that is no line of a log', () => {
    for (const text of ['', 'half":1}', 'null', '{}', '{"level":"loud","message":"a"}', '[1]']) {
      expect(parseLogLine(text)).toBeUndefined();
    }
  });
});

describe('LogFollower', () => {
  let folder: string;
  let file: string;
  let shown: string[];
  let follower: LogFollower;
  let isSeen: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    folder = mkdtempSync(path.join(tmpdir(), 'codealong-log-'));
    file = path.join(folder, 'daemon.log');
    shown = [];
    isSeen = true;
    const at = (level: string) => (text: string) => {
      shown.push(`${level} ${text.slice('03:40:12.045 [daemon] '.length)}`);
    };
    follower = new LogFollower({
      ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    });
  });
  afterEach(() => {
    follower.dispose();
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  const follow = (): void => {
    follower.follow(file, () => isSeen);
  };
  const later = (): void => {
    vi.advanceTimersByTime(1000);
  };

  it('shows what is there, with its levels, each line once', () => {
    writeFileSync(file, line('one') + line('two', 'warning') + line('three', 'error'));
    follow();
    follow();
    expect(shown).toEqual(['info one', 'warn two', 'error three']);
  });

  it('goes on while it is seen, and later from where it was', () => {
    writeFileSync(file, line('one'));
    follow();
    appendFileSync(file, line('two'));
    later();
    isSeen = false;
    appendFileSync(file, line('three'));
    later();
    expect(shown).toEqual(['info one', 'info two']);
    isSeen = true;
    later();
    expect(shown).toHaveLength(2);
    follow();
    expect(shown.at(-1)).toBe('info three');
  });

  it('waits for the second half of a line', () => {
    const whole = line('café');
    const bytes = Buffer.from(whole);
    const cut = bytes.indexOf(0xc3) + 1;
    writeFileSync(file, bytes.subarray(0, cut));
    follow();
    expect(shown).toEqual([]);
    appendFileSync(file, bytes.subarray(cut));
    later();
    expect(shown).toEqual(['info café']);
  });

  it('follows a log that is turned over, without losing its last lines', () => {
    writeFileSync(file, line('one'));
    follow();
    appendFileSync(file, line('two'));
    renameSync(file, `${file}.1`);
    writeFileSync(file, line('three'));
    later();
    expect(shown).toEqual(['info one', 'info two', 'info three']);
  });

  it('shows the end of a long log, from a whole line on', () => {
    const long = Array.from({ length: 5000 }, (_, number) => line(`number ${number}`)).join('');
    writeFileSync(file, long);
    follow();
    expect(shown.length).toBeGreaterThan(1000);
    expect(shown.length).toBeLessThan(5000);
    expect(shown.at(-1)).toBe('info number 4999');
  });

  it('comes to a log that is not there yet', () => {
    follow();
    writeFileSync(file, line('first'));
    later();
    expect(shown).toEqual(['info first']);
  });
});
