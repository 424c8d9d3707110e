import type { ChatMessage, Draft, Notification } from '../sdk/types.ts';
import { isMessage } from './shapes.ts';
import type { DialectName, PayloadOf, RequestName } from './vocabularies.ts';

/** How the stores speak a dialect: what they ask for in its words, and what its events mean to them. */
export type Speech<Words extends Said = Said> = {
  readonly name: DialectName;
  /** What an event tells, by its name. What cannot be read throws, and is passed over. */
  readonly events: Readonly<Record<string, (payload: never) => readonly Told[]>>;
  /** A message as history and replies show it. */
  readonly message: (data: never) => ChatMessage;
  /** To hear what is said in a room; absent where every device hears all of its user's. */
  readonly enter?: (room: Room) => Words;
  readonly leave?: (room: Room) => Words;
  /** Whether a message may have attachments, and answer another. */
  readonly isRich: boolean;
  readonly send: (room: Room, draft: Draft, clientMessageId: string) => Words;
  readonly type: (room: Room, isTyping: boolean) => Words;
  /** Marks these as read, the oldest first; absent where only a REST route does. */
  readonly read?: (room: Room, messageIds: readonly string[]) => readonly Words[];
  readonly edit?: (messageId: string, content: string) => Words;
  readonly remove?: (messageId: string) => Words;
  readonly react?: (messageId: string, emoji: string, isSet: boolean) => Words;
  /** Asks who of some users is online, and what the reply tells; absent where that comes by itself. */
  readonly presence?: {
    readonly ask: (userIds: readonly string[]) => Words;
    readonly told: (reply: never) => readonly Told[];
  };
};

/** What is asked for. */
export type Said = { readonly action: string; readonly payload: unknown };

/** What may be asked for in a dialect. */
export type SaidIn<D extends DialectName> = {
  [K in RequestName<D>]: { readonly action: K; readonly payload: PayloadOf<D, K> };
}[RequestName<D>];

/** A conversation as far as it is known: by its own id, and by what else it is called. */
export type Room = {
  readonly conversationId?: string;
  readonly bookingId?: string;
  readonly userId?: string;
};

/** What an event means, whatever the dialect. */
export type Told =
  | { readonly kind: 'message'; readonly message: ChatMessage }
  | { readonly kind: 'edited'; readonly message: ChatMessage }
  | { readonly kind: 'deleted'; readonly messageId: string; readonly at?: string }
  | { readonly kind: 'reacted'; readonly messageId: string; readonly reactions: ChatMessage['reactions'] }
  /** `by` where the dialect says who has read. */
  | {
      readonly kind: 'read';
      readonly messageIds: readonly string[];
      readonly by?: string;
      readonly at?: string;
    }
  | { readonly kind: 'typing'; readonly room: Room; readonly userId: string; readonly isTyping: boolean }
  | { readonly kind: 'presence'; readonly userId: string; readonly isOnline: boolean }
  | { readonly kind: 'notified'; readonly notification: Notification }
  /** Something was notified in words of its own, which the inbox has as a notification. */
  | { readonly kind: 'notified-otherwise' }
  | { readonly kind: 'notifications-read'; readonly notificationIds: readonly string[] | 'all' }
  /** Word of a message in a conversation that was not joined. */
  | { readonly kind: 'message-elsewhere'; readonly conversationId: string }
  | {
      readonly kind: 'summary';
      readonly conversationId: string;
      readonly unreadCount: number;
      readonly status: string;
      readonly title?: string;
      readonly updatedAt: string;
    };

/** Where a message id points: `<conversationId>.<seq>`. @throws Error for what is none. */
export function placeOf(messageId: string): { readonly conversationId: string; readonly seq: number } {
  const [, conversationId, seq] = /^(.+)\.(\d{1,15})$/.exec(messageId) ?? [];
  if (!conversationId || !seq) throw new Error(`No message id: ${messageId}`);
  return { conversationId, seq: Number(seq) };
}

type Known = Pick<ChatMessage, 'content' | 'createdAt' | 'sender'> & {
  readonly id: string;
} & Partial<ChatMessage>;

/** A stored message, with what its dialect does not tell left empty. @throws Error for what is none. */
export function stored(known: Known): ChatMessage {
  const { conversationId, seq } = placeOf(known.id);
  const nothing = { isRead: false, readBy: [], attachments: [], reactions: [] } as const;
  const message = { ...nothing, ...known, conversationId, seq, status: 'sent' } as const;
  if (!isMessage(message)) throw new Error(`Message ${known.id} makes no sense.`);
  return message;
}

/** What there is of a field that may be missing or null. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): { readonly [K in Name]?: Value } {
  return (value === undefined || value === null ? {} : { [name]: value }) as { [K in Name]?: Value };
}

/** The name of a room in a dialect whose rooms are conversations. @throws Error before it is known. */
export function conversationIn({ conversationId }: Room): string {
  if (conversationId === undefined) throw new Error('The id of the conversation is not known yet.');
  return conversationId;
}

/** The name of a room in a dialect that speaks to users: the other one, or the conversation of several. */
export function counterpartIn({ userId, conversationId }: Room): string {
  return userId ?? conversationIn(given('conversationId', conversationId));
}
