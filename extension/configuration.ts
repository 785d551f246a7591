/** The settings, read once and typed: what the daemon is started with, how videos are watched, how the panel behaves. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { resolveHome } from '../daemon/client/paths.ts';
import { logLevels, type LogLevel } from '../daemon/base/log.ts';
import {
  chattinessLevels,
  exampleOfServedModel,
  isAddressOfModel,
  isServerAddress,
  type Chattiness,
  type PanelSettings,
  type SessionOptions,
} from '../protocol/index.ts';

const panelLocations = ['editor', 'sideBar'] as const;
const revealRules = ['asIndexed', 'asPlayed'] as const;
const toastRules = ['never', 'requests', 'all'] as const;
const summaryTargets = ['document', 'clipboard', 'file'] as const;

/** Settings of the daemon, which all windows share: they are those of the window that starts it. */
export interface DaemonSettings {
  /** Absolute. */
  readonly home: string;
  readonly ffmpeg?: string;
  readonly idleExitMs?: number;
  readonly logLevel?: LogLevel;
  readonly copiesMaxBytes?: number;
  readonly recordingsMaxBytes?: number;
}

export interface Configuration {
  readonly daemon: DaemonSettings;
  /** Travel with each session and question. */
  readonly session: SessionOptions;
  readonly panel: PanelSettings & { readonly location: (typeof panelLocations)[number] };
  /** Which guidance is shown as a notification while its panel is hidden. */
  readonly toasts: (typeof toastRules)[number];
  /** Names of applications, or parts of the titles of windows, that are never captured with a screen. */
  readonly screenExclude: readonly string[];
  /** Address or absolute path of a list of model packs that can be installed. */
  readonly modelCatalogue?: string;
  readonly summaryTarget: (typeof summaryTargets)[number];
}

/** Settings that take effect with the next start of the daemon. */
export const daemonKeys = [
  'home',
  'ffmpeg.path',
  'daemon.idleExitSeconds',
  'daemon.logLevel',
  'playableCopies.maxGigabytes',
  'recordings.maxGigabytes',
] as const;

const section = 'codealong';

/** @param onProblem told of each value that cannot be used; the default is taken instead */
export function readConfiguration(
  onProblem: (problem: string) => void = () => undefined,
): Configuration {
  const settings = vscode.workspace.getConfiguration(section);
  return parseConfiguration((key) => settings.get(key), onProblem);
}

/** Keeps how much is said, where it was chosen before: in the workspace if that has its own, else for all. */
export async function keepChattiness(chattiness: Chattiness): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  const key = 'guidance.chattiness';
  const isOfWorkspace = settings.inspect(key)?.workspaceValue !== undefined;
  const { Global, Workspace } = vscode.ConfigurationTarget;
  await settings.update(key, chattiness, isOfWorkspace ? Workspace : Global);
}

/** Calls back when any of the settings has changed. */
export function onDidChangeConfiguration(
  listener: (configuration: Configuration) => void,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) listener(readConfiguration());
  });
}

/** Calls back when a setting has changed that takes effect with the next start of the daemon. */
export function onDidChangeDaemonSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    const isAffected = (key: string): boolean => event.affectsConfiguration(`${section}.${key}`);
    if (daemonKeys.some(isAffected)) listener();
  });
}

