import type { Attachment, ChatMessage } from '../sdk/types.ts';

/** What whoever shows it relies on: nothing that comes from a server, or out of a storage, is believed unseen. */

export function areTexts(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}

/** An ISO 8601 time, or whatever else is one. */
export function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

export function areAttachments(values: readonly Attachment[]): boolean {
  return areAll(values, ({ url }) => [url]);
}

export function areReactions(values: ChatMessage['reactions']): boolean {
  return areAll(values, ({ userId, emoji }) => [userId, emoji]);
}

export function isMessage(message: ChatMessage): boolean {
  const { sender, content, createdAt, attachments, readBy, reactions } = message;
  const { userId, name } = Object(sender) as ChatMessage['sender'];
  return (
    areTexts([userId ?? '', name, content]) &&
    isTime(createdAt) &&
    areAttachments(attachments) &&
    areAll(readBy, (reader) => [reader.userId]) &&
    areReactions(reactions)
  );
}

function areAll<Value>(values: readonly Value[], textsOf: (value: Value) => readonly unknown[]): boolean {
  return Array.isArray(values) && values.every((value) => areTexts(textsOf(Object(value))));
}
