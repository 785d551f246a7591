import { beforeEach, describe, expect, it } from 'vitest';
import * as vscode from 'vscode';
import { AppError } from '../../daemon/base/errors.ts';
import { chooseModel, removeInstalledModel, type ModelParts } from '../../extension/chooseModel.ts';
import {
  inspectModel,
  installGpuLibrary,
  installModel,
  listGpuLibraries,
  listModels,
  removeModel,
  type GpuLibrary,
  type GpuLibraryProgress,
  type InstalledModel,
  type ListGpuLibrariesResult,
  type ModelFit,
  type ModelOffer,
  type ModelProgress,
  type RequestMethod,
} from '../../protocol/index.ts';
import { editor } from '../helpers/fakeVscode.ts';
import { ui } from '../helpers/fakeVscodeUi.ts';

const fit: ModelFit = { place: 'processor', needBytes: 5e8, deviceFreeBytes: 0, freeBytes: 8e9 };
const facts = { version: '1', description: '', licence: 'MIT', bytes: 1e9, fit };
const shipped: InstalledModel = { ...facts, name: 'live-tiny', folder: '/s', isShipped: true };
const own: InstalledModel = { ...facts, name: 'own', folder: '/o', isShipped: false };
const from = 'https://models.example/large/manifest.json';
const offer: ModelOffer = { ...facts, name: 'large', from, missingBytes: 1e9, terms: [] };

let asked: { method: string; params: unknown }[];
let listing: { models: InstalledModel[]; offers: ModelOffer[]; notices: string[] };
let graphics: ListGpuLibrariesResult;
let parts: ModelParts;

beforeEach(() => {
  editor.reset();
  asked = [];
  listing = { models: [own, shipped], offers: [], notices: [] };
  graphics = { libraries: [], devices: [] };
  let tell: (progress: ModelProgress | GpuLibraryProgress) => void = () => undefined;
  const answers: Record<string, () => unknown> = {
    [listModels.method]: () => ({ ...listing, broken: [], devices: [] }),
    [inspectModel.method]: () => offer,
    [installModel.method]: () => {
      tell({ from, file: 'a', doneBytes: 25e7, totalBytes: 1e9 });
      tell({ from: 'https://other.example', file: 'a', doneBytes: 1, totalBytes: 1 });
      tell({ from, file: 'a', doneBytes: 1e9, totalBytes: 1e9 });
      return { name: 'large' };
    },
    [removeModel.method]: () => null,
    [listGpuLibraries.method]: () => graphics,
    [installGpuLibrary.method]: () => {
      tell({ type: 'cuda', doneBytes: 1, totalBytes: 2 });
      tell({ type: 'vulkan', doneBytes: 1e7, totalBytes: 4e7 });
      tell({ type: 'vulkan', doneBytes: 4e7, totalBytes: 4e7 });
      graphics = { ...graphics, devices: ['Arc B580'] };
      return { type: 'vulkan', isNew: true };
    },
  };
  parts = {
    servers: {
      choose: () => {
        asked.push({ method: 'choose a server', params: undefined });
        return Promise.resolve();
      },
      setKey: () => Promise.resolve(),
    },
    client: {
      request: <Params, Result>({ method }: RequestMethod<Params, Result>, params: Params) => {
        asked.push({ method, params });
        return Promise.resolve(answers[method]!() as Result);
      },
      onNotification: (_method, handler) => {
        tell = handler as typeof tell;
        return new vscode.Disposable(() => undefined);
      },
    },
  };
});

const model = (): unknown => editor.settings.get('codealong.model');
const installs = () => asked.filter(({ method }) => method === installModel.method);

