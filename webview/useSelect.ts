/** How a component looks at a part of the state. */
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { usePage } from './page.ts';
import type { State } from './state.ts';

/**
 * Shows a part of the state: renders anew only when that part is another value.
 * @param select gives the same value for the same state
 */
export function useSelect<Part>(select: (state: State) => Part): Part {
  const { store } = usePage();
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const part = select(store.state);
  const shown = useRef({ select, part });
  shown.current = { select, part };
  useLayoutEffect(() => {
    const look = (state: State): void => {
      const { select: latest, part: before } = shown.current;
      if (!Object.is(latest(state), before)) renderAgain(undefined);
    };
    // Something may have happened between the rendering and this effect.
    look(store.state);
    return store.subscribe(look);
  }, [store]);
  return part;
}
