/** Model packs: what is installed, what could be, and what this machine has room for. */
import { notification, request } from './message.ts';

/** Where a model would run. */
export interface ModelFit {
  /** device: all of it on graphics cards. shared: a part of its layers there. processor: beside them. none: it is too large. */
  readonly place: 'device' | 'shared' | 'processor' | 'none';
  /** Weights and a full cache. */
  readonly needBytes: number;
  /** What is free now, of the cards and of the machine. */
  readonly deviceFreeBytes: number;
  readonly freeBytes: number;
}

interface ModelFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly licence: string;
  /** Of all its files. */
  readonly bytes: number;
  readonly fit: ModelFit;
}

/** A pack that is there. */
export interface InstalledModel extends ModelFacts {
  readonly folder: string;
  /** It came with Codealong. */
  readonly isShipped: boolean;
}

/** A folder that holds a pack which cannot be used. */
export interface BrokenModel {
  readonly folder: string;
  /** One sentence. */
  readonly problem: string;
}

/** What the pack was made of, and whoever installs it agrees to. */
export interface ModelTerms {
  readonly name: string;
  readonly licence: string;
  /** Where the terms stand. */
  readonly address: string;
  /** What has to be shown, word for word. */
  readonly notice?: string;
}

/** A pack that could be installed. */
export interface ModelOffer extends ModelFacts {
  /** As `installModel` takes it. */
  readonly from: string;
  /** The part of its files that is not there yet. */
  readonly missingBytes: number;
  /** Those that have to be accepted. */
  readonly terms: readonly ModelTerms[];
  /** Version of the pack of this name that is there. */
  readonly installedVersion?: string;
}

export interface ListModelsParams {
  /** Address or absolute path of a catalogue, whose packs are offered beside what is there. */
  readonly catalogue?: string;
  /** Read every file again, whatever is remembered of it. */
  readonly isThorough?: boolean;
}
export interface ListModelsResult {
  readonly models: readonly InstalledModel[];
  readonly broken: readonly BrokenModel[];
  readonly offers: readonly ModelOffer[];
  /** What of the catalogue could not be read: one sentence each. */
  readonly notices: readonly string[];
  /** Names of the graphics cards in use. */
  readonly devices: readonly string[];
}
/** The packs that are there, and those that a catalogue offers. */
export const listModels = request<ListModelsParams, ListModelsResult>('codealong/listModels');

export interface ModelSource {
  /** Address of a pack's manifest, or of the folder that it lies in; or such a file or folder of this machine, absolute. */
  readonly from: string;
}
/** What would be installed. */
export const inspectModel = request<ModelSource, ModelOffer>('codealong/inspectModel');

export interface InstallModelParams extends ModelSource {
  /** The terms that `inspectModel` has told were accepted. */
  readonly hasAcceptedTerms: boolean;
}
/** Installs a pack, in place of one of its name. Cancelling keeps what is there: installing it again goes on behind it. */
export const installModel = request<InstallModelParams, { readonly name: string }>(
  'codealong/installModel',
);

export interface ModelProgress extends ModelSource {
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}
/** Daemon → client: how far an installing has come, four times a second at most. */
export const modelProgress = notification<ModelProgress>('codealong/modelProgress');

/** Takes an installed pack away, and what is there of one that was not installed to its end. */
export const removeModel = request<{ readonly name: string }, null>('codealong/removeModel');
