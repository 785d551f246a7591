// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs, type HostToWebview, type MessageOf } from '../../protocol/index.ts';
import { connectHost } from '../../webview/host.ts';
import { reduce } from '../../webview/reduce.ts';
import { initialState } from '../../webview/state.ts';
import { answer, guidance, media, stats, afterFrom } from './rows.ts';

const settings = {
  revealGuidance: 'asPlayed',
  announceGuidance: false,
  chattiness: 'usual',
} as const;
const started = afterFrom(
  initialState,
  { kind: 'init', body: { path: '/a', name: 'a', settings, l10n: {} } },
  { kind: 'asked', body: { requestId: 'r', question: 'Why?', scope: { kind: 'whole' } } },
  { kind: 'searched', body: { requestId: 'h', query: 'why' } },
  { kind: 'codeWanted', body: { requestId: 'c' } },
);

/** One message of every kind: the compiler asks for a line when the protocol gets another. */
const everyMessage: { readonly [Kind in keyof HostToWebview]: HostToWebview[Kind] } = {
  init: { path: '/b', name: 'b', settings, l10n: {} },
  settings: { ...settings, announceGuidance: true, chattiness: 'usual' },
  attention: { isTyping: true },
  manner: { requests: ['when it builds'], silenceThreshold: 0.5 },
  reveal: { rowId: 1 },
  media,
  rows: { rows: [guidance(1, 1)], isReset: true },
  status: { state: 'watching', stats: stats(1, 1) },
  seek: { atMs: mediaMs(5000), play: true },
  focusAsk: {},
  asked: { requestId: 's', question: 'How?', scope: { kind: 'whole' } },
  answerDelta: { requestId: 'r', text: 'Because' },
  answer: { requestId: 'r', answer: answer(2, 1) },
  answerFailed: { requestId: 'r' },
  hits: { requestId: 'h', hits: [] },
  codeSeen: { requestId: 'c', error: { message: 'It broke.', remedy: 'Mend it.' } },
};

describe('what the host says', () => {
  const posted = vi.fn();
  const heard = vi.fn<(message: unknown) => void>();

  beforeEach(() => {
    posted.mockReset();
    heard.mockReset();
  });

  it('takes the only door once', () => {
    const acquire = vi.fn(() => ({
      postMessage: posted,
      getState: () => 'kept',
      setState: vi.fn(),
    }));
    vi.stubGlobal('acquireVsCodeApi', acquire);
    const host = connectHost(heard);
    host.post('copyLink', { atMs: mediaMs(1) });
    expect(posted).toHaveBeenCalledWith({ kind: 'copyLink', body: { atMs: 1 } });
    expect(host.savedState).toBe('kept');
    expect(acquire).toHaveBeenCalledTimes(1);
  });

  it.each(Object.entries(everyMessage))('%s is heard, and changes the page', (kind, body) => {
    const message = { kind, body } as MessageOf<HostToWebview>;
    window.dispatchEvent(new MessageEvent('message', { data: message }));
    expect(heard).toHaveBeenCalledExactlyOnceWith(message);
    expect(posted).not.toHaveBeenCalled();
    expect(reduce(started, message)).not.toBe(started);
  });

  it.each([[{ kind: 'dance', body: {} }], ['text'], [null]])(
    'is reported when it is %o',
    (data) => {
      window.dispatchEvent(new MessageEvent('message', { data }));
      expect(heard).not.toHaveBeenCalled();
      expect(posted).toHaveBeenCalledTimes(1);
      expect(posted.mock.calls[0]?.[0]).toMatchObject({ kind: 'report', body: { kind: 'error' } });
    },
  );

  it('leaves refused content and errors of the page to the log', () => {
    const refused = Object.assign(new Event('securitypolicyviolation'), {
      violatedDirective: 'img-src',
      blockedURI: 'https://elsewhere.test/a.png',
      sourceFile: 'webview.js',
      lineNumber: 1,
    });
    document.dispatchEvent(refused);
    window.dispatchEvent(new ErrorEvent('error', { message: 'x is not a function' }));
    expect(posted.mock.calls.map(([message]: unknown[]) => message)).toEqual([
      {
        kind: 'report',
        body: {
          kind: 'policy',
          detail: 'img-src refused https://elsewhere.test/a.png (webview.js:1)',
        },
      },
      { kind: 'report', body: { kind: 'error', detail: 'x is not a function' } },
    ]);
  });
});
