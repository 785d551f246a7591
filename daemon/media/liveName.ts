/** Pure: what a live session is called: enough to know it again, nothing that opens what was watched. */
import type { LiveSource } from '../../protocol/index.ts';

/** An address without user, password, query and fragment: they hold keys. */
export function liveName(source: LiveSource): string {
  if (source.kind === 'stream') {
    const { protocol, host, pathname } = new URL(source.url);
    // The last word of an RTMP address is the key that also publishes.
    const shown = protocol.startsWith('rtmp') ? pathname.replace(/[^/]+$/, '…') : pathname;
    return `${protocol}//${host}${shown}`;
  }
  const { display, window, box, title } = source;
  if (title !== undefined) return title;
  const screen = display === undefined ? 'screen' : `screen ${display}`;
  if (window !== undefined) return `window ${window} of ${screen}`;
  if (!box) return screen;
  const [x, y, width, height] = box;
  return `${screen}, ${width} × ${height} at ${x}, ${y}`;
}
