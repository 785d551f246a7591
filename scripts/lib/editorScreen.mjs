// What stands in a window of VS Code, for scripts that work in it as a person does.
import { setTimeout as delay } from 'node:timers/promises';

const plain = (text) => text.replaceAll('\u00a0', ' ');

/** What the developer sees: helpers that wait until something is on screen. */
export class Screen {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * Waits until elements are painted.
   * @param {string} selector @param {(rows: string[]) => boolean} accept gets their texts, in the document's order
   * @param {number} [limitMs]
   */
  async shows(selector, accept, limitMs = 60_000) {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const rows = (await this.page.locator(selector).allTextContents()).map(plain);
      if (accept(rows)) break;
      if (Date.now() > deadline)
        throw new Error(`never on screen (${selector}):\n${rows.join('\n')}`);
      await delay(30);
    }
    // The elements are there; one more turn of the page's clock and they are painted.
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  /** @param {string} text of one line of the editor, somewhere */
  async editorShows(text) {
    await this.shows('.view-line', (lines) => lines.some((line) => line.includes(text)));
  }

  /** @param {(rows: string[]) => boolean} accept gets the terminal's rows, top to bottom */
  async terminalShows(accept) {
    await this.shows('.xterm-rows > div', accept);
  }

  /** @param {string} file whose tab is the selected one */
  async tabShows(file) {
    await this.shows('.tab.active .monaco-icon-label-container', (names) => names.includes(file));
  }

  /** Clicks behind a piece of text in the editor. */
  async clickBehind(text) {
    const at = await this.page.evaluate((wanted) => {
      for (const line of document.querySelectorAll('.view-line')) {
        const offset = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
        if (offset < 0) continue;
        let left = offset + wanted.length;
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          if (left <= node.length) {
            const range = document.createRange();
            range.setStart(node, left - 1);
            range.setEnd(node, left);
            const box = range.getBoundingClientRect();
            return { x: box.right, y: box.top + box.height / 2 };
          }
          left -= node.length;
        }
      }
      return undefined;
    }, text);
    if (at === undefined) throw new Error(`not in the editor: ${text}`);
    await this.page.mouse.move(at.x, at.y, { steps: 8 });
    await this.page.mouse.click(at.x, at.y);
  }
}

/** Whether the shell waits for the next command. @param {readonly string[]} rows of the terminal @param {string} prompt */
export function isAtPrompt(rows, prompt) {
  return rows.findLast((row) => row.trim() !== '')?.trim() === prompt;
}

/**
 * Prepares the window before the film starts: a low terminal panel that holds a whole test report, a slim side bar.
 * @param {import('playwright-core').Page} page
 * @param {string} prompt of the shell
 */
export async function arrangeWindow(page, prompt) {
  const drag = async (from, by) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 5 });
    await page.mouse.up();
  };
  const edgePx = 3; // the draggable border lies just outside the part's box
  await page.keyboard.press('Control+Backquote');
  await new Screen(page).terminalShows((rows) => rows.some((row) => row.startsWith(prompt)));
  const panel = await page.locator('.part.panel').boundingBox();
  await drag({ x: panel.x + panel.width / 2, y: panel.y - edgePx }, { x: 0, y: -95 });
  const sidebar = await page.locator('.part.sidebar').boundingBox();
  await drag({ x: sidebar.x + sidebar.width + edgePx, y: 200 }, { x: -60, y: 0 });
  await page.mouse.move(700, 250);
  // The panel goes away with its shell running, ready for later.
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.press('Control+Backquote');
  await page.locator('.part.panel').waitFor({ state: 'hidden' });
}
