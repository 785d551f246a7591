/** The editor's side of this page: typed messages both ways, and what the editor keeps for it. */
import type { HostToWebview, MessageOf, WebviewToHost } from '../protocol/index.ts';
import { isHostMessage } from './reduce.ts';

/** What the page may ask of the editor. */
export interface Host {
  post<Kind extends keyof WebviewToHost>(kind: Kind, body: WebviewToHost[Kind]): void;
  /** What was saved before the page was loaded, whoever wrote it. */
  readonly savedState: unknown;
  saveState(state: unknown): void;
}

/** The only door to the editor that a page gets; it opens once. */
interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

/** A message that is nobody's, short enough for a log. */
function describe(message: unknown): string {
  const { kind } = (message ?? {}) as { kind?: unknown };
  return typeof kind === 'string' ? kind.slice(0, 100) : typeof message;
}

/**
 * Takes the door, listens, and reports what goes wrong in the page.
 * @param onMessage hears every message that the page knows; others are reported
 */
export function connectHost(onMessage: (message: MessageOf<HostToWebview>) => void): Host {
  const api = acquireVsCodeApi();
  const post: Host['post'] = (kind, body) => {
    api.postMessage({ kind, body });
  };
  const report = (kind: WebviewToHost['report']['kind'], detail: string): void => {
    post('report', { kind, detail });
  };
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isHostMessage(data)) onMessage(data);
    else report('error', `unknown message: ${describe(data)}`);
  });
  window.addEventListener('error', ({ message, error }) => {
    report('error', (error instanceof Error && error.stack) || message);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => {
    report('error', (reason instanceof Error && reason.stack) || String(reason));
  });
  document.addEventListener('securitypolicyviolation', (violation) => {
    const { violatedDirective, blockedURI, sourceFile, lineNumber } = violation;
    report('policy', `${violatedDirective} refused ${blockedURI} (${sourceFile}:${lineNumber})`);
  });
  const saveState = (state: unknown): void => {
    api.setState(state);
  };
  return { post, savedState: api.getState(), saveState };
}
