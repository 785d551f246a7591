/**
 * The part of OpenAI's chat completions that is used, as vLLM, SGLang and llama-server speak it too. Pure.
 * @source OpenAI API reference, "Create chat completion"; docs.vllm.ai, "OpenAI-Compatible Server"; llama.cpp, tools/server/README.md
 */

/** A piece of a user's message. */
export type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image_url';
      /** A `data:` address: the server fetches nothing. */
      readonly image_url: { readonly url: string };
    };

export type ChatMessage =
  | { readonly role: 'system' | 'assistant'; readonly content: string }
  | { readonly role: 'user'; readonly content: readonly ChatPart[] };

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  /** Asks what else might have been the first word, and how likely. */
  readonly wantsAlternatives?: boolean;
}

/** As many as OpenAI and vLLM give at most. */
const mostAlternatives = 20;

/** The body of a request. */
export function chatBody(
  { messages, maxTokens, wantsAlternatives = false }: ChatRequest,
  { model, isStreamed }: { readonly model: string; readonly isStreamed: boolean },
): string {
  return JSON.stringify({
    ...{ model, messages, max_tokens: maxTokens, temperature: 0 },
    ...(wantsAlternatives ? { logprobs: true, top_logprobs: mostAlternatives } : {}),
    ...(isStreamed ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

export const textPart = (text: string): ChatPart => ({ type: 'text', text });

/** @param jpeg base64 */
export const picturePart = (jpeg: string): ChatPart => ({
  type: 'image_url',
  image_url: { url: `data:image/jpeg;base64,${jpeg}` },
});

/** Whether there are pictures in it. */
export const hasPictures = (messages: readonly ChatMessage[]): boolean =>
  messages.some(
    ({ role, content }) => role === 'user' && content.some(({ type }) => type === 'image_url'),
  );
