/** Single pictures of a video as bytes, from the daemon's server on this machine. */
import type * as vscode from 'vscode';
import {
  closeMedia,
  openMedia,
  storedSource,
  type MediaMs,
  type PixelRectangle,
} from '../protocol/index.ts';
import type { AgentParts } from './agentParts.ts';

/** Wide enough to read the text of a screen. */
const maxWidthPx = 1280;

interface Asked {
  readonly path: string;
  readonly atMs: MediaMs;
  /** Only this part. */
  readonly box?: PixelRectangle;
}

/** @returns a JPEG; undefined when there is none at that moment @throws AppError; vscode.CancellationError */
export async function fetchFrame(
  { sessions, client }: Pick<AgentParts, 'sessions' | 'client'>,
  { path, atMs, box }: Asked,
  token: vscode.CancellationToken,
): Promise<Uint8Array | undefined> {
  const source = storedSource(path);
  const open = sessions.find(path)?.frameUrl;
  const frameUrl = open ?? (await client.request(openMedia, { source }, token)).frameUrl;
  try {
    // Nothing of a live session was recorded.
    if (frameUrl === '') return undefined;
    return await download(addressOf(frameUrl, atMs, box), token);
  } finally {
    // Unless a panel has opened it meanwhile: there is one opening for the whole window.
    if (open === undefined && !sessions.find(path)) {
      await client.request(closeMedia, { source });
    }
  }
}

function addressOf(frameUrl: string, atMs: MediaMs, box: PixelRectangle | undefined): string {
  const crop = box ? `&crop=${box.join()}` : '';
  return `${frameUrl}/${Math.round(atMs)}.jpg?width=${maxWidthPx}${crop}`;
}

async function download(
  address: string,
  token: vscode.CancellationToken,
): Promise<Uint8Array | undefined> {
  const controller = new AbortController();
  const registration = token.onCancellationRequested(() => {
    controller.abort();
  });
  try {
    const response = await fetch(address, { signal: controller.signal });
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
  } finally {
    registration.dispose();
  }
}
