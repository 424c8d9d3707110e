/** A frame as it went by: `up` to the server, `down` from it. */
export type Passage = {
  readonly key: number;
  readonly direction: 'up' | 'down';
  readonly text: string;
  readonly at: Date;
};

/** More would only make the page slow. */
const KEPT = 200;

/** The latest frames of one connection, the newest first. */
export class FrameLog {
  #passages: readonly Passage[] = [];
  #next = 1;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): readonly Passage[] => this.#passages;

  readonly clear = (): void => this.#set([]);

  add(direction: Passage['direction'], text: string): void {
    const passage = { key: this.#next++, direction, text: withoutToken(text), at: new Date() };
    this.#set([passage, ...this.#passages.slice(0, KEPT - 1)]);
  }

  #set(passages: readonly Passage[]): void {
    this.#passages = passages;
    for (const listener of this.#listeners) listener();
  }
}

/** A drawer that is shown around should not show by what one signs in. */
function withoutToken(text: string): string {
  return text.replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '…');
}
