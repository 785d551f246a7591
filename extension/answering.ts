/** The questions of one page that are being answered: their words so far, and how each ends. */
import * as vscode from 'vscode';
import type { HostToWebview, WebviewToHost } from '../protocol/index.ts';
import { isCancelled, toShownError } from './messages.ts';
import type { Question, WatchedVideo } from './watchedVideo.ts';

type Post = <Kind extends 'asked' | 'answerDelta' | 'answer' | 'answerFailed'>(
  kind: Kind,
  body: HostToWebview[Kind],
) => void;

interface Pending {
  readonly question: WebviewToHost['ask'];
  readonly cancel: vscode.CancellationTokenSource;
  text: string;
}

/** Asks for a page and tells it the answers. */
export class Answering implements vscode.Disposable {
  readonly #video: Pick<WatchedVideo, 'ask'>;
  readonly #post: Post;
  readonly #pending = new Map<string, Pending>();
  #asked = 0;

  constructor(video: Pick<WatchedVideo, 'ask'>, post: Post) {
    this.#video = video;
    this.#post = post;
  }

  /** Answers a question of the page. Never fails: the page is told. */
  async ask(question: WebviewToHost['ask']): Promise<void> {
    const { requestId } = question;
    const pending = { question, cancel: new vscode.CancellationTokenSource(), text: '' };
    this.#pending.set(requestId, pending);
    const onText = (text: string): void => {
      pending.text += text;
      this.#post('answerDelta', { requestId, text });
    };
    try {
      const answer = await this.#video.ask(question, { onText }, pending.cancel.token);
      this.#end(pending);
      this.#post('answer', { requestId, answer });
    } catch (error) {
      this.#end(pending);
      this.#post('answerFailed', {
        requestId,
        ...(isCancelled(error) ? {} : { error: toShownError(error) }),
      });
    }
  }

  /** Answers a question that was asked elsewhere; the page shows it as its own. */
  askAsPage(question: Question): Promise<void> {
    const asked = { requestId: `command-${++this.#asked}`, ...question };
    this.#post('asked', asked);
    return this.ask(asked);
  }

  stop(requestId: string): void {
    this.#pending.get(requestId)?.cancel.cancel();
  }

  /** Tells a page that knows nothing yet what is being answered. */
  tellAll(): void {
    for (const { question, text } of this.#pending.values()) {
      this.#post('asked', question);
      if (text !== '') this.#post('answerDelta', { requestId: question.requestId, text });
    }
  }

  dispose(): void {
    for (const { cancel } of this.#pending.values()) cancel.cancel();
  }

  #end({ question, cancel }: Pending): void {
    this.#pending.delete(question.requestId);
    cancel.dispose();
  }
}
