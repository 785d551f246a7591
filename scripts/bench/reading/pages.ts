/** Pages that look like what people record: an editor, a terminal, a browser. Every text knows what it is. Pure. */
import {
  addresses,
  buttons,
  fileNames,
  formFields,
  headings,
  menuEntries,
  messages,
  pageTitles,
  sentences,
  statusItems,
  viewTitles,
} from './interfaceTexts.ts';
import { terminalLines } from './terminalTexts.ts';
import { isShown, type Listing } from './texts.ts';
import type { LineKind } from './truth.ts';

/** Colours of a theme: paper and ink of the text, of what stands around it, and of the syntax. */
export interface Theme {
  readonly name: string;
  readonly isDark: boolean;
  readonly paper: string;
  readonly ink: string;
  readonly side: string;
  readonly sideInk: string;
  readonly accent: string;
  readonly line: string;
  /** keyword, string, number, comment, name that is called */
  readonly syntax: readonly [string, string, string, string, string];
}

export const themes: readonly Theme[] = [
  {
    ...{ name: 'modern dark', isDark: true, paper: '#1f1f1f', ink: '#cccccc' },
    ...{ side: '#181818', sideInk: '#9d9d9d', accent: '#0078d4', line: '#2b2b2b' },
    syntax: ['#569cd6', '#ce9178', '#b5cea8', '#6a9955', '#dcdcaa'],
  },
  {
    ...{ name: 'light', isDark: false, paper: '#ffffff', ink: '#3b3b3b' },
    ...{ side: '#f8f8f8', sideInk: '#616161', accent: '#005fb8', line: '#e5e5e5' },
    syntax: ['#0000ff', '#a31515', '#098658', '#008000', '#795e26'],
  },
  {
    ...{ name: 'violet dark', isDark: true, paper: '#282a36', ink: '#f8f8f2' },
    ...{ side: '#21222c', sideInk: '#bfbfc5', accent: '#bd93f9', line: '#44475a' },
    syntax: ['#ff79c6', '#f1fa8c', '#bd93f9', '#6272a4', '#50fa7b'],
  },
  {
    ...{ name: 'sand', isDark: false, paper: '#fdf6e3', ink: '#657b83' },
    ...{ side: '#eee8d5', sideInk: '#586e75', accent: '#b58900', line: '#ddd6c1' },
    syntax: ['#859900', '#2aa198', '#d33682', '#93a1a1', '#268bd2'],
  },
  {
    ...{ name: 'black', isDark: true, paper: '#000000', ink: '#ffffff' },
    ...{ side: '#000000', sideInk: '#ffffff', accent: '#f38518', line: '#6fc3df' },
    syntax: ['#569cd6', '#ce9178', '#b5cea8', '#7ca668', '#dcdcaa'],
  },
];

/** A font of its own file, so that the system's choice of fonts does not matter. */
export interface PageFont {
  readonly family: string;
  /** `data:` address of the file. */
  readonly source: string;
}

/** Which page to draw. */
export interface Scene {
  readonly layout: 'editor' | 'terminal' | 'browser';
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly mono: PageFont;
  readonly proportional: PageFont;
  /** Of the code and the terminal, px; what stands around is 1 px smaller. */
  readonly sizePx: number;
  /** Turns lists of texts, so that scenes do not all say the same. */
  readonly turn: number;
  /** Whether menus and notifications may lie over the rest. */
  readonly hasPopups: boolean;
  readonly code: Listing;
}

/** What a page says about each of its texts, in the attributes `data-kind` and `data-indent`. */
export function pageOf(scene: Scene): string {
  const body = { editor: editorBody, terminal: terminalBody, browser: browserBody }[scene.layout];
  return `<!doctype html><meta charset="utf-8"><style>${styles(scene)}</style>${body(scene)}`;
}

