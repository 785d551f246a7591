/** Servers of the user's own, which something is sent to: where they are, and what runs there. */

/** Where something is sent to. */
export interface ServerPlace {
  /** With its port, unless that is the usual one. */
  readonly host: string;
  /** It is this machine: nothing leaves it. */
  readonly isLocal: boolean;
}

/** HTTP, a host, perhaps a port; no name or password. @source WHATWG URL, 3.1: forbidden in the names of hosts */
const serverPattern =
  /^https?:\/\/(\[[\da-f:.]+\]|[^\s\p{C}/?#@:[\]\\<>^|%]+)(:(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4}))?(?:[/?#][^\s\p{C}]*)?$/iu;

/** Whether an address can be that of a server. */
export const isServerAddress = (address: string): boolean => serverPattern.test(address);

/** @param address of a server */
export function serverPlace(address: string): ServerPlace {
  const [, name = '', port = ''] = serverPattern.exec(address) ?? [];
  const isLocal = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(name);
  return { host: `${name}${port}`, isLocal };
}

/** A model that runs on a server, as `https://host/v1#name` names it. */
export interface ServedModel extends ServerPlace {
  /** Of the server's OpenAI-compatible API, without the model. */
  readonly address: string;
  /** What the server calls it; the only one that it serves when left out. */
  readonly model?: string;
}

/** How the model on a server is written, for those who are to write it. */
export const exampleOfServedModel = 'https://host/v1#name';

/** Whether the name of a model is meant as an address, though it may be no good one. */
export const isAddressOfModel = (model: string): boolean => /^https?:\/\//i.test(model);

/** @param model as in `SessionOptions`. @returns undefined for the folder or name of a pack */
export function servedModel(model: string | undefined): ServedModel | undefined {
  if (model === undefined || !isServerAddress(model)) return undefined;
  const [address = '', name = ''] = model.split(/#(.*)/s);
  return { ...serverPlace(address), address, ...(name === '' ? {} : { model: name }) };
}
