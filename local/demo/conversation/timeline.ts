import type { ChatMessage } from '../../../client/sdk/types.ts';
import { isSameDay } from '../time.ts';

/** What one person said in one go. */
export type Turn = {
  readonly kind: 'turn';
  readonly key: string;
  readonly senderId: string;
  readonly senderName: string;
  readonly messages: readonly ChatMessage[];
};

/** A line of the list: a day begins, the unread begin, somebody spoke, the platform says something. */
export type Item =
  | { readonly kind: 'day'; readonly key: string; readonly at: Date }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'notice'; readonly key: string; readonly message: ChatMessage }
  | Turn;

/** Who pauses for longer begins anew. */
const PAUSE_MS = 5 * 60_000;

/** The key under which a message is shown from its first showing to its last, before and after it has an id. */
export function keyOf({ clientMessageId, id }: ChatMessage): string {
  return clientMessageId ?? id ?? '';
}

/** Messages as they are read: by day, and within it by who spoke; `unreadFrom` is the key of the first unread one. */
export function arrange(messages: readonly ChatMessage[], unreadFrom: string | undefined): readonly Item[] {
  const items: Item[] = [];
  let previous: ChatMessage | undefined;
  for (const message of messages) {
    const key = keyOf(message);
    const at = new Date(message.createdAt);
    if (!previous || !isSameDay(new Date(previous.createdAt), at))
      items.push({ kind: 'day', key: `day ${key}`, at });
    if (key === unreadFrom) items.push({ kind: 'unread', key: 'unread' });
    place(items, message, previous);
    previous = message;
  }
  return items;
}

function place(items: Item[], message: ChatMessage, previous: ChatMessage | undefined): void {
  const key = keyOf(message);
  const { userId, name } = message.sender;
  const last = items.at(-1);
  if (userId === null) items.push({ kind: 'notice', key, message });
  else if (last?.kind === 'turn' && last.senderId === userId && isSoonAfter(message, previous))
    items[items.length - 1] = { ...last, messages: [...last.messages, message] };
  else items.push({ kind: 'turn', key, senderId: userId, senderName: name, messages: [message] });
}

function isSoonAfter(message: ChatMessage, previous: ChatMessage | undefined): boolean {
  return previous !== undefined && Date.parse(message.createdAt) - Date.parse(previous.createdAt) < PAUSE_MS;
}
