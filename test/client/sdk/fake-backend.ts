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

/** A message as both dialects have it, each by its own names. */
type Message = {
  readonly _id: string;
  readonly id: string;
  readonly content: string;
  readonly sender: { readonly _id: string; readonly id: string; readonly name: string };
  readonly clientMessageId?: string;
  readonly isRead: boolean;
  readonly readBy: readonly { readonly userId: string; readonly readAt: string }[];
  readonly reactions: readonly { readonly userId: string; readonly emoji: string }[];
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
};

/** What may become of a message. */
export type ChangeKind = 'read' | 'edited' | 'reacted' | 'deleted';

/** The events of the dialects; booking has no word for some. */
const EVENTS: Readonly<Record<string, Partial<Record<'said' | ChangeKind, string>>>> = {
  booking: { said: 'newMessage', read: 'messagesMarkedAsRead' },
  conversation: {
    ...{ said: 'message:new', read: 'messages:read', edited: 'message:updated' },
    ...{ reacted: 'message:reaction', deleted: 'message:deleted' },
  },
};

/** A frame that is under way until a test delivers it. */
export type Held = { readonly isEvent: boolean; readonly deliver: () => void };

type Frame = { readonly action: string; readonly data?: never; readonly id?: number };

/** A server that speaks booking and conversation on the native wire, behind a network that a test makes as bad as it likes. */
export class FakeBackend {
  weather: Weather = CALM;
  /** Frames of these actions are never answered, nor served. */
  readonly silent = new Set<string>();
  /** What messages of these contents are refused with. */
  readonly refusals = new Map<string, { readonly code: string; readonly message: string }>();
  /** Whose a machine's token is by now, where it is another user's. */
  readonly renamed = new Map<string, string>();
  /** Whether what was missed is too much to be told again. */
  isForgetful: boolean = false;
  /** So many messages are in a page of history. */
  pageSize = 20;
  /** Where this is given, frames go there, and no further. */
  held: Held[] | undefined;
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

  /** Somebody says something. */
  tell(userId: string, content: string): void {
    this.#store(userId, { content, clientMessageId: `${userId}-${content}` });
  }

  /** Somebody does something to a message. */
  change(userId: string, kind: ChangeKind, seq: number): void {
    const known = this.log[seq - 1];
    if (!known) throw new Error(`There is no message ${seq}.`);
    const message = changed(known, { kind, userId, at: this.#now() });
    this.log[seq - 1] = message;
    const { _id, id: messageId, reactions } = message;
    const payload = {
      edited: message,
      reacted: { messageId, reactions },
      deleted: { messageId },
      read: { messageIds: [_id], userId, readAt: this.#now() },
    }[kind];
    for (const link of this.#links) {
      const event = EVENTS[link.dialect]?.[kind];
      if (link.hasJoined && event) this.#post(link, { event, data: payload });
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

  #later(link: Link, task: () => void, isEvent = false): void {
    const deliver = () => {
      if (this.#links.has(link)) task();
    };
    if (this.held) this.held.push({ isEvent, deliver });
    else this.#clock.schedule(this.#random() * this.weather.delayMs, deliver);
  }

  #post(link: Link, frame: object): void {
    const text = JSON.stringify(frame);
    this.#later(link, () => link.onmessage?.({ data: text }), 'event' in frame);
  }

  #serve(link: Link, { action, data, id }: Frame): void {
    if (this.silent.has(action)) return;
    const answer = this.#answers[action]?.(link, data as never) ?? { data: { ok: true } };
    if (id !== undefined) this.#post(link, { reply: id, ...answer });
  }

  readonly #answers: Readonly<
    Record<string, ((link: Link, data: never) => { data: unknown; offset?: string }) | undefined>
  > = {
    'parley:connect': (link, { token, dialect }: { readonly token: string; readonly dialect: string }) => {
      this.tokens.push(token);
      link.dialect = dialect;
      const userId = this.renamed.get(link.userId) ?? link.userId;
      const session = { connectionId: userId, userId, dialect, expiresIn: this.holdsMs };
      return { data: { ok: true, ...session, at: this.#now() } };
    },
    ping: () => ({ data: { ok: true, at: this.#now() } }),
    joinBooking: (link) => this.#join(link),
    'join:conversation': (link) => this.#join(link),
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
    'parley:history': ({ dialect }, { before = this.log.length + 1 }: { readonly before?: number }) => {
      const messages = this.log.slice(0, before - 1).slice(-this.pageSize);
      const hasMore = (messages[0] ? seqOf(messages[0]) : 1) > 1;
      const shown = messages.map((one) => ({
        ...{ data: one, offset: one._id },
        ...(dialect === 'booking' && { readBy: one.readBy }),
      }));
      const names = { conversationId: CONVERSATION, bookingId: BOOKING };
      return { data: { ok: true, ...names, messages: shown, lastSeq: this.log.length, hasMore } };
    },
    'parley:resume': (link, { joined = {} }: { readonly joined?: Partial<Record<string, number>> }) => {
      const after = joined[CONVERSATION];
      if (after === undefined) return { data: { ok: true, events: [], positions: {}, complete: true } };
      link.hasJoined = true;
      const events = this.log.slice(after, after + 5).map((one) => eventOf(link, one));
      const upTo = Math.min(after + 5, this.log.length);
      const more = upTo < this.log.length && { more: true };
      const positions = { [CONVERSATION]: upTo };
      const answer = { events, positions, complete: !this.isForgetful, ...more };
      return { data: { ok: true, ...answer, at: this.#now() } };
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
      ...{ _id, id: _id, booking: BOOKING, sender: { _id: userId, id: userId, name: userId } },
      ...{ senderType: 'client', content, createdAt, updatedAt: createdAt, clientMessageId },
      ...{ isRead: false, readBy: [], attachments: [], reactions: [], isEdited: false, isDeleted: false },
    };
    this.log.push(message);
    for (const link of this.#links) {
      const times = this.#random() < this.weather.doubled ? 2 : 1;
      for (let time = 0; link.hasJoined && time < times; time += 1) this.#post(link, eventOf(link, message));
    }
    return message;
  }

  #join(link: Link) {
    link.hasJoined = true;
    return { data: { ok: true, bookingId: BOOKING }, offset: `${CONVERSATION}.${this.log.length}` };
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
  dialect: string = 'booking';
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

function eventOf({ dialect }: Link, message: Message) {
  return { event: EVENTS[dialect]?.said, data: message, offset: message._id };
}

type Done = { readonly kind: ChangeKind; readonly userId: string; readonly at: string };

function changed(message: Message, { kind, userId, at: readAt }: Done): Message {
  switch (kind) {
    case 'read':
      return { ...message, isRead: true, readBy: [...message.readBy, { userId, readAt }] };
    case 'edited':
      return { ...message, isEdited: true, content: `${message.content}, or rather` };
    case 'reacted': {
      const emoji = `${message.reactions.length}`;
      return { ...message, reactions: [...message.reactions, { userId, emoji }] };
    }
    case 'deleted':
      return { ...message, isDeleted: true, content: '', reactions: [] };
  }
}

function seqOf({ _id }: Message): number {
  return Number(_id.slice(CONVERSATION.length + 1));
}
