import { given, type Room } from '../dialects/speech.ts';
import type { ConversationName } from './types.ts';

/** A conversation by the name that it is asked for. */
export function roomOf(name: ConversationName): Room {
  const { conversationId, bookingId, userId } = name as Room;
  return {
    ...given('conversationId', conversationId),
    ...given('bookingId', bookingId),
    ...given('userId', userId),
  };
}

/** Whether two names are known to be those of one conversation. */
export function isSameRoom(one: Room, other: Room): boolean {
  const names = ['conversationId', 'bookingId', 'userId'] as const;
  return names.some((name) => one[name] !== undefined && one[name] === other[name]);
}
