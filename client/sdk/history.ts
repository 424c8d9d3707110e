import type { Changed } from './changes.ts';
import { type Page, Timeline } from './timeline.ts';
import type { ChatMessage } from './types.ts';

type Parts<Found extends Page> = {
  /** Asks for the newest page, or the one before a place. */
  readonly ask: (before?: number) => Promise<Found>;
  /** Told of each page that was taken. */
  readonly loaded: (page: Found) => void;
};

/** What is loaded of a conversation, and loads more of it. */
export class History<Found extends Page> {
  readonly #parts: Parts<Found>;
  #timeline = new Timeline();
  #older: Promise<void> | undefined;

  constructor(parts: Parts<Found>) {
    this.#parts = parts;
  }

  get messages(): readonly ChatMessage[] {
    return this.#timeline.messages;
  }

  get hasOlder(): boolean {
    return this.#timeline.hasOlder;
  }

  /** Whether older messages are on their way. */
  get isLoadingOlder(): boolean {
    return this.#older !== undefined;
  }

  /** @see Timeline.put */
  put(message: ChatMessage): boolean {
    return this.#timeline.put(message);
  }

  /** @returns whether that changes any message which is here. */
  change(changed: Changed): boolean {
    const before = this.#timeline.messages;
    this.#timeline.change(changed);
    return this.#timeline.messages !== before;
  }

  forget(): void {
    this.#timeline = new Timeline();
  }

  /** Loads the newest page, unless that is over by then. @returns the place of its first message. */
  loadNewest(isOver: () => boolean): Promise<number> {
    return this.#loadPage(isOver);
  }

  /** Loads again what is here from before a place: that may have changed as well. */
  async reloadBefore(place: number, isOver: () => boolean): Promise<void> {
    for (let before = place; !isOver() && before > (this.#timeline.oldest ?? before); )
      before = Math.min(before - 1, await this.#loadPage(isOver, before));
  }

  /** Loads the page before the oldest message, unless it is on its way already. */
  loadOlder(): Promise<void> {
    this.#older ??= this.#loadOlder().finally(() => {
      this.#older = undefined;
    });
    return this.#older;
  }

  async #loadOlder(): Promise<void> {
    const timeline = this.#timeline;
    const isOver = () => timeline !== this.#timeline;
    if (timeline.hasOlder && timeline.oldest !== undefined) await this.#loadPage(isOver, timeline.oldest);
  }

  /** @returns the place of the page's first message. */
  #loadPage(isOver: () => boolean, before?: number): Promise<number> {
    const timeline = this.#timeline;
    const ask = () => this.#parts.ask(before);
    return timeline.bring(ask, (page) => {
      if (!isOver()) this.#take(page, before);
      return page.messages[0]?.seq ?? 0;
    });
  }

  #take(page: Found, before: number | undefined): void {
    if (before === undefined) this.#timeline.load(page);
    else this.#timeline.prepend(page);
    this.#parts.loaded(page);
  }
}
