/** What vscodeHost.mjs gives to tests, in types. */
import type { BrowserContext, Page } from 'playwright-core';

export interface Host {
  readonly version: string;
  readonly vscode: string;
  readonly node: string;
  readonly hasGraceTime: boolean;
}

export interface HostOptions {
  readonly workspace: string;
  readonly release?: Host;
  readonly vsix?: string;
  readonly apiTests?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningHost {
  readonly port: number;
  readonly url: string;
  readonly home: string;
  readonly extensions: string;
  readonly log: () => string;
}

export const hosts: { readonly current: Host; readonly minimum: Host };
export function startHost(
  options: HostOptions,
): Promise<RunningHost & { readonly stop: () => Promise<void> }>;
export function openBrowser(size?: {
  readonly width?: number;
  readonly height?: number;
}): Promise<{ readonly context: BrowserContext; readonly close: () => Promise<void> }>;
export function withHost<T>(
  options: HostOptions,
  use: (host: RunningHost) => Promise<T>,
): Promise<T>;
export function withPage<T>(
  size: { readonly width?: number; readonly height?: number },
  use: (page: Page) => Promise<T>,
): Promise<T>;

/** Where a release is, the current one when left out. */
export function hostFolder(host?: Host): string;
/** The system's Chromium, or undefined. */
export function findChromium(): string | undefined;
