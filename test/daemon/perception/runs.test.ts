import { describe, expect, it } from 'vitest';
import { findComponents, type Component } from '../../../daemon/perception/runs.ts';

function components(rows: readonly string[], gap = 1): Component[] {
  const width = rows[0]!.length;
  const data = Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0));
  const found = findComponents({ width, height: rows.length, top: 10, data }, gap);
  return found.sort((a, b) => a.top - b.top || a.left - b.left);
}

describe('findComponents', () => {
  it('joins pixels that touch, also diagonally', () => {
    expect(components(['#....', '.##..', '.....', '...##'])).toEqual([
      { left: 0, top: 10, right: 3, bottom: 12, area: 3 },
      { left: 3, top: 13, right: 5, bottom: 14, area: 2 },
    ]);
  });

  it('closes gaps up to the given width', () => {
    expect(components(['#..#...#'], 3)).toHaveLength(2);
    expect(components(['#..#...#'], 4)).toEqual([
      { left: 0, top: 10, right: 8, bottom: 11, area: 8 },
    ]);
  });

  it('joins arms that meet further down', () => {
    expect(components(['#...#', '#...#', '#####'])).toHaveLength(1);
  });

  it('holds more runs than its first room', () => {
    const row = '#.'.repeat(3000);
    expect(components([row, row.replaceAll('#', '.'), row])).toHaveLength(6000);
  });
});
