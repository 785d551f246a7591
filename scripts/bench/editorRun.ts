/** What people wait for in the editor, measured in a real VS Code with the package installed. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Editor, sampleName } from '../editor/editor.ts';
import { PanelPage } from '../editor/panelPage.ts';
import { until, type Workbench } from '../editor/workbench.ts';
import { findChromium, hostFolder, hosts } from '../lib/vscodeHost.mjs';
import { packageVsix } from '../packageVsix.mjs';

/** Milliseconds. */
export interface EditorFigures {
  /** The extension's code loaded and its `activate()` run, as VS Code measures it. */
  readonly activationMs: number;
  /** From the command in a new window, nothing running, to a picture in the player. */
  readonly firstFrameMs: number;
  /** From the same command to the first sentence. */
  readonly firstGuidanceMs: number;
  /** The same of a video that was watched before, with the daemon running. */
  readonly againFirstFrameMs: number;
  readonly againFirstGuidanceMs: number;
}

/** A menu takes no click as long as it has just opened. */
const menuMs = 500;

/** Why the editor cannot be measured here, if it cannot. */
export function editorObstacle(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'the package is for Linux on x64';
  if (!existsSync(hostFolder())) return 'VS Code is not installed (node scripts/installHost.mjs)';
  return findChromium() === undefined ? 'Chromium is not installed' : undefined;
}

/** Measures once. Takes about half a minute beside the making of the package. */
export async function measureEditor(): Promise<EditorFigures> {
  const vsix = process.env.CODEALONG_VSIX ?? (await packageVsix());
  await using editor = await Editor.open({ release: hosts.current, vsix });
  const { workbench } = await editor.openWindow();
  const first = await open(workbench);
  await workbench.untilStatus(/watched$/);
  await workbench.tab(sampleName).first().click({ button: 'middle' });
  await until('the end of the panel', async () => (await workbench.findPanel()) === undefined);
  const again = await open(workbench);
  return {
    activationMs: await activationTime(workbench),
    firstFrameMs: first.frameMs,
    firstGuidanceMs: first.guidanceMs,
    againFirstFrameMs: again.frameMs,
    againFirstGuidanceMs: again.guidanceMs,
  };
}

async function open(workbench: Workbench): Promise<{ frameMs: number; guidanceMs: number }> {
  const command = await workbench.openMenu(workbench.fileRow(sampleName), 'Watch with Codealong');
  await sleep(menuMs);
  const started = performance.now();
  await command.click();
  const panel = await PanelPage.of(await workbench.panel());
  const since = async (event: Promise<unknown>): Promise<number> => {
    await event;
    return performance.now() - started;
  };
  const guidance = until('guidance', async () => (await panel.guidanceCount()) > 0);
  const [frameMs, guidanceMs] = await Promise.all([
    since(panel.untilFirstFrame()),
    since(guidance),
  ]);
  return { frameMs, guidanceMs };
}

/** @source VS Code's own view of running extensions: loading the code and the synchronous part of activate() */
async function activationTime(workbench: Workbench): Promise<number> {
  // Only rows in sight are elements, and quick extensions come last.
  await workbench.page.setViewportSize({ width: 1280, height: 4000 });
  await workbench.run('Developer: Show Running Extensions');
  const row = workbench.page.locator('.runtime-extensions-editor .extension', {
    hasText: 'codealong',
  });
  const text = await row.locator('.activation-time').innerText();
  const [, ms] = /(\d+)\s*ms/.exec(text) ?? [];
  if (ms === undefined) throw new Error(`VS Code says "${text}" of the activation`);
  return Number(ms);
}
