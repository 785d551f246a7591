/** Whether an editor on this machine can be served: a word sent through the media server and read back. */
import type { Log } from './base/log.ts';
import { MediaServer } from './media/mediaServer.ts';

const word = 'codealong';

/** @returns the address that was served. @throws Error saying what came instead */
export async function probeMediaServer(
  log: Log,
  { signal }: { signal: AbortSignal },
): Promise<{ readonly address: string }> {
  await using server = new MediaServer(log);
  const bytes = new TextEncoder().encode(word);
  using publication = await server.publish(() =>
    Promise.resolve({ kind: 'bytes', bytes, type: 'text/plain' }),
  );
  const response = await fetch(`${publication.url}/probe`, { signal });
  const text = await response.text();
  if (text !== word) throw new Error(`It answered ${response.status} with something else.`);
  return { address: new URL(publication.url).host };
}
