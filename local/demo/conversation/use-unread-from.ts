import { useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { keyOf } from './timeline.ts';

/**
 * Where the unread began when the conversation was opened: the line stays there while it is open.
 *
 * @param areThere Whether what was said while one was away is loaded.
 */
export function useUnreadFrom(
  messages: readonly ChatMessage[],
  meId: string,
  areThere: boolean,
): string | undefined {
  const [found, setFound] = useState<{ readonly key: string | undefined }>();
  if (found) return found.key;
  if (!areThere || messages.length === 0) return undefined;
  const first = messages.find((message) => isUnread(message, meId));
  const key = first && keyOf(first);
  setFound({ key });
  return key;
}

function isUnread({ sender, readBy, deletedAt }: ChatMessage, meId: string): boolean {
  return sender.userId !== meId && deletedAt === undefined && !readBy.some(({ userId }) => userId === meId);
}
