import { CancellationError } from 'vscode';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError, catalogue } from '../../daemon/base/errors.ts';
import { showError, tellRecovered, toShownError } from '../../extension/messages.ts';
import { errorCodes } from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';

beforeEach(() => {
  editor.reset();
});

describe('toShownError', () => {
  it('gives every failure its sentence and the remedy of the catalogue', () => {
    for (const code of errorCodes) {
      const { sentence, remedy } = catalogue[code];
      expect(toShownError(new AppError(code))).toMatchObject({ message: sentence, remedy });
    }
  });

  it('keeps a sentence that is more specific, and says what a button can do', () => {
    expect(toShownError(new AppError('daemon.startFailed', 'No Node was found.'))).toEqual({
      message: 'No Node was found.',
      remedy: catalogue['daemon.startFailed'].remedy,
      action: 'doctor',
    });
  });

  it('says nothing of the inside of a bug', () => {
    expect(toShownError(new TypeError('x is undefined')).message).toBe(catalogue.internal.sentence);
  });
});

describe('showError', () => {
  it('shows one message with one button, which does what it says', async () => {
    editor.press = 'Restart Daemon';
    await showError(new AppError('daemon.crashLoop'));
    const { sentence, remedy } = catalogue['daemon.crashLoop'];
    expect(editor.messages).toEqual([
      { kind: 'error', text: `${sentence} ${remedy}`, buttons: ['Restart Daemon'] },
    ]);
    expect(editor.commands).toEqual([{ command: 'codealong.restartDaemon', args: [] }]);
  });

  it('does nothing more when it is closed', async () => {
    await showError(new AppError('ffmpeg.missing'));
    expect(editor.messages[0]?.buttons).toEqual(['Open Settings']);
    expect(editor.commands).toEqual([]);
  });

  it('has no button for what cannot be done from a message', async () => {
    await showError(new AppError('connection.lost'));
    expect(editor.messages[0]?.buttons).toEqual([]);
  });

  it('is silent about what somebody stopped', async () => {
    await showError(new CancellationError());
    await showError(new AppError('request.cancelled'));
    await showError(new DOMException('stopped', 'AbortError'));
    expect(editor.messages).toEqual([]);
  });
});

describe('tellRecovered', () => {
  it('leads to the log', async () => {
    editor.press = 'Show Log';
    await tellRecovered();
    expect(editor.messages).toHaveLength(1);
    expect(editor.messages[0]?.kind).toBe('warning');
    expect(editor.commands).toEqual([{ command: 'codealong.showLog', args: [] }]);
  });
});
