/** The X11 display of this editor's windows. */
import path from 'node:path';
import type { ListScreensParams } from '../protocol/index.ts';

/** The display that this window is on, where that has a name. */
export function ownDisplay(): ListScreensParams {
  const { DISPLAY: display, XAUTHORITY: authority } = process.env;
  if (process.platform !== 'linux') return {};
  return {
    ...(display === undefined || display === '' ? {} : { display }),
    ...(authority === undefined || !path.isAbsolute(authority) ? {} : { authority }),
  };
}
