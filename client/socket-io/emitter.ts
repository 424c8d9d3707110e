/** Listeners by event, as an application describes them. */
// biome-ignore lint/suspicious/noExplicitAny: what an event carries is for the application to say
export type Events = { [event: string]: (...args: any[]) => void };

type Name<E> = keyof E & string;
type Known = { readonly listener: Events[string]; readonly isOnce: boolean };

/** Listeners and how they are told, under all the names that Socket.IO's clients have for that. */
export class Emitter<E extends object = Events> {
  readonly #known = new Map<string, readonly Known[]>();

  on<N extends Name<E>>(event: N, listener: E[N]): this {
    return this.#add(event, listener, false);
  }

  once<N extends Name<E>>(event: N, listener: E[N]): this {
    return this.#add(event, listener, true);
  }

  /** Without a listener, all of the event; without an event, all. */
  off<N extends Name<E>>(event?: N, listener?: E[N]): this {
    if (event === undefined) this.#known.clear();
    else this.#keep(event, (known) => listener !== undefined && known.listener !== listener);
    return this;
  }

  listeners<N extends Name<E>>(event: N): E[N][] {
    return this.#of(event).map(({ listener }) => listener as E[N]);
  }

  hasListeners(event: Name<E>): boolean {
    return this.#of(event).length > 0;
  }

  readonly addEventListener = this.on;
  readonly removeListener = this.off;
  readonly removeEventListener = this.off;
  readonly removeAllListeners = this.off;

  /** Tells an event's listeners: not for applications. */
  emitReserved(event: string, ...args: readonly unknown[]): void {
    for (const known of this.#of(event)) {
      if (known.isOnce) this.#keep(event, (other) => other !== known);
      known.listener.apply(this, [...args]);
    }
  }

  #of(event: string): readonly Known[] {
    return this.#known.get(event) ?? [];
  }

  #keep(event: string, isKept: (known: Known) => boolean): void {
    this.#known.set(event, this.#of(event).filter(isKept));
  }

  #add(event: string, listener: unknown, isOnce: boolean): this {
    this.#known.set(event, [...this.#of(event), { listener: listener as Events[string], isOnce }]);
    return this;
  }
}
