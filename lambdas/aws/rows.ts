import type { Conversation, Entry, Knock, Member } from '../core/conversation.ts';
import type { ConversationId } from '../core/ids.ts';
import { type Key, LOG, logKey, MEMBER } from './keys.ts';

/** The rows of a conversation's partition as they lie in the table, and what they mean. */

export type EntryRow = Key & Omit<Entry, 'seq'>;
/** A place that nobody has taken yet, but on which a join has knocked. */
export type KnockRow = Key & { readonly knock: string; readonly knockedAt: number };
export type MemberRow = Key &
  Omit<Member, 'userId'> & {
    /** Takes no part any more; kept because read state never regresses, should they come back. */
    readonly left?: boolean;
  };
export type MetaRow = Key & Omit<Conversation, 'id'> & { readonly withdrawn?: boolean };

/** Every entry has a nonce; a knock alone has none. */
export function isEntryRow(row: object): row is EntryRow {
  return 'nonce' in row;
}

export function rowOfEntry(id: ConversationId, { seq, ...entry }: Entry): EntryRow {
  return { ...logKey(id, seq), ...entry };
}

export function entryOf({ pk: _, sk, ...entry }: EntryRow): Entry {
  const { senderId, role, content, createdAt, nonce, clientMessageId, joinedAt } = entry;
  return {
    seq: Number(sk.slice(LOG.length)),
    senderId,
    role,
    content,
    createdAt,
    nonce,
    ...(clientMessageId !== undefined && { clientMessageId }),
    ...(joinedAt !== undefined && { joinedAt }),
  };
}

export function knockOf({ knock, knockedAt }: KnockRow): Knock {
  return { token: knock, at: knockedAt };
}

export function memberOf({ sk, role, joinedAt, read }: MemberRow): Member {
  return { userId: sk.slice(MEMBER.length), role, joinedAt, read };
}

export function conversationOf({
  pk,
  kind,
  bookingId,
  businessId,
  title,
  createdAt,
  touchedAt,
}: MetaRow): Conversation {
  return {
    id: conversationIn(pk),
    kind,
    bookingId,
    businessId,
    createdAt,
    touchedAt,
    ...(title !== undefined && { title }),
  };
}

/** The conversation whose partition this is. */
export function conversationIn(pk: string): ConversationId {
  return pk.slice(pk.indexOf('#') + 1);
}
