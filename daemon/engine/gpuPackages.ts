/** Lets node-llama-cpp find the libraries for graphics cards that people have installed, beside those that came with the program. */
import { readdirSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const scope = '@node-llama-cpp/';

/**
 * It imports them by their names; what Node does not find is looked for here. What came with the program goes first.
 * @param folder holds libraries as subfolders, each with a `node_modules` in it; it need not be there yet
 */
export function findGpuPackagesIn(folder: string): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!specifier.startsWith(scope)) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        for (const library of librariesIn(folder)) {
          const parentURL = pathToFileURL(path.join(library, 'any.js')).href;
          try {
            const found = nextResolve(specifier, { ...context, parentURL });
            if (found.url.startsWith(packagesOf(library))) return found;
          } catch {
            // Another one may have it.
          }
        }
        throw error;
      }
    },
  });
}

function librariesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Where its packages lie. Node goes on in the folders above, where nobody has pinned what is found. @throws Error when there are none */
function packagesOf(library: string): string {
  return `${pathToFileURL(realpathSync(path.join(library, 'node_modules'))).href}/`;
}
