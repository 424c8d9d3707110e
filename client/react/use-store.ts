import { useMemo, useSyncExternalStore } from 'react';
import type { Store } from '../sdk/types.ts';

/**
 * What a store holds, or a part of it, kept current. A component is rendered again only when that part has changed, by
 * `isSame`; subscribed from its mounting to its unmounting, so that a second mounting of StrictMode releases what the
 * first took.
 *
 * @param onServer What there is to show before any store was asked: on a server, and while a page is being hydrated.
 */
export function useStore<State, Part>(
  store: Store<State>,
  select: (state: State) => Part,
  { onServer, isSame = Object.is }: StoreView<Part>,
): Part {
  const view = useMemo(() => viewOf(store, select, isSame), [store, select, isSame]);
  return useSyncExternalStore(view.subscribe, view.getSnapshot, () => onServer);
}

/** How a part of a store is looked at. Give functions that stay the same from one rendering to the next. */
export type StoreView<Part> = {
  readonly onServer: Part;
  /** @default Object.is */
  readonly isSame?: (a: Part, b: Part) => boolean;
};

/** The whole of a state. */
export function whole<State>(state: State): State {
  return state;
}

/** The part of a store as a store: its snapshot is the same object until the part has changed. */
function viewOf<State, Part>(
  store: Store<State>,
  select: (state: State) => Part,
  isSame: (a: Part, b: Part) => boolean,
): Store<Part> {
  let seen: { readonly state: State; readonly part: Part } | undefined;
  const getSnapshot = () => {
    const state = store.getSnapshot();
    if (seen && Object.is(seen.state, state)) return seen.part;
    const part = select(state);
    seen = { state, part: seen && isSame(seen.part, part) ? seen.part : part };
    return seen.part;
  };
  return { subscribe: (listener) => store.subscribe(listener), getSnapshot };
}
