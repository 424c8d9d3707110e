import {
  type BookingId,
  type BusinessId,
  type ConnectionId,
  type ConversationId,
  type MessageId,
  SYSTEM,
  type UserId,
} from './ids.ts';
import type { ReadState } from './read-state.ts';

/** A side of a conversation: a booking's two, those who administer it, and those of any other conversation. */
export type Role = 'client' | 'business' | 'admin' | 'member';

/** Where a conversation stands: a closed one takes no more messages. */
export type ConversationStatus = 'active' | 'archived' | 'closed';

export type MessageType = 'text' | 'image' | 'file' | 'system';

/** A file that a message refers to; the platform keeps it. `size` is in bytes. */
export type Attachment = {
  readonly url: string;
  readonly filename?: string;
  readonly mimetype?: string;
  readonly size?: number;
};

/** Times are ms since the epoch. */
export type Reaction = { readonly userId: UserId; readonly emoji: string; readonly at: number };

/** Someone who takes part, as the others may see them. */
export type Person = { readonly userId: UserId; readonly name: string; readonly email?: string };

/** What a conversation is, without what was said in it. Times are ms since the epoch. */
export type Conversation = (
  | { readonly kind: 'booking'; readonly bookingId: BookingId; readonly businessId: BusinessId }
  /** Of two users; each pair has one. */
  | { readonly kind: 'direct' }
  /** Of those whom the platform put together. */
  | { readonly kind: 'group' }
) & {
  readonly id: ConversationId;
  readonly title?: string;
  /** @default 'active' */
  readonly status?: ConversationStatus;
  readonly createdAt: number;
  /** When lists were last told of activity: at most a minute behind the log; 0 before the first time. */
  readonly touchedAt: number;
};

export type Member = {
  readonly userId: UserId;
  readonly role: Role;
  readonly joinedAt: number;
  readonly read: ReadState;
};

/** One message in the log. `seq` is its place: 1, 2, 3 … without gaps. */
export type Entry = {
  readonly seq: number;
  /** `SYSTEM` where the platform itself speaks. */
  readonly senderId: UserId;
  readonly role: Role | 'system';
  readonly content: string;
  /** @default 'text' */
  readonly type?: MessageType;
  readonly attachments?: readonly Attachment[];
  /** The place of the message that this one answers. */
  readonly replyTo?: number;
  readonly reactions?: readonly Reaction[];
  /** In ms. */
  readonly editedAt?: number;
  /** In ms; content and attachments are gone, the place is kept. */
  readonly deletedAt?: number;
  /** Never before its predecessor's, so that time order is seq order, whoever's clock wrote it. */
  readonly createdAt: number;
  readonly clientMessageId?: string;
  /** Unique to the attempt that wrote it: tells our own write from a rival's when an answer was lost. */
  readonly nonce: string;
  /** The device that sent it, where that is not told of it: one that comes back is not either. */
  readonly unheardBy?: ConnectionId;
  /** Until when it was being pushed, in ms, where that took so long that a later message may have overtaken it. */
  readonly lateUntil?: number;
  /** When a device last joined, if so shortly before this message that the next one must know of it too. */
  readonly joinedAt?: number;
};

/**
 * A mark on the next free place: a device joined since the last message. It makes a send that read the devices before
 * the join lose its race for the place, and so look again (docs/adr/0003).
 */
export type Knock = { readonly token: string; readonly at: number };

/** The newest part of a conversation: all that a decision needs, read at once and strongly consistent. */
export type Head = {
  readonly conversation: Conversation;
  readonly members: readonly Member[];
  /** Newest first, without gaps; the whole log when it is short. */
  readonly entries: readonly Entry[];
  readonly knock?: Knock;
};

/** A message as it is told: its entry, where it was said, who said it and who has read it. */
export type Message = {
  readonly id: MessageId;
  readonly conversation: Conversation;
  readonly seq: number;
  readonly sender: Person;
  /** The other side, where there are two. */
  readonly counterpart?: Person;
  readonly role: Role | 'system';
  readonly type: MessageType;
  readonly content: string;
  readonly attachments: readonly Attachment[];
  readonly replyTo?: MessageId;
  readonly reactions: readonly Reaction[];
  readonly createdAt: number;
  readonly editedAt?: number;
  readonly deletedAt?: number;
  /** Whether anybody but its sender has read it. */
  readonly isRead: boolean;
  /** Who has, and when at the latest (ms): places that were read together share a time. */
  readonly readBy: readonly { readonly userId: UserId; readonly readAt: number }[];
  readonly clientMessageId?: string;
};

/** The seq of the last message; 0 while nothing was said. */
export function lastSeq(head: Head): number {
  return head.entries[0]?.seq ?? 0;
}

/** The other side of a conversation that has two; in a booking's, admins are on neither. */
export function counterpartOf(
  { conversation, members }: Pick<Head, 'conversation' | 'members'>,
  userId: UserId,
): Member | undefined {
  if (userId === SYSTEM) return undefined;
  const others = members.filter((member) => member.userId !== userId);
  if (conversation.kind !== 'booking') return members.length === 2 ? others[0] : undefined;
  // An admin in a booking's conversation speaks to its client.
  return others.find(({ role }) => role === 'client') ?? others.find(({ role }) => role === 'business');
}

/** This user's place among the members, if any. */
export function memberOf(head: Head, userId: UserId): Member | undefined {
  return head.members.find((member) => member.userId === userId);
}
