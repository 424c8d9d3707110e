/** Listeners by event, as an application describes them. */
// biome-ignore lint/suspicious/noExplicitAny: what an event carries is for the application to say
export type Events = { [event: string]: (...args: any[]) => void };

type Name<E> = keyof E & string;
type Known = { readonly event: string; readonly listener: unknown; readonly isOnce: boolean };

/** Listeners and how they are told. */
export class Emitter<E extends object = Events> {
  #known: readonly Known[] = [];

  on<N extends Name<E>>(event: N, listener: E[N]): this {
    return this.#add({ event, listener, isOnce: false });
  }

  once<N extends Name<E>>(event: N, listener: E[N]): this {
    return this.#add({ event, listener, isOnce: true });
  }

  /** Without a listener, all of the event; without an event, all. */
  off<N extends Name<E>>(event?: N, listener?: E[N]): this {
    this.#known = this.#known.filter(
      (known) => known.event !== (event ?? known.event) || known.listener !== (listener ?? known.listener),
    );
    return this;
  }

  readonly removeAllListeners = this.off;

  listeners<N extends Name<E>>(event: N): E[N][] {
    return this.#known.filter((known) => known.event === event).map(({ listener }) => listener as E[N]);
  }

  hasListeners(event: Name<E>): boolean {
    return this.listeners(event).length > 0;
  }

  /** Tells an event's listeners: not for applications. */
  emitReserved(event: string, ...args: readonly unknown[]): void {
    for (const known of this.#known) {
      if (known.event !== event) continue;
      if (known.isOnce) this.#known = this.#known.filter((other) => other !== known);
      (known.listener as Events[string]).call(this, ...args);
    }
  }

  #add(known: Known): this {
    this.#known = [...this.#known, known];
    return this;
  }
}
