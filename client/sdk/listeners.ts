type Listener = (payload: unknown) => void;
type ListenerOfAll = (event: string, ...args: readonly unknown[]) => void;

/** Who listens to events. What goes wrong in a listener is reported, and the others' turn comes all the same. */
export class Listeners {
  readonly #report: (error: Error) => void;
  readonly #byEvent = new Map<string, Set<{ readonly tell: Listener }>>();
  readonly #ofAll = new Set<{ readonly tell: ListenerOfAll }>();

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  /** @returns a function that ends the listening. */
  add(event: string, tell: Listener): () => void {
    const listener = { tell };
    const listeners = this.#byEvent.get(event) ?? new Set();
    this.#byEvent.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  addForAll(tell: ListenerOfAll): () => void {
    const listener = { tell };
    this.#ofAll.add(listener);
    return () => this.#ofAll.delete(listener);
  }

  tell(event: string, args: readonly unknown[]): void {
    for (const { tell } of [...(this.#byEvent.get(event) ?? [])]) this.#guard(() => tell(args[0]));
    for (const { tell } of [...this.#ofAll]) this.#guard(() => tell(event, ...args));
  }

  #guard(task: () => void): void {
    try {
      task();
    } catch (thrown) {
      this.#report(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }
}
