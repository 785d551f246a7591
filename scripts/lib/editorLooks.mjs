// How windows of VS Code look unlike each other without working differently.
/** @typedef {import('./dice.mjs').Dice} Dice */

const fonts = [
  'DejaVu Sans Mono',
  'Liberation Mono',
  'monospace',
  'Noto Sans Mono',
  'Hack',
  'JetBrains Mono',
];

/** Settings that change nothing but looks. @param {Dice} dice @returns {Record<string, unknown>} */
export function cosmetics(dice) {
  const font = dice.pick(fonts);
  return {
    'workbench.iconTheme': dice.pick(['vs-seti', 'vs-seti', 'vs-minimal', null]),
    'workbench.tree.indent': dice.pick([8, 8, 12, 20]),
    'window.commandCenter': dice.chance(0.5),
    'breadcrumbs.enabled': !dice.chance(0.2),
    'editor.fontFamily': font,
    'editor.lineHeight': dice.pick([0, 0, 0, 1.3, 1.8]),
    'editor.lineNumbers': dice.weighted({ on: 10, off: 1, relative: 1 }),
    'terminal.integrated.fontFamily': font,
  };
}
