/** Values in the order in which they came, for a test that awaits them one by one. */
export class Inbox<T> {
  readonly all: T[] = [];
  #taken = 0;
  #wake: () => void = () => undefined;

  push(value: T): void {
    this.all.push(value);
    this.#wake();
  }

  async next(): Promise<T> {
    while (this.#taken >= this.all.length) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const value = this.all[this.#taken] as T;
    this.#taken += 1;
    return value;
  }
}
