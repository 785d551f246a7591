/** VS Code's own surface as a person uses it: palette, quick pick, notifications, explorer; and where our page is in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';

/** Generous: the machine may be busy with other tests. */
const patienceMs = 60_000;
/** Watching the sample is a minute's work for two cores that do nothing else. */
const watchLimitMs = 150_000;
/** Long enough for what the workbench does at once. */
const shortMs = 3000;
const pollMs = 100;

export class Workbench {
  readonly page: Page;
  /** What the content security policy refused, in any frame. */
  readonly violations: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      const text = message.text();
      if (/content.security.policy/i.test(text)) this.violations.push(text);
    });
  }

  /** Shows the address and waits until commands can be given. */
  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'commit', timeout: patienceMs });
    await this.#untilReady();
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit', timeout: patienceMs });
    await this.#untilReady();
  }

  /** Runs a command by its title in the palette. @param title as the palette shows it, category included */
  async run(title: string): Promise<void> {
    // A key press right after a start may come too early, and the list may be shown before it knows all commands.
    await until(`the command ${title}`, async () => {
      await this.page.keyboard.press('F1');
      try {
        await this.quickInput.waitFor({ timeout: shortMs });
        await this.quickInput.fill(`>${title}`);
        await this.#row(title).click({ timeout: shortMs });
        return true;
      } catch {
        await this.page.keyboard.press('Escape');
        return false;
      }
    });
  }

  /** Opens a file of the workspace from the explorer, with the editor that is its default. */
  async openFile(name: string): Promise<void> {
    await this.fileRow(name).dblclick();
    await this.tab(name).first().waitFor({ timeout: patienceMs });
  }

  /** The box of the palette, of quick picks and of input boxes. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget input').first();
  }

  /** Chooses the row of a quick pick that has this text. */
  async pick(text: string): Promise<void> {
    await this.#row(text).click({ timeout: patienceMs });
  }

  /** Waits until a line of an editor or of the output shows this. Only lines on screen count. */
  async untilText(text: RegExp): Promise<void> {
    await this.page
      .locator('.view-line', { hasText: text })
      .first()
      .waitFor({ timeout: patienceMs });
  }

  /** Rests the pointer on a word of the editor's text. @returns what appears beside it */
  async hover(word: string): Promise<Locator> {
    const target = this.page.locator('.view-line span', { hasText: word }).last();
    const hover = this.page.locator('.monaco-hover:visible').first();
    // A pointer that came before the text was laid out has to come again.
    await until(`what appears beside ${word}`, async () => {
      await this.page.mouse.move(0, 0);
      await target.hover();
      return isDone(hover.waitFor({ timeout: shortMs }));
    });
    return hover;
  }

  /** Notifications on screen. */
  get toasts(): Locator {
    return this.page.locator('.notification-toast');
  }

  /** Row of a file in the explorer. */
  fileRow(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  }

  /** Tab of an editor. */
  tab(name: string): Locator {
    return this.page.getByRole('tab', { name });
  }

  /** Types a path into VS Code's own file dialog. */
  async chooseFile(file: string): Promise<void> {
    await this.quickInput.waitFor({ timeout: patienceMs });
    // The box may still be that of the palette, which is about to go.
    await until('the file dialog', async () => {
      try {
        await this.quickInput.fill(file, { timeout: shortMs });
        await this.quickInput.press('Enter', { timeout: shortMs });
        await this.quickInput.waitFor({ state: 'hidden', timeout: shortMs });
        return true;
      } catch {
        return false;
      }
    });
  }

  /** Opens the menu of something and points at an item of it. */
  async openMenu(of: Locator, label: string): Promise<Locator> {
    const item = this.page.locator('.monaco-menu').getByText(label, { exact: true }).first();
    // Right after a start the menu lacks what extensions put into it.
    return until(`"${label}" in the menu`, async () => {
      await of.click({ button: 'right' });
      try {
        await item.hover({ timeout: shortMs });
        return item;
      } catch {
        await this.page.keyboard.press('Escape');
        return undefined;
      }
    });
  }

  /** Chooses an item of the menu of something. */
  async chooseFromMenu(of: Locator, label: string): Promise<void> {
    await until(`the choice of "${label}"`, async () => {
      const item = await this.openMenu(of, label);
      let isClicked = false;
      // A click that follows the opening at once counts as part of it.
      await until('the end of the menu', async () => {
        isClicked = (await isDone(item.click({ timeout: shortMs }))) || isClicked;
        return isDone(item.waitFor({ state: 'hidden', timeout: shortMs }));
      });
      // A menu ends by itself, too, when something else takes the focus.
      return isClicked;
    });
  }

  /** Waits until a notification or the status bar says this. */
  async untilSaid(text: RegExp): Promise<void> {
    const places = this.page.locator('.statusbar-item, .notification-toast', { hasText: text });
    await places.first().waitFor({ timeout: patienceMs });
  }

  /** Waits until an item of the status bar reads like this. */
  async untilStatus(text: RegExp, limitMs = patienceMs): Promise<void> {
    await this.page.locator('.statusbar-item', { hasText: text }).waitFor({ timeout: limitMs });
  }

  /** Waits until the sample has been watched to its end. */
  async untilWatched(): Promise<void> {
    await this.untilStatus(/pantry\.mp4 watched$/, watchLimitMs);
  }

  async clearNotifications(): Promise<void> {
    await this.run('Notifications: Clear All Notifications');
    await this.toasts.first().waitFor({ state: 'detached' });
  }

  /**
   * The frame that holds our page.
   * @throws Error when there is none in time, which tells what is there instead
   */
  async panel(): Promise<Frame> {
    try {
      return await until('the panel', () => this.findPanel());
    } catch (error) {
      throw new Error(`${(error as Error).message}; there is ${await this.#inventory()}`);
    }
  }

  /** The frame that holds our page, if it is on screen. */
  async findPanel(): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      if (!frame.url().includes('/pre/fake.html')) continue;
      const isOurs = await frame
        .locator('#root video')
        .first()
        .isVisible()
        .catch(() => false);
      if (isOurs) return frame;
    }
    return undefined;
  }

  /** Tabs, notifications, menus and webviews, for the report of a failure. */
  async #inventory(): Promise<string> {
    const texts = {
      tabs: await this.page.getByRole('tab').allInnerTexts(),
      notifications: await this.toasts.allInnerTexts(),
      menus: await this.page.locator('.monaco-menu').allInnerTexts(),
      webviews: this.page.frames().filter((frame) => frame.url().includes('/pre/')).length,
    };
    return JSON.stringify(texts);
  }

  #row(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  async #untilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: patienceMs });
    await this.page.locator('.statusbar-item').first().waitFor({ timeout: patienceMs });
  }
}

/** Waits for something that is not there at once. @throws Error that names it */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined | false>,
  limitMs = patienceMs,
): Promise<Value> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline)
      throw new Error(`${what} did not come within ${limitMs / 1000} s`);
    await sleep(pollMs);
  }
}

/** Whether an action succeeded. */
function isDone(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}