function editorBody(scene: Scene): string {
  const { code, turn } = scene;
  const menus = ['File', 'Edit', 'Selection', 'View', 'Go', 'Run', 'Terminal', 'Help'];
  const tabs = [code.fileName, ...take(fileNames, turn + 9, 2)];
  const tree = take(fileNames, turn * 3, 14).map((name, index) => {
    const depth = [0, 1, 1, 1, 2, 2][index % 6]!;
    return `<div class="row" style="padding-left:${10 + depth * 12}px">${text(name)}</div>`;
  });
  const menu = take(menuEntries, turn * 5, 6).map(([entry, key]) => {
    return `<div class="entry">${text(entry)}${key === '' ? '' : text(key)}</div>`;
  });
  const first = take(statusItems, turn, 2);
  const last = take(statusItems, turn + 2, 5);
  return `
<header>${menus.map((menu) => `<span class="menu">${text(menu)}</span>`).join('')}</header>
<main>
  <nav>${text(viewTitles[turn % viewTitles.length]!)}${tree.join('')}</nav>
  <section>
    <div class="tabs">${tabs.map((name) => `<span class="tab">${text(name)}</span>`).join('')}</div>
    <div class="crumbs">${['src', 'core', code.fileName].map((part) => text(part)).join(text('>'))}</div>
    <div class="code" data-clip>${codeLines(scene)}</div>
    <div class="tabs">${take(viewTitles, turn + 3, 3)
      .map((name) => `<span class="tab">${text(name)}</span>`)
      .join('')}</div>
    <div class="panel" data-clip>${terminalRows(scene, turn * 11)}</div>
  </section>
</main>
<footer><div>${first.map((item) => text(item)).join('')}</div><div>${last.map((item) => text(item)).join('')}</div></footer>
${scene.hasPopups && turn % 3 === 1 ? `<div class="popup" data-popup style="left:48%;top:26%">${menu.join('')}</div>` : ''}
${scene.hasPopups && turn % 3 === 2 ? toast(turn) : ''}`;
}

function toast(turn: number): string {
  const pair = take(buttons, turn * 2, 2).map(
    (label) => `<span class="button">${text(label)}</span>`,
  );
  return `<div class="popup" data-popup style="right:12px;bottom:40px">
    <div class="entry">${text(take(messages, turn, 1)[0]!)}</div><div class="entry">${pair.join('')}</div></div>`;
}

function terminalBody(scene: Scene): string {
  const title = text(`ci@orbital: ~/ledger (${scene.width}x${scene.height})`);
  return `<header class="middle">${title}</header>
<main><section><div class="panel whole" data-clip>${terminalRows(scene, scene.turn * 17)}</div></section></main>`;
}

function browserBody(scene: Scene): string {
  const { turn, code } = scene;
  const side = [...take(headings, turn, 5), ...take(pageTitles, turn, 3)];
  const paragraphs = take(sentences, turn * 4, 5).map((line) => `<p>${text(line)}</p>`);
  const form = take(formFields, turn * 3, 5).map(
    ([label, value]) => `<label>${text(label)}<span class="field">${text(value)}</span></label>`,
  );
  return `
<header>${take(pageTitles, turn, 2)
    .map((title) => `<span class="tab">${text(title)}</span>`)
    .join('')}</header>
<div class="address"><i></i><i></i><span class="field">${text(addresses[turn % addresses.length]!)}</span></div>
<main>
  <nav>${side.map((entry) => `<div class="row">${text(entry)}</div>`).join('')}</nav>
  <section class="article" data-clip>
    <h1>${text(headings[turn % headings.length]!)}</h1>${paragraphs.join('')}
    <div class="sample" data-clip>${codeLines({ ...scene, code: { ...code, lines: code.lines.slice(0, 9) } })}</div>
    <h2>${text(headings[(turn + 2) % headings.length]!)}</h2>
    <form>${form.join('')}<span class="button">${text(buttons[turn % buttons.length]!)}</span></form>
  </section>
</main>`;
}

/** So many of a list, from a place on, round and round. */
function take<Item>(list: readonly Item[], from: number, count: number): Item[] {
  return Array.from({ length: count }, (_, index) => list[(from + index) % list.length]!);
}

