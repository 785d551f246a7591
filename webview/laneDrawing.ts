/** Paints the lane: thousands of marks cost one small picture instead of elements. */
import type { GapRow } from '../protocol/index.ts';
import { markColumns, type Mark } from './laneMarks.ts';

/** What is painted. */
export interface LanePicture {
  readonly durationMs: number;
  readonly indexedMs: number;
  readonly marks: readonly Mark[];
  readonly gaps: readonly GapRow[];
}

/** Height of the picture and places in it, px. */
const laneHeight = 22;
const rail = { top: 14, height: 4 };
const tick = { top: 3, height: 8, width: 2 };
const dot = { y: 6.5, radius: 2.75 };

/** Colours of the editor's theme, from the canvas's own computed style. */
function colours(canvas: HTMLCanvasElement): (name: string) => string {
  const style = getComputedStyle(canvas);
  return (name) => style.getPropertyValue(`--lane-${name}`).trim() || style.color;
}

/** Paints all of it; what was there is gone. Does nothing where there is no room. */
export function paintLane(canvas: HTMLCanvasElement, picture: LanePicture): void {
  const width = canvas.clientWidth;
  const context = canvas.getContext('2d');
  if (!context || width === 0) return;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(laneHeight * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const colour = colours(canvas);
  const { durationMs, indexedMs, marks, gaps } = picture;
  const pxPerMs = durationMs > 0 ? width / durationMs : 0;
  const onRail = (name: string, fromPx: number, toPx: number): void => {
    context.fillStyle = colour(name);
    context.fillRect(fromPx, rail.top, Math.max(0, toPx - fromPx), rail.height);
  };

  onRail('rail', 0, width);
  onRail('indexed', 0, indexedMs * pxPerMs);
  for (const { startMs, endMs } of gaps) {
    onRail('gap', startMs * pxPerMs, Math.max(startMs * pxPerMs + 1, endMs * pxPerMs));
  }
  context.fillStyle = colour('guidance');
  for (const column of markColumns(marks, 'guidance', pxPerMs)) {
    const left = Math.min(Math.max(0, column - tick.width / 2), width - tick.width);
    context.fillRect(left, tick.top, tick.width, tick.height);
  }
  context.fillStyle = colour('question');
  for (const column of markColumns(marks, 'question', pxPerMs)) {
    context.beginPath();
    const x = Math.min(Math.max(dot.radius, column), width - dot.radius);
    context.arc(x, dot.y, dot.radius, 0, 2 * Math.PI);
    context.fill();
  }
}
