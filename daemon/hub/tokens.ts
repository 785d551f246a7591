/** Who may use a hub: a file with one line for each user, the name and a token. Pure. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Shorter ones are guessed. */
const leastCharacters = 16;

export class HubTokens {
  readonly #digests: readonly { readonly user: string; readonly digest: Buffer }[];

  /**
   * @param text lines of `name token`; empty ones and those that begin with # say nothing
   * @throws TypeError that says what is wrong, and no token
   */
  constructor(text: string) {
    const lines = text.split('\n').map((line) => line.trim());
    this.#digests = lines.flatMap((line, index) => {
      if (line === '' || line.startsWith('#')) return [];
      const [user = '', token = '', ...rest] = line.split(/\s+/);
      if (rest.length > 0 || token.length < leastCharacters) {
        const least = `${leastCharacters} characters`;
        throw new TypeError(`Line ${index + 1} of the tokens is no name and token of ${least}.`);
      }
      return [{ user, digest: digestOf(token) }];
    });
    if (this.#digests.length === 0) throw new TypeError('The file of tokens names nobody.');
  }

  /** @param authorization header of a request. Takes equally long whatever is shown. */
  userOf(authorization: string | undefined): string | undefined {
    const [, shown] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
    const digest = digestOf(shown ?? '');
    let found: string | undefined;
    for (const { user, digest: known } of this.#digests) {
      if (timingSafeEqual(digest, known)) found ??= user;
    }
    return found;
  }
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
