/** Limits that tell code from what stands around it; all lengths in characters' cells or line heights of the pane itself. */
export interface CodeConfig {
  /** Lone numbers whose right edges agree make a column of line numbers from this many on. */
  readonly leastNumbers: number;
  /** How far right edges of one number column lie apart, cells. */
  readonly numberEdgeCells: number;
  /** Lines whose middles are closer stand in one row, line heights. */
  readonly sameRowHeights: number;
  /** Rows of one pane are no further apart when no empty one lies between, line heights. */
  readonly mostRowHeights: number;
  /** Where only gaps were seen, rows are taken to be so far apart, line heights. */
  readonly usualRowHeights: number;
  /** A distance of rows fits when it misses whole numbers by less than this on average. */
  readonly rowMisfit: number;
  /** Beyond the line numbers, what stands further from where a row would be is none of them, row distances. */
  readonly strayRows: number;
  /** A line whose cells differ by more than this share from those of the pane is in another font: no code. */
  readonly otherFontShare: number;
  /** Lines with fewer characters do not tell the width of a cell. */
  readonly leastCellCharacters: number;
  /** Ink that is missing at both ends of a line, cells. */
  readonly bearingCells: number;
  /** Ink of two characters that touch is so far apart, cells. */
  readonly gapBearingCells: number;
  /** An indentation guide is no further from the edge of a column, where ink begins; a bar's ink is near the middle, cells. */
  readonly guideEdgeCells: number;
  /** Left edges of lines below one another that begin in one column agree to so much, cells. */
  readonly sameEdgeCells: number;
  /** The next line of a text is no further away, line heights. */
  readonly nextRowHeights: number;
  /** The first or last row is half hidden by the pane's edge when it has no number and was read with less confidence, 0 … 1. */
  readonly cutRowConfidence: number;
  /** Another pane begins where so many rows have nothing to their left. */
  readonly leastRowsOfPane: number;
  /** No pane is narrower, cells: closer edges are indentations. */
  readonly leastPaneCells: number;
  /** More hidden columns left of everything visible are not believed. */
  readonly mostHiddenColumns: number;
  /** Confidence of what a popup hides partly, or wholly when it was seen before; 0 … 1. */
  readonly coveredConfidence: number;
  /** A line that went longer before a popup came was not hidden by it, ms. */
  readonly coveredPauseMs: number;
}

/** Chosen on VS Code's own layout at 10 to 18 px with DejaVu Sans Mono, and checked on the project's recording. */
export const defaultCodeConfig: CodeConfig = {
  leastNumbers: 3,
  numberEdgeCells: 0.7,
  sameRowHeights: 0.5,
  mostRowHeights: 2.2,
  usualRowHeights: 1.3,
  rowMisfit: 0.12,
  strayRows: 0.3,
  otherFontShare: 0.12,
  leastCellCharacters: 8,
  bearingCells: 0.2,
  gapBearingCells: 0.35,
  guideEdgeCells: 0.22,
  sameEdgeCells: 0.6,
  nextRowHeights: 1.8,
  cutRowConfidence: 0.7,
  leastRowsOfPane: 3,
  leastPaneCells: 12,
  mostHiddenColumns: 60,
  coveredConfidence: 0.5,
  coveredPauseMs: 1500,
};
