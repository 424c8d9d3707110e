import type { WebSocketType } from '../../../client/connection/platform.ts';
import type { FakeClock } from '../../gateway/fake-clock.ts';

/** The one conversation of this backend, and the booking that it belongs to. */
export const CONVERSATION = 'cAAAAAAAAAAAAAAAAAAAAAA';
export const BOOKING = 'booking-1';

/** What the network does to frames. */
export type Weather = {
  /** The longest that a frame is under way, in ms: each as long as it likes, so that they overtake each other. */
  readonly delayMs: number;
  /** The part of the events that come twice, from 0 to 1. */
  readonly doubled: number;
};

export const CALM: Weather = { delayMs: 0, doubled: 0 };

type Message = {
  readonly _id: string;
  readonly content: string;
  readonly sender: { readonly _id: string; readonly name: string };
  readonly clientMessageId?: string;
};

type Frame = { readonly action: string; readonly data?: never; readonly id?: number };

/** A server that speaks booking on the native wire, behind a network that a test makes as bad as it likes. */
export class FakeBackend {
  weather: Weather = CALM;
  /** Frames of these actions are never answered, nor served. */
  readonly silent = new Set<string>();
  /** What messages of these contents are refused with. */
  readonly refusals = new Map<string, { readonly code: string; readonly message: string }>();
  /** Whose a machine's token is by now, where it is another user's. */
  readonly renamed = new Map<string, string>();
  /** For how long tokens hold, in ms. */
  holdsMs: number | undefined;
  /** The tokens that were brought. */
  readonly tokens: string[] = [];
  readonly log: Message[] = [];
  readonly #clock: FakeClock;
  readonly #random: () => number;
  readonly #links = new Set<Link>();

  constructor(clock: FakeClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The WebSocket of a user's machine. */
  webSocketOf(userId: string): WebSocketType {
    const open = (link: Link) => this.#open(link);
    const take = (link: Link, text: string) => this.#later(link, () => this.#serve(link, JSON.parse(text)));
    const gone = (link: Link) => this.#links.delete(link);
    return class extends Link {
      constructor() {
        super(userId, { open, take, gone });
      }
    } as unknown as WebSocketType;
  }

  /** Cuts a user's connections, or everybody's; what is under way is lost. */
  cut(userId?: string): void {
    for (const link of [...this.#links]) {
      if (userId !== undefined && link.userId !== userId) continue;
      this.#links.delete(link);
      link.onclose?.();
    }
  }

  /** Says something to a user in so many words. */
  say(userId: string, text: string): void {
    for (const link of this.#links) if (link.userId === userId) link.onmessage?.({ data: text });
  }

  #open(link: Link): void {
    this.#links.add(link);
    this.#later(link, () => link.onopen?.());
  }

  #later(link: Link, task: () => void): void {
    this.#clock.schedule(this.#random() * this.weather.delayMs, () => {
      if (this.#links.has(link)) task();
    });
  }

  #post(link: Link, frame: object): void {
    this.#later(link, () => link.onmessage?.({ data: JSON.stringify(frame) }));
  }

  #serve(link: Link, { action, data, id }: Frame): void {
    if (this.silent.has(action)) return;
    const answer = this.#answers[action]?.(link, data as never) ?? { data: { ok: true } };
    if (id !== undefined) this.#post(link, { reply: id, ...answer });
  }

  readonly #answers: Readonly<
    Record<string, ((link: Link, data: never) => { data: unknown; offset?: string }) | undefined>
  > = {
    'parley:connect': ({ userId: name }, { token }: { readonly token: string }) => {
      this.tokens.push(token);
      const userId = this.renamed.get(name) ?? name;
      const session = { connectionId: userId, userId, dialect: 'booking', expiresIn: this.holdsMs };
      return { data: { ok: true, ...session, at: this.#now() } };
    },
    ping: () => ({ data: { ok: true, at: this.#now() } }),
    joinBooking: (link) => {
      link.hasJoined = true;
      return { data: { ok: true, bookingId: BOOKING }, offset: `${CONVERSATION}.${this.log.length}` };
    },
    leaveBooking: (link) => {
      link.hasJoined = false;
      return { data: { ok: true, bookingId: BOOKING } };
    },
    sendMessage: ({ userId }, data: { readonly content: string; readonly clientMessageId: string }) => {
      const error = this.refusals.get(data.content);
      if (error) return { data: { ok: false, error } };
      const message = this.#store(userId, data);
      return { data: { ok: true, message }, offset: message._id };
    },
    'parley:history': (_, { before = this.log.length + 1 }: { readonly before?: number }) => {
      const messages = this.log.slice(0, before - 1).slice(-20);
      const hasMore = (messages[0] ? seqOf(messages[0]) : 1) > 1;
      const shown = messages.map((one) => ({ data: one, offset: one._id }));
      return {
        data: {
          ok: true,
          conversationId: CONVERSATION,
          messages: shown,
          lastSeq: this.log.length,
          hasMore,
        },
      };
    },
    'parley:resume': (link, { joined = {} }: { readonly joined?: Partial<Record<string, number>> }) => {
      const after = joined[CONVERSATION];
      if (after === undefined) return { data: { ok: true, events: [], positions: {}, complete: true } };
      link.hasJoined = true;
      const events = this.log.slice(after, after + 5).map(eventOf);
      const upTo = Math.min(after + 5, this.log.length);
      const more = upTo < this.log.length && { more: true };
      const positions = { [CONVERSATION]: upTo };
      return { data: { ok: true, events, positions, complete: true, ...more, at: this.#now() } };
    },
  };

  #store(
    userId: string,
    { content, clientMessageId }: { readonly content: string; readonly clientMessageId: string },
  ): Message {
    const first = this.log.find(
      (one) => one.clientMessageId === clientMessageId && one.sender._id === userId,
    );
    if (first) return first;
    const _id = `${CONVERSATION}.${this.log.length + 1}`;
    const createdAt = this.#now();
    const message = {
      ...{ _id, booking: BOOKING, sender: { _id: userId, name: userId }, senderType: 'client', content },
      ...{ isRead: false, createdAt, updatedAt: createdAt, clientMessageId },
    };
    this.log.push(message);
    for (const link of this.#links) {
      const times = this.#random() < this.weather.doubled ? 2 : 1;
      for (let time = 0; link.hasJoined && time < times; time += 1) this.#post(link, eventOf(message));
    }
    return message;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

type LinkHooks = {
  readonly open: (link: Link) => void;
  readonly take: (link: Link, text: string) => void;
  readonly gone: (link: Link) => void;
};

/** One WebSocket, both of its ends. */
class Link {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: (() => void) | null = null;
  hasJoined: boolean = false;
  readonly userId: string;
  readonly #hooks: LinkHooks;

  constructor(userId: string, hooks: LinkHooks) {
    this.userId = userId;
    this.#hooks = hooks;
    hooks.open(this);
  }

  send(text: string): void {
    this.#hooks.take(this, text);
  }

  close(): void {
    this.#hooks.gone(this);
  }
}

function eventOf(message: Message) {
  return { event: 'newMessage', data: message, offset: message._id };
}

function seqOf({ _id }: Message): number {
  return Number(_id.slice(CONVERSATION.length + 1));
}
