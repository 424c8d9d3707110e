import { checkTold } from '../dialects/check-told.ts';
import type { Speech, Told } from '../dialects/speech.ts';
import { type Asking, ask } from './ask.ts';
import { StateStore } from './state-store.ts';
import type { PresenceState, Store } from './types.ts';

/** Users who are kept in mind without anybody asking for them. */
const MOST_KNOWN = 1_000;
const MOST_ASKED = 100;

type Watched = { readonly userIds: readonly string[]; readonly store: StateStore<PresenceState> };

/** Who is online, as far as it was told. */
export class PresenceStore {
  readonly #connection: Asking;
  readonly #presence: Speech['presence'];
  readonly #known = new Map<string, boolean>();
  readonly #watched = new Set<Watched>();

  constructor(connection: Asking, { presence }: Speech) {
    this.#connection = connection;
    this.#presence = presence;
  }

  of(userIds: readonly string[]): Store<PresenceState> {
    const watched: Watched = {
      userIds,
      store: new StateStore(this.#stateOf(userIds), {
        begin: () => {
          this.#watched.add(watched);
          this.#show(watched);
          this.#ask(userIds);
        },
        end: () => this.#watched.delete(watched),
      }),
    };
    return watched.store;
  }

  /** Nobody says any more who comes and goes; or it is somebody else who looks. */
  forget(): void {
    this.#known.clear();
    for (const watched of this.#watched) this.#show(watched);
  }

  hear(told: Told): void {
    if (told.kind === 'presence') this.set([told]);
  }

  set(people: readonly { readonly userId: string; readonly isOnline: boolean }[]): void {
    for (const { userId, isOnline } of people) {
      this.#known.delete(userId);
      this.#known.set(userId, isOnline);
    }
    for (const userId of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) break;
      if (!this.#isWatched(userId)) this.#known.delete(userId);
    }
    const changed = new Set(people.map(({ userId }) => userId));
    for (const watched of this.#watched)
      if (watched.userIds.some((userId) => changed.has(userId))) this.#show(watched);
  }

  /** Whatever was known may have changed since. */
  online(): void {
    this.#ask([...new Set([...this.#watched].flatMap(({ userIds }) => userIds))]);
  }

  #ask(userIds: readonly string[]): void {
    const presence = this.#presence;
    if (!presence) return;
    for (let from = 0; from < userIds.length; from += MOST_ASKED) {
      ask(this.#connection, presence.ask(userIds.slice(from, from + MOST_ASKED)))
        .then((reply) => {
          for (const told of presence.told(reply as never)) this.hear(checkTold(told));
        })
        // Only a hint: it is asked again with the next connection.
        .catch(() => undefined);
    }
  }

  #show({ store, userIds }: Watched): void {
    store.set(this.#stateOf(userIds));
  }

  #stateOf(userIds: readonly string[]): PresenceState {
    const known = userIds.filter((userId) => this.#known.has(userId));
    return Object.fromEntries(
      known.map((userId) => [userId, this.#known.get(userId) ? 'online' : 'offline'] as const),
    );
  }

  #isWatched(userId: string): boolean {
    return [...this.#watched].some(({ userIds }) => userIds.includes(userId));
  }
}
