/** Where texts stand in the real editor: what the region classifier takes for the truth. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presenterSettings } from '../../../scripts/lib/sampleStory.mjs';
import { placedTexts } from '../../../scripts/lib/screenTruth.mjs';
import { hosts, withHost, withPage } from '../../../scripts/lib/vscodeHost.mjs';

describe(`texts in VS Code ${hosts.current.vscode}`, () => {
  let workspace: string;
  beforeEach(() => {
    workspace = join(mkdtempSync(join(tmpdir(), 'codealong-places-')), 'quarry');
    mkdirSync(workspace);
    const lines = Array.from({ length: 30 }, (_, line) => `granite ${line} marble`);
    writeFileSync(join(workspace, 'stones.txt'), `${lines.join('\n')}\n`);
  });
  afterEach(() => {
    rmSync(join(workspace, '..'), { recursive: true });
  });

  it('have their place and region; beside a menu they keep it', async () => {
    const [before, behind] = await withHost({ workspace, settings: presenterSettings }, ({ url }) =>
      withPage({ width: 1000, height: 700 }, async (page) => {
        await page.goto(url);
        await page.locator('.explorer-viewlet .monaco-list-row').first().dblclick();
        await page.locator('.view-line', { hasText: 'marble' }).first().waitFor();
        const plain = await placedTexts(page);
        await page.locator('.view-line').nth(2).click({ button: 'right' });
        await page.locator('.monaco-menu .action-label', { hasText: 'Paste' }).waitFor();
        return [plain, await placedTexts(page)];
      }),
    );
    const told = (texts: typeof before, text: RegExp) =>
      new Set(texts.filter((each) => text.test(each.text)).map(({ region }) => region));
    expect(told(before, /granite \d+ marble/)).toEqual(new Set(['editor']));
    expect(told(before, /stones\.txt/)).toEqual(new Set(['tabs', 'breadcrumbs', 'tree']));
    expect(told(before, /^UTF-8$|Ln 1, Col 1/)).toEqual(new Set(['statusBar']));
    for (const { box } of before.filter(({ region }) => region === 'editor')) {
      const [x, y, width, height] = box;
      expect(x).toBeGreaterThan(150);
      expect(x + width).toBeLessThanOrEqual(1000);
      expect(y + height).toBeLessThanOrEqual(700);
    }
    expect(told(behind, /^Paste/)).toEqual(new Set(['popup']));
    expect(told(behind, /granite 29 marble/)).toEqual(new Set(['editor']));
    expect(told(behind, /^UTF-8$|Ln \d+, Col \d+/)).toEqual(new Set(['statusBar']));
  });
});
