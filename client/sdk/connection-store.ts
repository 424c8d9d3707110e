import type { Change } from '../connection/connection.ts';
import type { Clock } from '../connection/platform.ts';
import { StateStore } from './state-store.ts';
import type { ConnectionState } from './types.ts';

/** How the connection stands, told by its changes. */
export class ConnectionStore extends StateStore<ConnectionState> {
  readonly #clock: Clock;
  #wasOnline: boolean = false;

  constructor(clock: Clock) {
    super({ status: 'closed', since: clock.now() });
    this.#clock = clock;
  }

  /** It is to be opened. */
  opening(): void {
    this.#become(this.#awaited);
  }

  /** The application has closed it. */
  closed(): void {
    this.#become('closed');
  }

  /** @param isOver whether it does not try again. */
  changed(change: Change, isOver: boolean): void {
    const { error } = this.getSnapshot();
    if (change.kind === 'open') {
      this.#wasOnline = true;
      this.#become('online');
    } else if (change.kind === 'failed') this.#become(isOver ? 'closed' : this.#awaited, change.error);
    else if (change.kind === 'gave-up') this.#become('closed', error);
    else if (change.kind === 'lost') this.#become('offline');
  }

  get #awaited(): 'offline' | 'connecting' {
    return this.#wasOnline ? 'offline' : 'connecting';
  }

  #become(status: ConnectionState['status'], error?: Error): void {
    const before = this.getSnapshot();
    const since = status === before.status ? before.since : this.#clock.now();
    this.set({ status, since, ...(error && { error }) });
  }
}
