/** The parts of the `vscode` double for chat participants and tools. */

export class MarkdownString {
  value: string;
  isTrusted: unknown;
  constructor(value = '') {
    this.value = value;
  }
  /** @source the editor's own, as far as single lines go */
  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&');
    return this;
  }
  appendMarkdown(markdown: string): this {
    this.value += markdown;
    return this;
  }
}

export class Location {
  readonly uri: unknown;
  constructor(uri: unknown) {
    this.uri = uri;
  }
}

export class ChatResponseTurn {
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}

export class LanguageModelTextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

/** Lacking in old editors: a test may take it away. */
export class FakeDataPart {
  readonly data: Uint8Array;
  readonly mimeType: string;
  constructor(data: Uint8Array, mimeType: string) {
    this.data = data;
    this.mimeType = mimeType;
  }
  static image(data: Uint8Array, mimeType: string): FakeDataPart {
    return new FakeDataPart(data, mimeType);
  }
}

export class LanguageModelToolResult {
  readonly content: readonly unknown[];
  constructor(content: readonly unknown[]) {
    this.content = content;
  }
}

type Handler = (...args: never) => unknown;

/** What was registered. */
export const agents = {
  participants: new Map<string, { readonly handler: Handler; followupProvider?: unknown }>(),
  tools: new Map<string, { prepareInvocation: Handler; invoke: Handler }>(),
  reset(): void {
    agents.participants.clear();
    agents.tools.clear();
  },
};

export const chat = {
  createChatParticipant: (id: string, handler: Handler) => {
    const participant = { handler, dispose: () => void agents.participants.delete(id) };
    agents.participants.set(id, participant);
    return participant;
  },
};

export const lm = {
  registerTool: (name: string, tool: { prepareInvocation: Handler; invoke: Handler }) => {
    agents.tools.set(name, tool);
    return { dispose: () => void agents.tools.delete(name) };
  },
};
