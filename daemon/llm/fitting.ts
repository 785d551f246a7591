/** What is given to a sequence while there is room for it, and decays step by step where there is not. */
import type { SequencePart } from './backend.ts';

export interface Fitting<Item> {
  readonly write: (items: readonly Item[]) => Promise<SequencePart[]>;
  /** By the decoder's own tokens and rows. */
  readonly fits: (parts: readonly SequencePart[]) => boolean;
  /** One step towards less room, down to no item at all. */
  readonly decay: (items: readonly Item[]) => readonly Item[];
}

/** As much of the items as finds room, as parts; with none left, they may still not fit. */
export async function fitted<Item>(
  items: readonly Item[],
  { write, fits, decay }: Fitting<Item>,
): Promise<{ readonly items: readonly Item[]; readonly parts: SequencePart[] }> {
  let left = items;
  let parts = await write(left);
  while (left.length > 0 && !fits(parts)) {
    left = decay(left);
    parts = await write(left);
  }
  return { items: left, parts };
}
