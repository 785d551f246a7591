/** Hides the libraries for graphics cards that npm has put into this clone; not those below a folder `libraries`. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isHidden =
      /^@node-llama-cpp\/.*-(cuda|cuda-ext|vulkan)$/.test(specifier) &&
      context.parentURL?.includes('/libraries/') !== true;
    if (isHidden) throw new Error(`${specifier} is hidden`);
    return nextResolve(specifier, context);
  },
});