/** @param read value of a setting by its name after `codealong.`; anything may stand there */
export function parseConfiguration(
  read: (key: string) => unknown,
  onProblem: (problem: string) => void,
): Configuration {
  const setting = new Reader(read, onProblem);
  const home = setting.text('home');
  const ffmpeg = setting.text('ffmpeg.path');
  const idleExit = setting.number('daemon.idleExitSeconds', { min: 1, max: 86_400 });
  const logLevel = setting.oneOf('daemon.logLevel', logLevels);
  const copies = setting.number('playableCopies.maxGigabytes', { min: 0, max: 10_000 });
  const recordings = setting.number('recordings.maxGigabytes', { min: 0, max: 10_000 });
  const model = setting.model('model');
  const modelCatalogue = setting.text('modelCatalogue');
  const frameRateFps = setting.number('frameRate', { min: 0.1, max: 30 });
  const chattiness = setting.oneOf('guidance.chattiness', chattinessLevels) ?? 'usual';
  const transcriber = setting.address('speech.transcriber');
  const silenceThreshold = setting.number('silenceThreshold', { min: 0, max: 1 });
  return {
    daemon: {
      home: resolveHome(home === undefined ? undefined : expandTilde(home)),
      ...(ffmpeg === undefined ? {} : { ffmpeg: expandTilde(ffmpeg) }),
      ...(idleExit === undefined ? {} : { idleExitMs: Math.round(idleExit * 1000) }),
      ...(logLevel === undefined ? {} : { logLevel }),
      ...(copies === undefined ? {} : { copiesMaxBytes: Math.round(copies * 1e9) }),
      ...(recordings === undefined ? {} : { recordingsMaxBytes: Math.round(recordings * 1e9) }),
    },
    session: {
      chattiness,
      ...(model === undefined ? {} : { model }),
      ...(frameRateFps === undefined ? {} : { frameRateFps }),
      ...(silenceThreshold === undefined ? {} : { silenceThreshold }),
      ...(transcriber === undefined ? {} : { transcriber }),
    },
    panel: {
      location: setting.oneOf('panel.location', panelLocations) ?? 'editor',
      revealGuidance: setting.oneOf('guidance.reveal', revealRules) ?? 'asIndexed',
      announceGuidance: setting.boolean('guidance.announce') ?? true,
      chattiness,
    },
    toasts: setting.oneOf('guidance.toasts', toastRules) ?? 'never',
    screenExclude: setting.texts('screen.exclude'),
    ...(modelCatalogue === undefined ? {} : { modelCatalogue: expandTilde(modelCatalogue) }),
    summaryTarget: setting.oneOf('summary.target', summaryTargets) ?? 'document',
  };
}

/** What follows `--home DIR` on the daemon's command line. */
export function daemonArguments(settings: DaemonSettings): readonly string[] {
  const { ffmpeg, idleExitMs, logLevel, copiesMaxBytes, recordingsMaxBytes } = settings;
  return [
    ...(ffmpeg === undefined ? [] : ['--ffmpeg', ffmpeg]),
    ...(idleExitMs === undefined ? [] : ['--idle-exit-ms', String(idleExitMs)]),
    ...(logLevel === undefined ? [] : ['--log-level', logLevel]),
    ...(copiesMaxBytes === undefined ? [] : ['--copies-max-bytes', String(copiesMaxBytes)]),
    ...(recordingsMaxBytes === undefined
      ? []
      : ['--recordings-max-bytes', String(recordingsMaxBytes)]),
  ];
}

/** Reads single values; what is absent, null or empty counts as not set, what cannot be used too, and is told. */
class Reader {
  readonly #read: (key: string) => unknown;
  readonly #onProblem: (problem: string) => void;

  constructor(read: (key: string) => unknown, onProblem: (problem: string) => void) {
    this.#read = read;
    this.#onProblem = onProblem;
  }

  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'string') return value?.trim() || undefined;
    this.#refuse(key, value, 'text');
    return undefined;
  }

  address(key: string): string | undefined {
    const value = this.text(key);
    if (value === undefined || isServerAddress(value)) return value;
    this.#refuse(key, value, 'an address of HTTP or HTTPS, without a password');
    return undefined;
  }

  model(key: string): string | undefined {
    const value = this.text(key);
    if (value === undefined || !isAddressOfModel(value) || isServerAddress(value)) return value;
    this.#refuse(key, value, `a model pack, or an address such as ${exampleOfServedModel}`);
    return undefined;
  }

  texts(key: string): readonly string[] {
    const value = this.#value(key);
    if (value === undefined) return [];
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
    if (isList) return value.map((one: string) => one.trim()).filter((one) => one !== '');
    this.#refuse(key, value, 'a list of texts');
    return [];
  }

  boolean(key: string): boolean | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    this.#refuse(key, value, 'true or false');
    return undefined;
  }

  number(key: string, { min, max }: { min: number; max: number }): number | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    this.#refuse(key, value, `a number from ${min} to ${max}`);
    return undefined;
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const word = words.find((known) => known === value);
    if (word === undefined) this.#refuse(key, value, `one of ${words.join(', ')}`);
    return word;
  }

  #value(key: string): unknown {
    const value = this.#read(key);
    return value === null || value === '' ? undefined : value;
  }

  #refuse(key: string, value: unknown, wanted: string): void {
    const shown = JSON.stringify(value);
    this.#onProblem(`The setting ${section}.${key} is ${shown} and must be ${wanted}.`);
  }
}

/** Settings know no shell. */
function expandTilde(file: string): string {
  return /^~(?=$|[\\/])/.test(file) ? path.join(homedir(), file.slice(1)) : file;
}