describe('Choose Model', () => {
  it('shows what is there, with what it needs, and uses what is chosen', async () => {
    ui.answers.push('own 1');
    await chooseModel(parts);
    expect(ui.dialogs[0]?.labels).toEqual([
      ...['On this machine', 'own 1', '$(check) live-tiny 1'],
      ...['Others', '$(link) Install From an Address…', '$(folder) Import a Folder…'],
      '$(server) A Model on a Server…',
    ]);
    expect(model()).toBe('own');
    ui.answers.push('live-tiny 1');
    await chooseModel(parts);
    expect(ui.dialogs[1]?.labels).toContain('$(check) own 1');
    expect(model()).toBeUndefined();
  });

  it('leads to models on servers, and tells which one watches', async () => {
    editor.settings.set('codealong.model', 'https://gpu.team/v1#eyes');
    ui.answers.push('$(check) $(server) A Model on a Server…');
    await chooseModel(parts);
    expect(asked.at(-1)?.method).toBe('choose a server');
    expect(ui.dialogs[0]?.labels).not.toContain('$(check) live-tiny 1');
  });

  it('asks for the catalogue of the settings, and tells what of it could not be read', async () => {
    editor.settings.set('codealong.modelCatalogue', 'https://models.example/all.json');
    listing.notices.push('It cannot be downloaded.');
    await chooseModel(parts);
    expect(asked).toContainEqual({
      method: listModels.method,
      params: { catalogue: 'https://models.example/all.json' },
    });
    expect(ui.dialogs[0]?.labels).toContain('$(warning)');
  });

  it('installs what is offered, and uses it when people want', async () => {
    listing.offers.push(offer);
    ui.answers.push('$(cloud-download) large 1');
    editor.press = 'Use It';
    await chooseModel(parts);
    expect(installs()).toEqual([
      { method: installModel.method, params: { from, hasAcceptedTerms: true } },
    ]);
    expect(ui.progress.map(({ increment }) => increment)).toEqual([25, 75]);
    expect(model()).toBe('large');
  });

  it('offers what lets an idle graphics card compute, and says whether it does', async () => {
    const library: GpuLibrary = {
      ...{ type: 'vulkan', version: '1', bytes: 27e6, unpackedBytes: 9e7 },
      ...{ state: 'absent', isSupported: true, isUsed: false },
    };
    const row = '$(circuit-board) Compute on the Graphics Card…';
    graphics = { libraries: [library], devices: [] };
    await chooseModel(parts);
    expect(ui.dialogs[0]?.labels).not.toContain(row);
    graphics = { ...graphics, recommended: 'vulkan' };
    ui.answers.push(row);
    await chooseModel(parts);
    expect(asked).toContainEqual({
      method: installGpuLibrary.method,
      params: { type: 'vulkan' },
    });
    expect(ui.progress.map(({ increment }) => increment)).toEqual([25, 75]);
    expect(JSON.stringify(editor.messages.at(-1))).toContain('Models compute on Arc B580');
  });

  it('offers models, too, where the engine does not start', async () => {
    let failure = new AppError('engine.crashLoop');
    const { request } = parts.client;
    parts.client.request = (method, params, token) =>
      method.method === listGpuLibraries.method
        ? Promise.reject(failure)
        : request(method, params, token);
    await chooseModel(parts);
    expect(ui.dialogs[0]?.labels).toContain('own 1');
    failure = new AppError('connection.lost');
    await expect(chooseModel(parts)).rejects.toBe(failure);
  });

  it('installs nothing before its terms are agreed to', async () => {
    const terms = [
      { name: 'Base', licence: 'B', address: 'https://b.example', notice: 'Made of B' },
    ];
    listing.offers.push({ ...offer, terms });
    ui.answers.push('$(cloud-download) large 1');
    await chooseModel(parts);
    expect(editor.messages[0]).toMatchObject({ kind: 'warning' });
    expect(JSON.stringify(editor.messages[0])).toContain('Made of B');
    expect(installs()).toEqual([]);
    ui.answers.push('$(cloud-download) large 1');
    editor.press = 'I Agree';
    await chooseModel(parts);
    expect(installs()).toHaveLength(1);
  });

  it('asks once more before what is too large', async () => {
    listing.offers.push({ ...offer, fit: { ...fit, place: 'none' } });
    ui.answers.push('$(cloud-download) large 1');
    await chooseModel(parts);
    expect(installs()).toEqual([]);
  });

  it('installs from an address', async () => {
    ui.answers.push('$(link) Install From an Address…', ` ${from} `);
    await chooseModel(parts);
    expect(asked[2]).toEqual({ method: inspectModel.method, params: { from } });
    expect(installs()).toHaveLength(1);
    expect(model()).toBeUndefined();
  });
});

describe('Remove Model', () => {
  it('takes away what was installed, after asking, and goes back to what is left', async () => {
    editor.settings.set('codealong.model', 'own');
    ui.answers.push('own 1');
    await removeInstalledModel(parts);
    expect(asked).toHaveLength(1);
    ui.answers.push('own 1');
    editor.press = 'Remove';
    await removeInstalledModel(parts);
    expect(ui.dialogs[1]?.labels).toEqual(['own 1']);
    expect(asked.at(-1)).toEqual({ method: removeModel.method, params: { name: 'own' } });
    expect(model()).toBeUndefined();
  });

  it('says when there is nothing to take away', async () => {
    listing.models = [shipped];
    await removeInstalledModel(parts);
    expect(editor.messages).toMatchObject([{ kind: 'info' }]);
  });
});
