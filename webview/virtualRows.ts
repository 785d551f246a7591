/** Rows of a long list: only those in sight are elements. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

/** Rows beyond the edges that are kept ready. */
const overscan = 6;

interface Options {
  readonly count: number;
  readonly scroller: RefObject<HTMLElement | null>;
  /** The same function for the same rows. */
  readonly keyOf: (index: number) => number;
  /** Height of a row before it was measured, px. */
  readonly estimatePx: number;
  readonly onScroll: (firstIndex: number) => void;
}

/** Computes which rows are in sight; rows hand themselves to `measureElement`, since each has its own height. */
export function useVirtualRows(options: Options): Virtualizer<HTMLElement, HTMLElement> {
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const onScroll = useRef(options.onScroll);
  onScroll.current = options.onScroll;
  const held = useRef<Virtualizer<HTMLElement, HTMLElement> | undefined>(undefined);
  const all = {
    count: options.count,
    getScrollElement: () => options.scroller.current,
    estimateSize: () => options.estimatePx,
    getItemKey: options.keyOf,
    overscan,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: (instance: Virtualizer<HTMLElement, HTMLElement>) => {
      renderAgain(undefined);
      const first = instance.getVirtualItemForOffset(instance.scrollOffset ?? 0);
      if (first) onScroll.current(first.index);
    },
  };
  held.current ??= new Virtualizer(all);
  const virtualizer = held.current;
  virtualizer.setOptions(all);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => {
    virtualizer._willUpdate();
  });
  return virtualizer;
}
