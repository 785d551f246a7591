/** A host that listens. */
import type { MessageOf, WebviewToHost } from '../../protocol/index.ts';
import type { Host } from '../../webview/host.ts';

/** What the page has said, in order. */
export interface FakeHost extends Host {
  readonly said: MessageOf<WebviewToHost>[];
  /** What was said last of a kind. @throws Error when there is none */
  last<Kind extends keyof WebviewToHost>(kind: Kind): WebviewToHost[Kind];
  readonly saves: unknown[];
}

export function fakeHost(savedState?: unknown): FakeHost {
  const said: MessageOf<WebviewToHost>[] = [];
  const saves: unknown[] = [];
  return {
    said,
    saves,
    savedState,
    post: (kind, body) => {
      said.push({ kind, body } as MessageOf<WebviewToHost>);
    },
    saveState: (state) => {
      saves.push(state);
    },
    last: <Kind extends keyof WebviewToHost>(kind: Kind) => {
      const message = said.findLast((one) => one.kind === kind);
      if (!message) throw new Error(`the page has said no ${kind}`);
      return message.body as WebviewToHost[Kind];
    },
  };
}
