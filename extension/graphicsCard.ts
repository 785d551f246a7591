/** The row of `Choose Model…` where a graphics card is idle: it installs what llama.cpp needs to compute on it. */
import * as vscode from 'vscode';
import {
  gpuLibraryProgress,
  installGpuLibrary,
  listGpuLibraries,
  type GpuLibrary,
  type ListGpuLibrariesResult,
} from '../protocol/index.ts';
import type { DaemonClient } from './daemonClient.ts';
import { installVisibly, sizeOf } from './waiting.ts';

type Client = Pick<DaemonClient, 'request' | 'onNotification'>;

/** @returns undefined where nothing is to be gained. */
export function graphicsCardItem(
  { libraries, recommended }: ListGpuLibrariesResult,
  client: Client,
): (vscode.QuickPickItem & { readonly choose: () => Promise<void> }) | undefined {
  const library = libraries.find(({ type }) => type === recommended);
  if (!library) return undefined;
  const { t } = vscode.l10n;
  return {
    label: `$(circuit-board) ${t('Compute on the Graphics Card…')}`,
    description: t('{0}, {1} to download', nameOf(library), sizeOf(library.bytes)),
    choose: () => install(library, client),
  };
}

const nameOf = ({ type }: GpuLibrary): string => (type === 'cuda' ? 'CUDA' : 'Vulkan');

async function install(library: GpuLibrary, client: Client): Promise<void> {
  const { t } = vscode.l10n;
  const { type } = library;
  const name = t('llama.cpp for {0}', nameOf(library));
  const isInstalled = await installVisibly(
    name,
    (tell) =>
      client.onNotification(gpuLibraryProgress, (at) => {
        if (at.type === type) tell(at);
      }),
    (token) => client.request(installGpuLibrary, { type }, token),
  );
  if (!isInstalled) return;
  const { devices } = await client.request(listGpuLibraries, {});
  void vscode.window.showInformationMessage(
    devices.length > 0
      ? t('{0} is installed. Models compute on {1} from now on.', name, devices.join(', '))
      : t('{0} is installed, and finds no graphics card. Update its driver.', name),
  );
}
