// Where every text of a VS Code window stands, and in which region: the truth that the region classifier is trained with.

/**
 * @typedef {{text: string, box: readonly [number, number, number, number]}} ShownText box: x, y, width, height, px of the page
 * @typedef {ShownText & {region: string}} PlacedText region: one of REGIONS in models/config.py
 */

/** Selectors of the workbench, first match wins, with what the training world calls them (models/screen/layout.py). */
const regionsBySelector = [
  ['.notifications-toasts, .notifications-center, .monaco-dialog-box', 'dialog'],
  [
    '.shadow-root-host, .quick-input-widget, .monaco-menu, .context-view, .suggest-widget, .suggest-details, .monaco-hover, .rename-box, .find-widget, .parameter-hints-widget, .action-widget',
    'popup',
  ],
  ['.debug-toolbar, .zone-widget', 'other'],
  ['.part.panel', 'terminal'],
  ['.part.statusbar', 'statusBar'],
  ['.monaco-breadcrumbs', 'breadcrumbs'],
  ['.part.editor .title .tabs-and-actions-container', 'tabs'],
  ['.explorer-viewlet', 'tree'],
  ['.part.editor .settings-editor, .part.editor .keybindings-editor', 'other'],
  ['.part.editor .editor-container .monaco-editor', 'editor'],
  ['iframe, .webview', 'browser'],
];

/** What lies over the window and is not seen: it takes clicks beside a menu or dialog. */
const unseen =
  '.context-view-block, .context-view-pointerBlock, .monaco-dialog-modal-block, .modal-editor-block';

/** Runs in the page: texts of this document and its shadow trees that have a place in the window. */
function collectTexts() {
  const found = [];
  const clips = new Map();
  /** What ancestors let be seen of an element: left, top, right, bottom. */
  const clipOf = (element) => {
    if (element === null) return [0, 0, innerWidth, innerHeight];
    let clip = clips.get(element);
    if (clip === undefined) {
      clip = clipOf(element.parentElement);
      if (getComputedStyle(element).overflow !== 'visible') {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        const [before, above, behind, below] = clip;
        clip = [
          Math.max(before, left),
          Math.max(above, top),
          Math.min(behind, right),
          Math.min(below, bottom),
        ];
      }
      clips.set(element, clip);
    }
    return clip;
  };
  const add = (text, element, box) => {
    const clip = clipOf(element);
    const [left, top] = [Math.max(box.left, clip[0]), Math.max(box.top, clip[1])];
    const [right, bottom] = [Math.min(box.right, clip[2]), Math.min(box.bottom, clip[3])];
    if (right - left > 2 && bottom - top > 4)
      found.push({ text, box: [left, top, right - left, bottom - top] });
  };
  const isSeen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const visit = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.data.trim() === '' || !isSeen(node.parentElement)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const text = node.data.replaceAll('\u00a0', ' ');
        for (const box of range.getClientRects()) add(text, node.parentElement, box);
      } else {
        if (node.shadowRoot) visit(node.shadowRoot);
        const isField = node.matches('input, textarea') && isSeen(node);
        const written = isField ? node.value || node.placeholder : '';
        if (written) add(written, node, node.getBoundingClientRect());
      }
    }
  };
  visit(document.body);
  return found;
}

/** Runs in the page: the region of what is seen at the middle of each box. */
function regionsAt({ texts, selectors, unseen }) {
  const seenIn = (root, x, y) => {
    for (const element of root.elementsFromPoint(x, y)) {
      if (element.matches(unseen)) continue;
      const isHost = element.shadowRoot && element.shadowRoot !== root;
      if (!isHost) return element;
      const inside = seenIn(element.shadowRoot, x, y);
      if (inside && inside.getRootNode() === element.shadowRoot) return element;
    }
    return undefined;
  };
  return texts.map(({ box: [x, y, width, height] }) => {
    const within = (place, size) => Math.min(size - 1, Math.max(0, place));
    const seen = seenIn(
      document,
      within(x + width / 2, innerWidth),
      within(y + height / 2, innerHeight),
    );
    return selectors.find(([selector]) => seen?.closest(selector))?.[1] ?? 'other';
  });
}

/** Joins what stands beside each other in one region, as words of one line. @param {readonly PlacedText[]} texts @returns {PlacedText[]} */
export function joinedLines(texts) {
  const lines = [];
  for (const text of [...texts].sort((a, b) => a.box[0] - b.box[0])) {
    const [x, y, width, height] = text.box;
    const before = lines.find(({ region, box }) => {
      const shared = Math.min(box[1] + box[3], y + height) - Math.max(box[1], y);
      const gap = x - (box[0] + box[2]);
      return (
        region === text.region && shared > 0.6 * Math.min(box[3], height) && gap < 1.5 * height
      );
    });
    if (before === undefined) {
      lines.push({ ...text, box: [...text.box] });
      continue;
    }
    const { box } = before;
    const isApart = x - (box[0] + box[2]) > 0.15 * height;
    const [right, bottom] = [
      Math.max(box[0] + box[2], x + width),
      Math.max(box[1] + box[3], y + height),
    ];
    box[1] = Math.min(box[1], y);
    box[2] = right - box[0];
    box[3] = bottom - box[1];
    before.text += `${isApart ? ' ' : ''}${text.text}`;
  }
  return lines;
}

/**
 * What stands in the window now, line by line.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<PlacedText[]>}
 */
export async function placedTexts(page) {
  const texts = [];
  for (const frame of page.frames()) {
    // A frame may go while it is looked at; then nothing of it is on screen.
    const shown = await frame.evaluate(collectTexts).catch(() => []);
    if (shown.length === 0) continue;
    const place =
      frame === page.mainFrame()
        ? { x: 0, y: 0 }
        : await (await frame.frameElement()).boundingBox().catch(() => null);
    if (place === null) continue;
    for (const { text, box } of shown)
      texts.push({ text, box: [box[0] + place.x, box[1] + place.y, box[2], box[3]] });
  }
  const regions = await page.evaluate(regionsAt, {
    texts,
    selectors: regionsBySelector,
    unseen,
  });
  return joinedLines(texts.map((text, index) => ({ ...text, region: regions[index] })));
}
