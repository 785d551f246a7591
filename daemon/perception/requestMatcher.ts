/** Tells whether a sentence of guidance fulfils a standing request, by the pack's matcher. models/recall/matcher.py trained it. */
import type { MatcherManifest } from '../weights/manifest.ts';
import type { OrtSession } from './ortSession.ts';
import type { RequestMatch } from './perception.ts';
import { padded, rowFeatures } from './rowFeatures.ts';

export class RequestMatcher {
  readonly #session: Pick<OrtSession, 'run'>;
  readonly #manifest: MatcherManifest;

  /** @param session takes features [2, features] of the request and the sentence, 0 where there are no more; gives logits [2] */
  constructor(session: Pick<OrtSession, 'run'>, manifest: MatcherManifest) {
    this.#session = session;
    this.#manifest = manifest;
  }

  async match(request: string, sentence: string): Promise<RequestMatch> {
    const asked = rowFeatures(request, 'request', this.#manifest);
    const said = rowFeatures(sentence, 'guidance', this.#manifest);
    const { data } = await this.#session.run(padded([asked, said]));
    const [eachTime = 0, fulfilled = 0] = Array.from(data, logistic);
    return { isEachTime: eachTime >= 0.5, isFulfilled: fulfilled >= this.#manifest.threshold };
  }
}

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));
