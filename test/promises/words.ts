import type { MessageId, UserId } from '../../lambdas/core/ids.ts';
import type { Chat } from './chat.ts';

/**
 * What devices hear of messages, as words that a test can write down: alike in the dialects of booking,
 * conversation and support.
 */

/** Who has left which reaction, in any order. */
export type Reactions = readonly { readonly userId: UserId; readonly emoji: string }[];

export const saidWord = (id: MessageId, content: string) => `${id} says ${content}`;
export const editedWord = (id: MessageId, content: string, reactions: Reactions) =>
  `${id} now says ${content} ${reactionsWord(reactions)}`;
export const deletedWord = (id: MessageId) => `${id} is gone`;
export const reactedWord = (id: MessageId, reactions: Reactions) => `${id} has ${reactionsWord(reactions)}`;

/** All reactions on a message in one word. */
export function reactionsWord(reactions: Reactions): string {
  const each = reactions.map(({ userId, emoji }) => `${userId}:${emoji}`);
  return `[${each.sort().join()}]`;
}

/** Of a payload, whatever a dialect calls it, what these words are about. */
type Payload = {
  readonly _id?: MessageId;
  readonly id?: MessageId;
  readonly messageId?: MessageId;
  readonly content?: string;
  readonly reactions?: readonly {
    readonly userId?: UserId;
    readonly user?: UserId;
    readonly emoji: string;
  }[];
  /** The message itself, in support.md. */
  readonly message?: Payload;
};

type ToWord = (payload: Payload) => string;

const saying: ToWord = (payload) => saidWord(idIn(payload), payload.content ?? '');
const editing: ToWord = (payload) => editedWord(idIn(payload), payload.content ?? '', reactionsIn(payload));
const deleting: ToWord = (payload) => deletedWord(idIn(payload));
const reacting: ToWord = (payload) => reactedWord(idIn(payload), reactionsIn(payload));

const WORDS: Readonly<Record<string, ToWord>> = {
  newMessage: saying,
  'message:new': saying,
  'message:updated': editing,
  'message:deleted': deleting,
  'message:reaction': reacting,
  new_message: ({ message = {} }) => saying(message),
  message_updated: ({ message = {} }) => editing(message),
  message_deleted: deleting,
  message_reaction: reacting,
};

function idIn({ _id, id, messageId }: Payload): MessageId {
  return _id ?? id ?? messageId ?? '';
}

function reactionsIn({ reactions = [] }: Payload): Reactions {
  return reactions.map(({ userId, user, emoji }) => ({ userId: userId ?? user ?? '', emoji }));
}

/** What a connection was told of messages, in this order. */
export function wordsTo(chat: Chat, connectionId: string): readonly string[] {
  return chat.gateway.framesOf(connectionId).flatMap((frame) => {
    const { event, data } = JSON.parse(frame) as { readonly event: string; readonly data: Payload };
    return WORDS[event]?.(data) ?? [];
  });
}
