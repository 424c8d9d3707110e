import type { BookingId, BusinessId, ConversationId, MessageId, UserId } from './ids.ts';
import type { ReadState } from './read-state.ts';

/** A side of a conversation. */
export type Role = 'client' | 'business';

/** Someone who takes part, as the others may see them. */
export type Person = { readonly userId: UserId; readonly name: string; readonly email?: string };

/** What a conversation is, without what was said in it. Times are ms since the epoch. */
export type Conversation = {
  readonly id: ConversationId;
  readonly kind: 'booking';
  readonly bookingId: BookingId;
  readonly businessId: BusinessId;
  readonly title?: string;
  readonly createdAt: number;
  /** When lists were last told of activity: at most a minute behind the log. */
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
  readonly senderId: UserId;
  readonly role: Role;
  readonly content: string;
  /** Never before its predecessor's, so that time order is seq order, whoever's clock wrote it. */
  readonly createdAt: number;
  readonly clientMessageId?: string;
  /** Unique to the attempt that wrote it: tells our own write from a rival's when an answer was lost. */
  readonly nonce: string;
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
  readonly role: Role;
  readonly content: string;
  readonly createdAt: number;
  readonly isRead: boolean;
  readonly clientMessageId?: string;
};

/** The seq of the last message; 0 while nothing was said. */
export function lastSeq(head: Head): number {
  return head.entries[0]?.seq ?? 0;
}

/** This user's place among the members, if any. */
export function memberOf(head: Head, userId: UserId): Member | undefined {
  return head.members.find((member) => member.userId === userId);
}
