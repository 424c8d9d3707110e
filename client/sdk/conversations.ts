import type { Room } from '../dialects/speech.ts';
import type { OpenConversation } from './conversation-store.ts';

/** Conversations that nobody looks at are remembered up to so many. */
const MOST_IDLE = 50;

/** A client's conversations: one store for each, by whichever of its names it is asked for once they are known. */
export class Conversations {
  /** Those that somebody looks at, whether or not they can be asked for still. */
  readonly watched: Set<OpenConversation> = new Set();
  readonly #open: (name: Room) => OpenConversation;
  /** By their names, to be asked for again; the one that was asked for last comes last. */
  readonly #byName = new Map<string, OpenConversation>();

  constructor(open: (name: Room) => OpenConversation) {
    this.#open = open;
  }

  /** Those that can be asked for, or are looked at. */
  get all(): ReadonlySet<OpenConversation> {
    return new Set([...this.#byName.values(), ...this.watched]);
  }

  get(name: Room): OpenConversation {
    const key = this.#keyOf(name);
    const known = this.#byName.get(key) ?? this.#open(name);
    this.#byName.delete(key);
    this.#byName.set(key, known);
    this.#forgetIdle();
    return known;
  }

  /** The key of a conversation that is known by this name already, else its own. */
  #keyOf(name: Room): string {
    const own = JSON.stringify(name);
    if (this.#byName.has(own)) return own;
    const [key = own] = [...this.#byName].find(([, store]) => store.isNamed(name)) ?? [];
    return key;
  }

  #forgetIdle(): void {
    for (const [key, store] of this.#byName) {
      if (this.#byName.size <= MOST_IDLE) return;
      if (!store.isNeeded) this.#byName.delete(key);
    }
  }
}
