/** What `--screen` names: a display, a monitor or a window of it. */
import { listScreens, type ScreenPart, type ScreenSource } from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { UsageError } from './arguments.ts';
import { printJson, type VerbContext } from './context.ts';

const displayName = /^(?:[\w.-]*:\d+(?:\.\d+)?|\d+)$/;
const windowId = /^0x[0-9a-f]+$/i;

/** @returns undefined when the parts of the screen were only to be listed, which is done. @throws UsageError, AppError */
export async function screenOf(
  context: VerbContext,
  connection: DaemonConnection,
): Promise<ScreenSource | undefined> {
  const { values, display, signal } = context;
  const { screen: wanted = '' } = values;
  const own: ScreenSource = { kind: 'screen', ...display };
  if (wanted === '') return own;
  if (displayName.test(wanted)) return { ...own, display: wanted };
  if (windowId.test(wanted)) return { ...own, window: wanted };
  const { parts, notices } = await connection.request(listScreens, display, { signal });
  if (wanted === 'list') {
    show(context, parts, notices);
    return undefined;
  }
  const part = parts.find(({ kind, name }) => kind !== 'display' && name === wanted);
  if (!part) {
    throw new UsageError(
      `There is no part of the screen called "${wanted}": --screen list shows them.`,
    );
  }
  return part.source;
}

function show(
  { values, output }: VerbContext,
  parts: readonly ScreenPart[],
  notices: readonly string[],
): void {
  if (values.json) {
    printJson(output, { parts, notices });
    return;
  }
  const words = parts.map(({ kind, name, source }) =>
    kind === 'window' ? (source.window ?? '') : kind === 'display' ? (source.display ?? '') : name,
  );
  const width = Math.max(0, ...words.map(({ length }) => length));
  parts.forEach((part, index) => {
    output.line(`${words[index]!.padEnd(width)}  ${describe(part)}`);
  });
  for (const notice of notices) output.note(notice);
}

function describe({ kind, name, box: [x, y, width, height] }: ScreenPart): string {
  const what = kind === 'window' ? `window "${name}"` : kind;
  return width === 0 ? what : `${what}, ${width} × ${height} at ${x}, ${y}`;
}
