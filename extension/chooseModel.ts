/** `Choose Model…` and `Remove Model…`: the packs that are there, those that could be, and what this machine has room for. */
import * as vscode from 'vscode';
import {
  inspectModel,
  installModel,
  listGpuLibraries,
  listModels,
  modelProgress,
  removeModel,
  servedModel,
  type InstalledModel,
  type ListGpuLibrariesResult,
  type ListModelsResult,
  type ModelFit,
  type ModelOffer,
} from '../protocol/index.ts';
import { isAppError } from '../daemon/base/errors.ts';
import { readConfiguration } from './configuration.ts';
import type { DaemonClient } from './daemonClient.ts';
import type { ModelServers } from './modelServers.ts';
import { graphicsCardItem } from './graphicsCard.ts';
import { installVisibly, sizeOf, waitVisibly } from './waiting.ts';

export interface ModelParts {
  readonly client: Pick<DaemonClient, 'request' | 'onNotification'>;
  readonly servers: Pick<ModelServers, 'choose' | 'setKey'>;
}

type Item = vscode.QuickPickItem & { readonly choose?: () => Promise<void> };

const setting = 'model';

/** Lets people choose which model watches from now on; one that is not there is installed first. @throws AppError */
export async function chooseModel(parts: ModelParts): Promise<void> {
  const { t } = vscode.l10n;
  const listings = await waitVisibly(t('Looking at the models'), (token) =>
    Promise.all([list(parts, token), listLibraries(parts, token)]),
  );
  if (!listings) return;
  const [models, libraries] = listings;
  const card = graphicsCardItem(libraries, parts.client);
  const items = [...itemsOf(models, parts), ...(card ? [separator(t('Graphics card')), card] : [])];
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Choose Model'),
    placeHolder: t('Which model should watch, answer and sum up?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await chosen?.choose?.();
}

/** None where the engine does not start: a model on a server needs no engine. */
async function listLibraries(
  { client }: ModelParts,
  token: vscode.CancellationToken,
): Promise<ListGpuLibrariesResult> {
  try {
    return await client.request(listGpuLibraries, {}, token);
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('engine.'))
      return { libraries: [], devices: [] };
    throw error;
  }
}

/** Takes away what people choose among the packs that they have installed. @throws AppError */
export async function removeInstalledModel(parts: ModelParts): Promise<void> {
  const { t } = vscode.l10n;
  const listing = await waitVisibly(t('Looking at the models'), (token) => list(parts, token));
  if (!listing) return;
  const own = listing.models.filter(({ isShipped }) => !isShipped);
  if (own.length === 0) {
    void vscode.window.showInformationMessage(
      t('No model is installed beside the one that came with Codealong.'),
    );
    return;
  }
  const items = own.map((model) => ({ ...factsItem(model), model }));
  const chosen = await vscode.window.showQuickPick(items, { title: t('Remove Model') });
  if (!chosen) return;
  const { name } = chosen.model;
  const yes = t('Remove');
  const answer = await vscode.window.showWarningMessage(
    t('Remove {0} from this machine?', name),
    { modal: true },
    yes,
  );
  if (answer !== yes) return;
  await parts.client.request(removeModel, { name });
  if (readConfiguration().session.model === name) await setModel(undefined);
}

function list({ client }: ModelParts, token: vscode.CancellationToken): Promise<ListModelsResult> {
  const { modelCatalogue: catalogue } = readConfiguration();
  return client.request(listModels, catalogue === undefined ? {} : { catalogue }, token);
}

function itemsOf({ models, offers, broken, notices }: ListModelsResult, parts: ModelParts): Item[] {
  const { t } = vscode.l10n;
  const { model: current } = readConfiguration().session;
  const served = servedModel(current);
  const installed = models.map((model): Item => {
    const isCurrent = current === model.name || (current === undefined && model.isShipped);
    const item = factsItem(model);
    return {
      ...item,
      label: isCurrent ? `$(check) ${item.label}` : item.label,
      choose: () => use(model),
    };
  });
  const offered = offers
    .filter(({ version, installedVersion }) => version !== installedVersion)
    .map((offer): Item => ({
      ...factsItem(offer),
      label: `$(cloud-download) ${offer.name} ${offer.version}`,
      choose: () => install(offer, parts),
    }));
  const problems = [...broken.map(({ problem }) => problem), ...notices];
  return [
    separator(t('On this machine')),
    ...installed,
    ...(offered.length > 0 ? [separator(t('Can be installed')), ...offered] : []),
    separator(t('Others')),
    {
      label: `$(link) ${t('Install From an Address…')}`,
      choose: () => installFrom(askForAddress, parts),
    },
    {
      label: `$(folder) ${t('Import a Folder…')}`,
      choose: () => installFrom(askForFolder, parts),
    },
    {
      label: `${served ? '$(check) ' : ''}$(server) ${t('A Model on a Server…')}`,
      ...(served ? { description: current! } : {}),
      choose: () => parts.servers.choose(),
    },
    ...problems.map((problem): Item => ({ label: '$(warning)', description: problem })),
  ];
}

