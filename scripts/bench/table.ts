/** What was measured, and how it is written down. Pure. */

/** share: 0 … 1, shown in percent. ratio: how many times as much. */
export type Unit = 'framesPerSecond' | 'ms' | 'ratio' | 'share' | 'kilobytes' | 'megabytes';

/** One row. A number is left out where there is nothing to measure, and null where this machine cannot tell. */
export interface Measurement {
  readonly key: string;
  readonly name: string;
  readonly unit: Unit;
  readonly sample?: number | null;
  readonly longRun?: number | null;
  readonly note?: string;
}

const units: Readonly<Record<Unit, string>> = {
  framesPerSecond: 'fps',
  ms: 'ms',
  ratio: '×',
  share: '%',
  kilobytes: 'kB',
  megabytes: 'MB',
};

/** A row of a comparison: for each column as many values as `Comparison.values` names. */
export interface ComparisonRow {
  readonly key: string;
  readonly name: string;
  readonly unit: Unit;
  /** Undefined where a column has nothing to measure; empty where this machine cannot tell. */
  readonly cells: readonly (readonly number[] | undefined)[];
}

/** Several things measured by the same rule, side by side. */
export interface Comparison {
  readonly key: string;
  /** What is counted, with the order of a cell's values. */
  readonly heading: string;
  readonly columns: readonly string[];
  readonly rows: readonly ComparisonRow[];
  /** Whole sentences below the table. */
  readonly notes: readonly string[];
}

/** A value with its unit. */
export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === undefined) return '–';
  if (value === null || !Number.isFinite(value)) return 'n/a';
  return `${formatNumber(value, unit)} ${units[unit]}`;
}

function formatNumber(value: number, unit: Unit): string {
  const shown = unit === 'share' ? value * 100 : value;
  return shown.toFixed(digitsOf(shown, unit));
}

/** Values of one unit in one cell. */
export function formatCell(values: readonly number[] | undefined, unit: Unit): string {
  if (values === undefined) return '–';
  if (values.length === 0 || !values.every(Number.isFinite)) return 'n/a';
  return `${values.map((value) => formatNumber(value, unit)).join(' / ')} ${units[unit]}`;
}

function digitsOf(value: number, unit: Unit): number {
  if (unit === 'kilobytes') return 0;
  // A page is measured in a few of them, a model in hundreds.
  if (unit === 'megabytes') return value < 20 ? 1 : 0;
  if (unit === 'ratio') return 2;
  // Wrong characters are few.
  if (unit === 'share') return value < 10 && value > 0 ? 2 : 1;
  return value >= 100 ? 0 : value >= 10 ? 1 : 2;
}

/** A Markdown table in columns of equal width, as Prettier would leave it. */
export function toMarkdown(
  measurements: readonly Measurement[],
  columns: { readonly sample: string; readonly longRun: string },
): string {
  const rows = measurements.map(({ name, unit, sample, longRun, note = '' }) => [
    name,
    formatValue(sample, unit),
    formatValue(longRun, unit),
    note,
  ]);
  const header = ['Measured', columns.sample, columns.longRun, 'Notes'];
  return toTable(header, rows);
}

/** A comparison as its heading, a Markdown table and its notes. */
export function comparisonToMarkdown({ heading, columns, rows, notes }: Comparison): string {
  const cells = rows.map(({ name, unit, cells }) => [
    name,
    ...cells.map((values) => formatCell(values, unit)),
  ]);
  return [`${heading}:`, '', toTable(['', ...columns], cells), '', notes.join(' ')]
    .join('\n')
    .trimEnd();
}

function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(3, ...[header, ...rows].map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(header), rule, ...rows.map(line)].join('\n');
}
