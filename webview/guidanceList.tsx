/** What the assistant has said, as a list that may be long. */
import * as l10n from '@vscode/l10n';
import type { JSX } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { GuidanceItem } from './guidanceItem.tsx';
import { Icon } from './icons.tsx';
import { usePage } from './page.ts';
import { currentIndex, visibleRows } from './selectors.ts';
import { useSelect } from './useSelect.ts';
import { useVirtualRows } from './virtualRows.ts';

const estimatePx = 42;
/** The current row moves into the middle when it has come this near to an edge of the list, as a share of its height. */
const followEdge = 0.2;

/** Rows in sight; the current one is followed until a person scrolls. */
export function GuidanceList(): JSX.Element {
  const { store } = usePage();
  const rows = useSelect(visibleRows);
  const current = useSelect(currentIndex);
  const isFollowing = useSelect(({ view }) => view.isFollowing);
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number>();
  const wantsFocus = useRef(false);
  // As it was kept: soon the list says itself what is on top.
  const firstTopRowId = useRef(store.state.view.topRowId);
  // As long as it is the same function, heights that were measured are not added up anew.
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtualizer = useVirtualRows({
    count: rows.length,
    scroller,
    estimatePx,
    keyOf,
    onScroll: (first) => {
      const topRowId = rows[first]?.id;
      if (topRowId !== store.state.view.topRowId) {
        store.dispatch({ kind: 'viewed', body: { topRowId } });
      }
    },
  });
  const items = virtualizer.getVirtualItems();
  const follow = (isWanted: boolean): void => {
    if (isWanted !== store.state.view.isFollowing) {
      store.dispatch({ kind: 'viewed', body: { isFollowing: isWanted } });
    }
  };

  useLayoutEffect(() => {
    const top = rows.findIndex(({ id }) => id === firstTopRowId.current);
    if (!isFollowing && top > 0) virtualizer.scrollToIndex(top, { align: 'start' });
  }, []);
  useEffect(() => {
    if (!isFollowing || current < 0) return;
    const height = scroller.current!.clientHeight;
    const item = virtualizer.measurementsCache[current];
    const offset = (item?.start ?? 0) - (virtualizer.scrollOffset ?? 0);
    const isInside = offset >= 0 && offset + (item?.size ?? 0) <= height * (1 - followEdge);
    if (!isInside) virtualizer.scrollToIndex(current, { align: 'center' });
  }, [isFollowing, current]);
  const revealRowId = useSelect(({ view }) => view.revealRowId);
  useEffect(() => {
    if (revealRowId === undefined) return;
    const index = rows.findIndex(({ id }) => id === revealRowId);
    // A page that has just come into sight gets its rows a moment later.
    if (index < 0) return;
    store.dispatch({ kind: 'viewed', body: { revealRowId: undefined } });
    focus(index);
  }, [revealRowId, rows]);
  useLayoutEffect(() => {
    if (!wantsFocus.current || focused === undefined) return;
    const button = scroller.current!.querySelector<HTMLElement>(`[data-index="${focused}"] button`);
    if (button) wantsFocus.current = false;
    button?.focus();
  });

  const focus = (index: number): void => {
    const inside = Math.min(Math.max(0, index), rows.length - 1);
    wantsFocus.current = true;
    setFocused(inside);
    follow(false);
    virtualizer.scrollToIndex(inside, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = focused ?? Math.max(0, current);
    const page = Math.max(1, items.length - 4);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + page,
      PageUp: from - page,
      Home: 0,
      End: rows.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    focus(target);
  };
  const onPersonScrolls = (): void => {
    const { scrollHeight, clientHeight } = scroller.current!;
    if (scrollHeight > clientHeight) follow(false);
  };

  const wanted = focused ?? Math.max(0, current);
  const isWantedThere = items.some(({ index }) => index === wanted);
  const tabStop = isWantedThere ? wanted : items[0]?.index;
  return (
    <div class="list-area">
      <div
        ref={scroller}
        class="list"
        onWheel={onPersonScrolls}
        onTouchMove={onPersonScrolls}
        onPointerDown={({ target }) => {
          // On the list itself: its scroll bar.
          if (target === scroller.current) onPersonScrolls();
        }}
        onKeyDown={onKeyDown}
      >
        <div class="list-space" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          <ul
            class="list-window"
            aria-label={l10n.t('Guidance')}
            style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
          >
            {items.map(({ index, key }) => (
              <GuidanceItem
                key={key}
                row={rows[index]!}
                index={index}
                count={rows.length}
                isCurrent={index === current}
                isAhead={index > current}
                isTabStop={index === tabStop}
                measure={virtualizer.measureElement}
                onFocus={() => {
                  setFocused(index);
                }}
                onJump={() => {
                  follow(true);
                }}
              />
            ))}
          </ul>
        </div>
      </div>
      {!isFollowing && (
        <button
          type="button"
          class="jump"
          onClick={() => {
            // The button goes, and the focus would with it.
            wantsFocus.current = true;
            setFocused(Math.max(0, current));
            follow(true);
          }}
        >
          <Icon name="down" />
          {l10n.t('Jump to now')}
        </button>
      )}
    </div>
  );
}
