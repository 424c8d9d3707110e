import type { Entry } from './outbox-storage.ts';
import { ParleyError } from './parley-error.ts';
import type { ChatMessage } from './types.ts';

/** Where it waits, and who has written it: the name is the token's. */
type Context = {
  readonly conversationId: string | undefined;
  readonly userId: string | undefined;
  readonly name: string | undefined;
};

/** Messages with those that wait to be sent behind them. */
export function withWaiting(
  messages: readonly ChatMessage[],
  entries: readonly Entry[],
  { conversationId = '', userId, name }: Context,
): readonly ChatMessage[] {
  if (entries.length === 0) return messages;
  const own = messages.filter(({ sender }) => sender.userId === userId);
  const stored = new Set(own.flatMap(({ clientMessageId }) => clientMessageId ?? []));
  const waiting = entries.filter(({ clientMessageId }) => !stored.has(clientMessageId));
  // As it was told last, or else as the token has it.
  const sender = { userId: userId ?? null, name: own.at(-1)?.sender.name ?? name ?? '' };
  return [...messages, ...waiting.map((entry) => messageOf(entry, { conversationId, sender }))];
}

function messageOf(
  { clientMessageId, draft, createdAt, refusal }: Entry,
  context: Pick<ChatMessage, 'conversationId' | 'sender'>,
): ChatMessage {
  return {
    ...{ attachments: [], ...draft, clientMessageId, createdAt, ...context },
    ...{ isRead: false, readBy: [], reactions: [] },
    status: refusal ? 'failed' : 'sending',
    ...(refusal && { error: new ParleyError(refusal.code, refusal.message) }),
  };
}