function text(content: string, kind: LineKind = 'interface'): string {
  return `<span data-kind="${kind}">${escape(content)}</span>`;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function codeLines({ code, layout }: Scene): string {
  const isEditor = layout === 'editor';
  const rows = code.lines.map((line, index) => {
    const number = isEditor
      ? `<span class="number" data-kind="interface">${code.firstNumber + index}</span>`
      : '';
    return `<div class="line">${number}${isShown(line) ? indented(line, 'code', colour) : ' '}</div>`;
  });
  return rows.join('');
}

function terminalRows({ height }: Scene, from: number): string {
  const rows = take(terminalLines, from, Math.ceil(height / 14));
  return rows
    .map((line) => `<div class="line">${indented(line, 'terminal', escape)}</div>`)
    .join('');
}

/** Its indentation stands outside of what is marked. */
function indented(line: string, kind: LineKind, paint: (text: string) => string): string {
  const body = line.trimStart();
  const indent = line.length - body.length;
  return `${' '.repeat(indent)}<span data-kind="${kind}" data-indent="${indent}">${paint(body.trimEnd())}</span>`;
}

/** Colours as an editor would, of any language: words that are keywords somewhere are keywords here. */
function colour(line: string): string {
  const token =
    /(?<comment>\/\/.*|#(?!include|define|if|else|end).*|\/\*.*)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|(?<number>\b\d[\w.]*)|(?<word>[A-Za-z_]\w*)(?<call>\s*\()?/g;
  let painted = '';
  let end = 0;
  for (const found of line.matchAll(token)) {
    const { comment, string, number, word = '', call } = found.groups!;
    const kind = comment
      ? 3
      : string
        ? 1
        : number
          ? 2
          : keywords.has(word)
            ? 0
            : call
              ? 4
              : undefined;
    const shown = comment ?? string ?? number ?? word;
    painted += escape(line.slice(end, found.index));
    painted += kind === undefined ? escape(shown) : `<b class="s${kind}">${escape(shown)}</b>`;
    end = found.index + shown.length;
  }
  return painted + escape(line.slice(end));
}

const keywords: ReadonlySet<string> = new Set(
  (
    'if else for while return const let var function class import export from new await async def elif in not and or None True False ' +
    'self type interface readonly string number boolean void static struct enum switch case break continue func package range go ' +
    'defer nil int char bool uint8_t auto namespace public private template typename null true false this extends declare undefined'
  ).split(' '),
);

function styles({ theme, mono, proportional, sizePx }: Scene): string {
  const { paper, ink, side, sideInk, accent, line, syntax } = theme;
  const lineHeight = Math.round(sizePx * 1.36);
  const face = ({ family, source }: PageFont): string =>
    `@font-face{font-family:"${family}";src:url(${source})}`;
  return `${face(mono)}${face(proportional)}
*{box-sizing:border-box;margin:0}
body{display:flex;flex-direction:column;height:100vh;overflow:hidden;background:${paper};color:${ink};font:${sizePx - 1}px "${proportional.family}"}
header,footer{display:flex;gap:14px;align-items:center;height:30px;padding:0 12px;background:${side};color:${sideInk}}
header.middle{justify-content:center}
footer{height:22px;justify-content:space-between;background:${accent};color:${theme.name === 'black' ? '#000000' : '#ffffff'};font-size:12px}
footer div{display:flex;gap:20px}
main{display:flex;flex:1;min-height:0}
nav{width:19%;padding:10px;background:${side};color:${sideInk};border-right:1px solid ${line};overflow:hidden}
nav .row{line-height:22px;white-space:nowrap}
section{flex:1;display:flex;flex-direction:column;min-width:0}
.tabs{display:flex;background:${side};border-bottom:1px solid ${line}}
.tab{padding:8px 16px;border-right:1px solid ${line};white-space:nowrap}
.crumbs{display:flex;gap:8px;align-items:center;padding:4px 16px;color:${sideInk}}
.code{flex:2;overflow:hidden}.panel{flex:1;overflow:hidden;padding:6px 16px}.whole{flex:1}
.line{font:${sizePx}px/${lineHeight}px "${mono.family}";white-space:pre;height:${lineHeight}px}
.number{display:inline-block;width:5ch;margin-right:2ch;text-align:right;color:${sideInk};opacity:.8}
b{font-weight:inherit}${syntax.map((value, index) => `.s${index}{color:${value}}`).join('')}
.popup{position:absolute;padding:5px 0;background:${side};color:${ink};border:1px solid ${line};box-shadow:0 2px 8px #0008}
.entry{display:flex;gap:40px;justify-content:space-between;padding:4px 24px}
.button{display:inline-block;padding:4px 14px;background:${accent};color:${theme.name === 'black' ? '#000000' : '#ffffff'}}
.article{padding:20px 40px;overflow:hidden}h1{font-size:${sizePx + 12}px;margin:10px 0}h2{font-size:${sizePx + 4}px;margin:14px 0}
p{margin:8px 0}.sample{flex-shrink:0;padding:8px;background:${side};border:1px solid ${line};overflow:hidden}
form{display:grid;grid-template-columns:1fr 1fr;gap:12px;justify-items:start}label{display:flex;flex-direction:column;gap:4px}
.field{padding:4px 10px;border:1px solid ${line};background:${side};min-width:260px}
.address{display:flex;gap:10px;align-items:center;padding:6px 12px;border-bottom:1px solid ${line}}
.address i{width:12px;height:12px;border:2px solid ${sideInk};border-radius:50%}`;
}