const separator = (label: string): Item => ({
  label,
  kind: vscode.QuickPickItemKind.Separator,
});

function factsItem({ name, version, bytes, licence, fit }: InstalledModel | ModelOffer): Item {
  return {
    label: `${name} ${version}`,
    description: `${sizeOf(bytes)}, ${licence}`,
    detail: sentenceOf(fit),
  };
}

/** Where it would run, and why. */
function sentenceOf({ place, needBytes, deviceFreeBytes, freeBytes }: ModelFit): string {
  const { t } = vscode.l10n;
  const [need, card, memory] = [needBytes, deviceFreeBytes, freeBytes].map(sizeOf);
  switch (place) {
    case 'device':
      return t('Fits the graphics card: needs {0}, {1} are free there', need!, card!);
    case 'shared':
      return t('A part of it fits the graphics card: needs {0}, {1} are free there', need!, card!);
    case 'processor':
      return t('Runs on the processor: needs {0}, {1} of memory are free', need!, memory!);
    case 'none':
      return t('Too large for this machine: needs {0}, {1} of memory are free', need!, memory!);
  }
}

async function use({ name, isShipped }: Pick<InstalledModel, 'name' | 'isShipped'>): Promise<void> {
  await setModel(isShipped ? undefined : name);
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Codealong: {0} watches from the next video on.', name),
    4000,
  );
}

async function setModel(name: string | undefined): Promise<void> {
  const { Global } = vscode.ConfigurationTarget;
  await vscode.workspace.getConfiguration('codealong').update(setting, name, Global);
}

async function installFrom(
  ask: () => Promise<string | undefined>,
  parts: ModelParts,
): Promise<void> {
  const from = await ask();
  if (from === undefined) return;
  const offer = await waitVisibly(vscode.l10n.t('Looking at the models'), (token) =>
    parts.client.request(inspectModel, { from }, token),
  );
  if (offer) await install(offer, parts);
}

async function askForAddress(): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Choose Model'),
    prompt: vscode.l10n.t('Address of a model pack’s manifest, or of the folder that it lies in'),
    ignoreFocusOut: true,
  });
  return typed?.trim() || undefined;
}

async function askForFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Choose Model'),
      openLabel: vscode.l10n.t('Import'),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  return folder?.fsPath;
}

async function install(offer: ModelOffer, { client }: ModelParts): Promise<void> {
  const { t } = vscode.l10n;
  if (!(await isAgreed(offer)) || !(await isWanted(offer))) return;
  const { name, from } = offer;
  const isInstalled = await installVisibly(
    name,
    (tell) =>
      client.onNotification(modelProgress, (at) => {
        if (at.from === from) tell(at);
      }),
    (token) => client.request(installModel, { from, hasAcceptedTerms: true }, token),
  );
  if (!isInstalled) return;
  const yes = t('Use It');
  const answer = await vscode.window.showInformationMessage(t('{0} is installed.', name), yes);
  if (answer === yes) await use({ name, isShipped: false });
}

/** Terms are shown where there are any, with all that they ask to be shown. */
async function isAgreed({ name, terms }: ModelOffer): Promise<boolean> {
  if (terms.length === 0) return true;
  const { t } = vscode.l10n;
  const yes = t('I Agree');
  const detail = terms
    .map(({ name: of, licence, address, notice }) =>
      [`${of}: ${licence}`, address, ...(notice === undefined ? [] : [notice])].join('\n'),
    )
    .join('\n\n');
  const answer = await vscode.window.showWarningMessage(
    t('{0} comes under these terms.', name),
    { modal: true, detail },
    yes,
  );
  return answer === yes;
}

/** What does not fit is only installed by people who know. */
async function isWanted({ name, fit }: ModelOffer): Promise<boolean> {
  if (fit.place !== 'none') return true;
  const yes = vscode.l10n.t('Install Anyway');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} is too large for this machine.', name),
    { modal: true, detail: sentenceOf(fit) },
    yes,
  );
  return answer === yes;
}
