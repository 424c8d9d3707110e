import { type Entry, readEntries, writeEntries } from './outbox-storage.ts';
import type { Storage } from './types.ts';

export type KeptParts = {
  readonly storage: Storage;
  /** Under which name a user's entries are kept. */
  readonly keyOf: (userId: string) => string;
  /** What is to be kept now, and whose it is, once that is known. */
  readonly held: () => { readonly userId: string | undefined; readonly entries: readonly Entry[] };
  readonly report: (error: Error) => void;
};

/** Settled ones, which another window of the same storage may have kept meanwhile. */
const MOST_SETTLED = 1_000;

/** A user's entries in a storage, written one time after the other. What goes wrong there is reported. */
export class KeptEntries {
  readonly #parts: KeptParts;
  readonly #settled = new Set<string>();
  #isSaving: boolean = false;
  #isUnsaved: boolean = false;

  constructor(parts: KeptParts) {
    this.#parts = parts;
  }

  /** What was kept of a user's. */
  async read(userId: string): Promise<readonly Entry[]> {
    const { storage, keyOf, report } = this.#parts;
    return readEntries(storage, keyOf(userId)).catch((cause: unknown) => {
      report(new Error('What the outbox had kept cannot be read.', { cause }));
      return [];
    });
  }

  /** This one is not kept any more, whoever keeps it. */
  settle({ clientMessageId }: Entry): void {
    this.#settled.add(clientMessageId);
    const [oldest = ''] = this.#settled;
    if (this.#settled.size > MOST_SETTLED) this.#settled.delete(oldest);
  }

  /** Keeps what there is now, or as soon as it is known whose it is and this is said again. */
  save(): void {
    this.#isUnsaved = true;
    if (!this.#isSaving && this.#parts.held().userId !== undefined) void this.#saveAll();
  }

  async #saveAll(): Promise<void> {
    this.#isSaving = true;
    while (this.#isUnsaved) {
      this.#isUnsaved = false;
      await this.#saveOnce().catch((cause: unknown) => {
        const message = 'The outbox cannot be kept: what waits is lost when the page is left.';
        this.#parts.report(new Error(message, { cause }));
      });
    }
    this.#isSaving = false;
  }

  /** Another window may keep its own under the same name: they are left there. */
  async #saveOnce(): Promise<void> {
    const { storage, keyOf, held } = this.#parts;
    const { userId = '', entries } = held();
    const known = new Set([...entries.map(({ clientMessageId }) => clientMessageId), ...this.#settled]);
    const kept = await readEntries(storage, keyOf(userId)).catch(() => []);
    const others = kept.filter(({ clientMessageId }) => !known.has(clientMessageId));
    await writeEntries(storage, keyOf(userId), [...others, ...entries]);
  }
}
