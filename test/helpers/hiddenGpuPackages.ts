/** The engine as it runs where npm has put no library for graphics cards: those of this clone are hidden from it. */
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

await import('../../daemon/engine/engineMain.ts');
