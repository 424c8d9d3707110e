import { useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { keyOf } from './timeline.ts';

/** The keys of the first unread message, and of the first one that was loaded when it was found. */
type Found = { readonly key: string | undefined; readonly first: string | undefined };

/**
 * Where the unread began when the conversation was opened: the line stays there while it is open, and goes up where there
 * turns out to be more.
 *
 * @param areThere Whether what was said while one was away is loaded.
 */
export function useUnreadFrom(
  messages: readonly ChatMessage[],
  meId: string,
  areThere: boolean,
): string | undefined {
  const [found, setFound] = useState<Found>();
  const first = messages[0] && keyOf(messages[0]);
  const mayBeMore = found?.key !== undefined && found.key === found.first && found.first !== first;
  if (!areThere || first === undefined || (found && !mayBeMore)) return found?.key;
  const unread = messages.find((message) => isUnread(message, meId));
  const key = unread ? keyOf(unread) : found?.key;
  setFound({ key, first });
  return key;
}

function isUnread({ sender, readBy, deletedAt }: ChatMessage, meId: string): boolean {
  return sender.userId !== meId && deletedAt === undefined && !readBy.some(({ userId }) => userId === meId);
}
