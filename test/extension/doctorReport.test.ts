import { CancellationError, CancellationTokenSource } from 'vscode';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../daemon/base/errors.ts';
import { examine, renderDoctor } from '../../extension/doctorReport.ts';
import type { DoctorReport } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';

const surroundings = { version: '0.1.0', facts: [['Home', '/home/ann/.codealong']] } as const;
const { token } = new CancellationTokenSource();

const failing = (error: Error) => ({ request: () => Promise.reject(error) });

beforeEach(() => {
  editor.reset();
});

describe('examine', () => {
  it('gives what the daemon found', async () => {
    const report: DoctorReport = { version: '1', checks: [] };
    const client = { request: () => Promise.resolve(report) };
    expect(await examine(client as never, '0.1.0', token)).toBe(report);
  });

  it('makes a finding of a daemon that does not start, with its last words', async () => {
    const data = { output: 'Error: no such module\n    at main' };
    const error = new AppError('daemon.startFailed', 'It ended at once.', { data });
    const { version, checks } = await examine(failing(error), '0.1.0', token);
    expect(version).toBe('0.1.0');
    expect(checks).toEqual([
      {
        ...{ name: 'daemon', status: 'missing' },
        detail: 'It ended at once. It said: Error: no such module\n    at main',
        remedy: new AppError('daemon.startFailed').remedy,
      },
    ]);
  });

  it('leaves out a server that nobody has allowed, and says so', async () => {
    editor.settings.set('codealong.model', 'https://gpu.team/v1#eyes');
    const engine = { name: 'engine', status: 'ok', detail: 'there' } as const;
    const error = new AppError('endpoint.notAllowed');
    const client = {
      request: (_: unknown, params: object) =>
        'model' in params
          ? Promise.reject(error)
          : Promise.resolve({ version: '1', checks: [engine] }),
    };
    const { checks } = await examine(client as never, '0.1.0', token);
    const { message: detail, remedy } = error;
    const left = { name: 'model server', status: 'warning', detail, remedy };
    expect(checks).toEqual([engine, left]);
  });

  it('is no finding when somebody stops it', async () => {
    await expect(examine(failing(new CancellationError()), '0.1.0', token)).rejects.toThrow(
      CancellationError,
    );
  });
});

describe('renderDoctor', () => {
  it('says what needs care first, then everything', () => {
    const page = renderDoctor(
      {
        version: '0.1.0',
        checks: [
          { name: 'engine', status: 'ok', detail: 'llama.cpp b1 on CPU' },
          {
            ...{ name: 'ffmpeg', status: 'missing', detail: 'ffmpeg was not found.' },
            remedy: 'Install ffmpeg.',
          },
        ],
      },
      surroundings,
    );
    expect(page).toBe(`# Codealong 0.1.0

1 of 2 checks need care.

### ✗ ffmpeg

ffmpeg was not found.

**What helps:** Install ffmpeg.

## All checks

| | check | found |
| --- | --- | --- |
| ✓ | engine | llama.cpp b1 on CPU |
| ✗ | ffmpeg | ffmpeg was not found. |

## Surroundings

| | |
| --- | --- |
| Home | /home/ann/.codealong |
`);
  });

  it('is glad when everything is there', () => {
    const page = renderDoctor({ version: '0.1.0', checks: [] }, surroundings);
    expect(page).toContain('Everything is there.');
    expect(page).not.toContain('###');
  });

  it('lets nothing that a program says become part of the page', () => {
    const detail = 'It said: *a* | <b> [c](command:x)\n````\n# not a title';
    const checks = [{ name: 'a|b', status: 'missing' as const, detail }];
    const page = renderDoctor({ version: '1', checks }, surroundings);
    expect(page).toContain('````text\nIt said: *a* | <b> [c](command:x)\n``\n# not a title\n````');
    expect(page).toContain(
      String.raw`| ✗ | a\|b | It said: \*a\* \| \<b\> \[c\](command:x) \`\`\`\` \# not a title |`,
    );
  });
});
