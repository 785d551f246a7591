/** Addresses of the daemon's media, as the panel's page can reach them: over a tunnel when the editor's window is elsewhere. */
import * as vscode from 'vscode';
import type { MediaInfo } from '../protocol/index.ts';

/** Never kept: a tunnel may end, and the next one has another address. */
export async function toReachable(media: MediaInfo): Promise<MediaInfo> {
  const [frameUrl, videoUrl, liveUrl] = await Promise.all([
    reach(media.frameUrl),
    media.videoUrl === undefined ? undefined : reach(media.videoUrl),
    media.liveUrl === undefined ? undefined : reach(media.liveUrl),
  ]);
  return {
    ...{ ...media, frameUrl },
    ...(videoUrl === undefined ? {} : { videoUrl }),
    ...(liveUrl === undefined ? {} : { liveUrl }),
  };
}

async function reach(address: string): Promise<string> {
  const match = /^(http:\/\/[^/]+)(\/.*)$/.exec(address);
  if (!match) return address;
  const [, origin, rest] = match;
  // Only the origin is asked for: some hosts answer with an address that has lost the path.
  const external = await vscode.env.asExternalUri(vscode.Uri.parse(`${origin!}/`, true));
  return external.toString(true).replace(/\/$/, '') + rest!;
}
