import type { Clock } from '../connection/platform.ts';
import type { Room } from '../dialects/speech.ts';
import { enterRoom, leaveRoom, type Requests } from './conversation-requests.ts';
import type { History } from './history.ts';
import { isFinal } from './parley-error.ts';
import type { Page } from './timeline.ts';

export type StayParts = {
  readonly requests: Requests;
  readonly clock: Clock;
  readonly history: Pick<History<Page>, 'loadNewest' | 'reloadBefore'>;
  /** The conversation by the names that are known. */
  readonly room: () => Room;
  /** Told when the state has changed. */
  readonly changed: () => void;
  /** Told when it is over. @returns whether somebody else is in the room, so that it is not left. */
  readonly ended: () => boolean;
};

/** A view that goes, and comes back at once, has not left. */
const LEAVE_AFTER_MS = 1_000;
const ENTER_AGAIN_MS = 5_000;

/**
 * Being in a conversation's room, from when somebody looks until nobody has for a moment. What is shown is loaded after
 * the room is joined, so that nothing which happens in between is missed.
 */
export class Stay {
  readonly #parts: StayParts;
  /** Of the entering under way, or done last: who finds another one has been overtaken. */
  #turn: object | undefined;
  #hasJoined: boolean = false;
  #isEntering: boolean = false;
  #isLoading: boolean = true;
  #error: Error | undefined;
  #callOff: () => void = () => undefined;

  constructor(parts: StayParts) {
    this.#parts = parts;
  }

  /** Whether it goes on. */
  get isOn(): boolean {
    return this.#turn !== undefined;
  }

  /** Until the newest page is there; again once the room was left, as nobody tells what is said meanwhile. */
  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Why it could not be entered, or loaded. */
  get error(): Error | undefined {
    return this.#error;
  }

  begin(): void {
    this.#callOff();
    if (!this.isOn) void this.#enter();
  }

  end(): void {
    this.#callOff = this.#parts.clock.schedule(LEAVE_AFTER_MS, () => this.#leave());
  }

  /** There is a connection again: it hears what happens here still where nothing was missed, or enters anew. */
  online(recovered: boolean): void {
    this.#hasJoined &&= recovered;
    if (this.isOn) void this.#enter();
  }

  /** Something is missing, which is in the history. */
  loadAgain(): void {
    if (this.isOn && !this.#isEntering) void this.#enter();
  }

  /** What was found here is not to be shown any more. */
  forget(): void {
    this.#isLoading = true;
    this.#error = undefined;
  }

  async #enter(): Promise<void> {
    const turn = {};
    this.#turn = turn;
    const isOver = () => turn !== this.#turn;
    this.#isEntering = true;
    this.#isLoading = true;
    this.#parts.changed();
    const error = await this.#load(isOver).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    if (isOver()) return;
    this.#error = error;
    this.#isEntering = false;
    this.#isLoading = false;
    if (error && !isFinal(error))
      this.#parts.clock.schedule(ENTER_AGAIN_MS, () => void (isOver() || this.#enter()));
    this.#parts.changed();
  }

  async #load(isOver: () => boolean): Promise<void> {
    let first = await this.#loadNewest(isOver);
    if (!isOver() && !this.#hasJoined) {
      await enterRoom(this.#parts.requests, this.#parts.room());
      if (isOver()) return;
      this.#hasJoined = true;
      // What has happened since the page was read, nobody has told.
      first = await this.#loadNewest(isOver);
    }
    await this.#parts.history.reloadBefore(first, isOver);
  }

  async #loadNewest(isOver: () => boolean): Promise<number> {
    const first = await this.#parts.history.loadNewest(isOver);
    if (!isOver()) {
      this.#isLoading = false;
      this.#parts.changed();
    }
    return first;
  }

  #leave(): void {
    const { requests, room, changed, ended } = this.#parts;
    this.#turn = undefined;
    this.#hasJoined = false;
    this.#isEntering = false;
    this.#isLoading = true;
    changed();
    const isInUse = ended();
    if (isInUse || room().conversationId === undefined) return;
    leaveRoom(requests, room()).catch(() => undefined);
  }
}
