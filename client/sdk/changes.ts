import type { Told } from '../dialects/speech.ts';
import type { ChatMessage } from './types.ts';

type Change = (message: ChatMessage) => ChatMessage;

/** Which messages change, and how. */
export type Changed = { readonly messageIds: readonly string[]; readonly how: Change };

const MOST = 1_000;

/** What was told of messages lately: any of them may come only after it, as it was before. */
export class Changes {
  readonly #latest: { readonly ids: ReadonlySet<string | undefined>; readonly how: Change }[] = [];
  #count = 0;

  /** How many there were so far. */
  get count(): number {
    return this.#count;
  }

  add({ messageIds, how }: Changed): void {
    this.#count += 1;
    if (this.#latest.push({ ids: new Set(messageIds), how }) > MOST) this.#latest.shift();
  }

  /** @returns a message after all that was told of it, but for the first `known` changes. */
  applyTo(message: ChatMessage, known = 0): ChatMessage {
    const news = this.#latest.slice(Math.max(0, this.#latest.length - this.#count + known));
    return news.reduce((one, { ids, how }) => (ids.has(one.id) ? how(one) : one), message);
  }
}

/** What an event makes of messages that were said before; undefined of one that tells something else. */
export function changeIn(told: Told, now: () => string): Changed | undefined {
  switch (told.kind) {
    case 'edited':
      return { messageIds: [told.message.id ?? ''], how: (one) => keepRead(one, told.message) };
    case 'deleted': {
      const gone = { content: '', attachments: [], reactions: [], deletedAt: told.at ?? now() };
      return { messageIds: [told.messageId], how: (one) => ({ ...one, ...gone }) };
    }
    case 'reacted':
      return { messageIds: [told.messageId], how: (one) => ({ ...one, reactions: told.reactions }) };
    case 'read':
      return { messageIds: told.messageIds, how: (one) => readMessage(one, told) };
    default:
      return undefined;
  }
}

/** Somebody has read a message: `by` says who, where that is known. */
function readMessage(message: ChatMessage, { by, at }: Told & { readonly kind: 'read' }): ChatMessage {
  if (by === message.sender.userId) return message;
  const isKnown = by === undefined || at === undefined || message.readBy.some(({ userId }) => userId === by);
  const readBy = isKnown ? message.readBy : [...message.readBy, { userId: by, readAt: at }];
  return { ...message, isRead: true, readBy };
}

/** A message as it is told anew. What was read stays read, and by whom: that is not told each time. */
export function keepRead(known: ChatMessage, told: ChatMessage): ChatMessage {
  const readBy = known.readBy.length > told.readBy.length ? known.readBy : told.readBy;
  return { ...told, isRead: known.isRead || told.isRead, readBy };
}
