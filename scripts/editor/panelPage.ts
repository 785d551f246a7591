/** The panel's page as a person sees it: player, guidance, questions. */
import type { Frame, Locator, Page } from 'playwright-core';
import { until } from './workbench.ts';

/** What the page's video element knows, as far as tests ask. */
interface Video {
  readonly readyState: number;
  readonly videoWidth: number;
  readonly currentTime: number;
  /** The picture of `currentTime` is still looked for. */
  readonly seeking: boolean;
}

/** Enough of the picture is there to show it. @source HTML, HTMLMediaElement.HAVE_CURRENT_DATA */
const hasPicture = 2;

/** Notes what the policy refuses from here on, and how the answers grow. */
const observers = `
  globalThis.codealongSeen = { violations: [], answerLengths: [] };
  addEventListener('securitypolicyviolation', (event) => {
    codealongSeen.violations.push(event.violatedDirective + ' ' + event.blockedURI);
  });
  new MutationObserver(() => {
    const answers = document.querySelectorAll('.answer');
    const length = answers[answers.length - 1]?.textContent.length ?? 0;
    if (length !== codealongSeen.answerLengths.at(-1)) codealongSeen.answerLengths.push(length);
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;

export class PanelPage {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  static async of(frame: Frame): Promise<PanelPage> {
    await frame.evaluate(observers);
    return new PanelPage(frame);
  }

  /** What the content security policy refused since this object was made. */
  violations(): Promise<readonly string[]> {
    return this.frame.evaluate('codealongSeen.violations');
  }

  /** Lengths of the newest answer, as it grew on screen. */
  answerLengths(): Promise<readonly number[]> {
    return this.frame.evaluate('codealongSeen.answerLengths');
  }

  video(): Promise<Video> {
    return this.frame.evaluate(
      '(({ readyState, videoWidth, currentTime, seeking }) => ({ readyState, videoWidth, currentTime, seeking }))(document.querySelector("video"))',
    );
  }

  async untilFirstFrame(): Promise<void> {
    await until('the first frame', async () => {
      const { readyState, videoWidth } = await this.video();
      return readyState >= hasPicture && videoWidth > 0;
    });
  }

  /** Waits until every picture in sight is there. */
  async untilPictures(): Promise<void> {
    await until('the pictures', () =>
      this.frame.evaluate<boolean>('[...document.images].every(({ complete }) => complete)'),
    );
  }

  /** Waits until the video stands at this second, give or take what is cut off a shown time. */
  untilAt(seconds: number): Promise<void> {
    return this.#untilBetween(seconds, seconds + 1);
  }

  /** Waits until the video plays, begun at this second. */
  async untilPlayingFrom(seconds: number): Promise<void> {
    // On a busy machine it has played on for a while before it is looked at.
    await this.#untilBetween(seconds, seconds + 15);
    await this.frame.getByRole('button', { name: 'Pause' }).waitFor();
  }

  /** Pauses the video, which plays. */
  async pause(): Promise<void> {
    await this.frame.getByRole('button', { name: 'Pause' }).click();
    await this.frame.getByRole('button', { name: 'Play', exact: true }).waitFor();
  }

  async #untilBetween(from: number, to: number): Promise<void> {
    await until(`second ${from} of the video`, async () => {
      const { currentTime, seeking } = await this.video();
      return !seeking && currentTime >= from - 0.1 && currentTime < to + 0.1;
    });
  }

  /** Rows of guidance in sight. */
  get guidance(): Locator {
    return this.frame.getByRole('list', { name: 'Guidance' }).getByRole('listitem');
  }

  /** How many rows there are, in sight or not. */
  async guidanceCount(): Promise<number> {
    const first = this.guidance.first();
    if (!(await first.isVisible())) return 0;
    return Number(await first.getAttribute('aria-setsize'));
  }

  /** Searches this video. @returns its hits */
  async search(words: string): Promise<Locator> {
    await this.show('Search');
    await this.frame.getByRole('textbox', { name: 'Search in this video' }).fill(words);
    return this.frame.getByRole('list', { name: 'Search results' }).getByRole('listitem');
  }

  /** One of the buttons for the code of the moment. */
  codeTool(label: string): Locator {
    return this.frame.getByRole('button', { name: label });
  }

  /** Draws around a part of the picture with the pointer. @param box as shares of the player, 0 … 1 */
  async drawBox(
    { mouse }: Page,
    box: Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>>,
  ): Promise<void> {
    await this.codeTool('Ask about a part of the picture').click();
    const place = await this.frame.locator('.picture-drawing').boundingBox();
    if (!place) throw new Error('there is no place to draw');
    const { x, y, width, height } = place;
    await mouse.move(x + box.left * width, y + box.top * height);
    await mouse.down();
    await mouse.move(x + box.right * width, y + box.bottom * height, { steps: 5 });
    await mouse.up();
  }

  async show(tab: 'Guidance' | 'Questions' | 'Code' | 'Chapters' | 'Search'): Promise<void> {
    await this.frame.getByRole('tab', { name: tab }).click();
  }

  /** Sends a question about the whole video and waits for the whole answer. */
  async ask(question: string): Promise<Locator> {
    await this.frame
      .getByRole('combobox', { name: 'What the question is about' })
      .selectOption('whole');
    await this.frame.getByRole('textbox', { name: 'Question' }).fill(question);
    await this.frame.getByRole('textbox', { name: 'Question' }).press('Enter');
    await this.show('Questions');
    const answer = this.exchange(question).locator('.answer:not([aria-busy="true"])');
    await answer.waitFor();
    return answer;
  }

  /** A question with its answer. */
  exchange(question: string): Locator {
    return this.frame.getByRole('article', { name: question });
  }

  /** Buttons of an answer that lead to what it rests on. */
  citations(question: string): Locator {
    return this.exchange(question).getByRole('list', { name: 'Seen at' }).getByRole('button');
  }
}

/** The seconds of the time at the head of a row or of a button. */
export async function secondsOf(element: Locator): Promise<number> {
  return parseSeconds(await element.locator('.time').first().innerText());
}

/** @param text has a time such as 1:05 in it. @throws Error when it has none */
export function parseSeconds(text: string): number {
  const time = /\d+(:\d\d)+/.exec(text)?.[0];
  if (time === undefined) throw new Error(`"${text}" has no time`);
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
