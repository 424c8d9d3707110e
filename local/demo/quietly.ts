/** Lets something be done whose failure shows elsewhere: in the state of its message, its list or the connection. */
export function quietly(done: Promise<unknown>): void {
  done.catch(() => undefined);
}
