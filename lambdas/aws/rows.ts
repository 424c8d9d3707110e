import type { Conversation, Entry, Knock, Member, Reaction } from '../core/conversation.ts';
import type { BookingId, BusinessId, ConversationId, UserId } from '../core/ids.ts';
import { type Key, LOG, logKey, MEMBER } from './keys.ts';

/** The rows of a conversation's partition as they lie in the table, and what they mean. */

export type EntryRow = Key &
  Omit<Entry, 'seq' | 'reactions'> & {
    /** One attribute a reaction, so that each is set and removed by itself; its value is when, in ms. */
    readonly [reaction: `reaction:${string}`]: number;
  };
/** A place that nobody has taken yet, but on which a join has knocked. */
export type KnockRow = Key & { readonly knock: string; readonly knockedAt: number };
export type MemberRow = Key &
  Omit<Member, 'userId'> & {
    /** Takes no part any more; kept because read state never regresses, should they come back. */
    readonly left?: boolean;
  };
export type MetaRow = Key &
  Pick<Conversation, 'kind' | 'title' | 'status' | 'createdAt' | 'touchedAt'> & {
    /** Those of a booking's conversation. */
    readonly bookingId?: BookingId;
    readonly businessId?: BusinessId;
    readonly withdrawn?: boolean;
  };

/** Every entry has a nonce; a knock alone has none. */
export function isEntryRow(row: object): row is EntryRow {
  return 'nonce' in row;
}

/** A new entry has no reactions yet. */
export function rowOfEntry(id: ConversationId, { seq, reactions: _, ...entry }: Entry): EntryRow {
  return { ...logKey(id, seq), ...entry };
}

export function entryOf(row: EntryRow): Entry {
  const { senderId, role, content, createdAt, nonce } = row;
  const reactions = reactionsIn(row);
  return {
    seq: Number(row.sk.slice(LOG.length)),
    ...{ senderId, role, content, createdAt, nonce },
    ...present({
      type: row.type,
      attachments: row.attachments,
      replyTo: row.replyTo,
      editedAt: row.editedAt,
      deletedAt: row.deletedAt,
      clientMessageId: row.clientMessageId,
      unheardBy: row.unheardBy,
      lateUntil: row.lateUntil,
      joinedAt: row.joinedAt,
    }),
    ...(reactions.length > 0 && { reactions }),
  };
}

const REACTION = 'reaction:';

/** The attribute of a reaction. An emoji holds no line break, so the user's id cannot be taken for a part of it. */
export function reactionAttribute(emoji: string, userId: UserId): string {
  return `${REACTION}${emoji}\n${userId}`;
}

function reactionsIn(row: EntryRow): readonly Reaction[] {
  const named = Object.entries(row).filter(([name]) => name.startsWith(REACTION));
  const reactions = named.map(([name, at]) => {
    const [emoji = '', ...userId] = name.slice(REACTION.length).split('\n');
    return { userId: userId.join('\n'), emoji, at: Number(at) };
  });
  return reactions.toSorted((a, b) => a.at - b.at || (a.userId < b.userId ? -1 : 1));
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The same without what is not there. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

export function knockOf({ knock, knockedAt }: KnockRow): Knock {
  return { token: knock, at: knockedAt };
}

export function memberOf({ sk, role, joinedAt, read }: MemberRow): Member {
  return { userId: sk.slice(MEMBER.length), role, joinedAt, read };
}

export function conversationOf({ pk, createdAt, touchedAt, title, status, ...row }: MetaRow): Conversation {
  const known = { id: conversationIn(pk), createdAt, touchedAt, ...present({ title, status }) };
  if (row.kind !== 'booking') return { ...known, kind: row.kind };
  const { bookingId = '', businessId = '' } = row;
  return { ...known, kind: row.kind, bookingId, businessId };
}

/** The conversation whose partition this is. */
export function conversationIn(pk: string): ConversationId {
  return pk.slice(pk.indexOf('#') + 1);
}
