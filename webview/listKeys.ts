/** Short lists of buttons by keyboard. */

/** Arrow keys go from row to row, Home and End to the first and the last. For the list's own `onKeyDown`. */
export function moveInList(event: KeyboardEvent): void {
  const rows = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('.row-main')];
  const from = rows.findIndex((row) => row === document.activeElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    Home: 0,
    End: rows.length - 1,
  };
  const target = targets[event.key];
  if (target === undefined) return;
  event.preventDefault();
  rows[Math.min(Math.max(0, target), rows.length - 1)]?.focus();
}
