import type { Store } from './types.ts';

/** What happens when somebody begins to look at a store, and when nobody does any more. */
type Attention = { readonly begin: () => void; readonly end: () => void };

/** A state that is replaced as a whole. */
export class StateStore<State> implements Store<State> {
  readonly #listeners = new Set<{ readonly tell: () => void }>();
  readonly #attention: Attention | undefined;
  #state: State;

  constructor(state: State, attention?: Attention) {
    this.#state = state;
    this.#attention = attention;
  }

  /** Whether anybody is subscribed. */
  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    const listener = { tell };
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#attention?.begin();
    return () => {
      if (this.#listeners.delete(listener) && !this.isWatched) this.#attention?.end();
    };
  };

  readonly getSnapshot = (): State => this.#state;

  set(state: State): void {
    this.#state = state;
    for (const { tell } of [...this.#listeners]) tell();
  }
}
