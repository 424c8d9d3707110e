import { areReactions, areTexts, isTime } from './shapes.ts';
import type { Told } from './speech.ts';

type Check<K extends Told['kind']> = (told: Extract<Told, { readonly kind: K }>) => boolean;

/** Messages are checked where they are read, as they come in replies and histories too. */
const CHECKS: { readonly [K in Told['kind']]: Check<K> } = {
  message: () => true,
  edited: () => true,
  deleted: ({ messageId }) => areTexts([messageId]),
  reacted: ({ messageId, reactions }) => areTexts([messageId]) && areReactions(reactions),
  read: ({ messageIds }) => areTexts(messageIds),
  typing: ({ userId }) => areTexts([userId]),
  presence: ({ userId }) => areTexts([userId]),
  notified: ({ notification: { id, type, title, message, createdAt } }) =>
    areTexts([id, type, title, message]) && isTime(createdAt),
  'notified-otherwise': () => true,
  'notifications-read': ({ notificationIds }) => notificationIds === 'all' || areTexts(notificationIds),
  'message-elsewhere': ({ conversationId }) => areTexts([conversationId]),
  summary: ({ conversationId, unreadCount, status, updatedAt }) =>
    areTexts([conversationId, status]) && Number.isSafeInteger(unreadCount) && isTime(updatedAt),
};

/** @returns what was told. @throws Error where it makes no sense. */
export function checkTold(told: Told): Told {
  const check = CHECKS[told.kind] as Check<Told['kind']>;
  if (!check(told)) throw new Error(`What was told makes no sense: ${told.kind}.`);
  return told;
}
