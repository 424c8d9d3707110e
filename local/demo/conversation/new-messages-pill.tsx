import { useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { Icon } from '../ui/icon.tsx';
import { useTalk } from './talk.ts';
import { keyOf } from './timeline.ts';
import type { EndOfList } from './use-end-of-list.ts';

type Props = {
  readonly end: EndOfList;
  /** The key of the first that was unread when the conversation was opened. */
  readonly unreadFrom: string | undefined;
};

/** The way back to the end, and how much of what others have said there one has not seen. */
export function NewMessagesPill({ end: { list, isOpen, isAtEnd, scrollToEnd }, unreadFrom }: Props) {
  const { meId, conversation } = useTalk();
  const { messages } = conversation;
  const newest = messages.findLast(({ id }) => id !== undefined)?.id;
  const [seen, setSeen] = useState<string>();
  if (isAtEnd && seen !== newest) setSeen(newest);
  if (isAtEnd || !isOpen) return null;
  const count = since(messages, seen, unreadFrom).filter(
    ({ id, sender }) => id !== undefined && sender.userId !== meId,
  ).length;
  const goOn = () => {
    scrollToEnd();
    // The button will be gone.
    list.current?.focus({ preventScroll: true });
  };
  return (
    <button type="button" className="pill" data-news={count > 0} onClick={goOn}>
      <Icon name="down" />
      {count > 0 ? (
        `${count} new ${count === 1 ? 'message' : 'messages'}`
      ) : (
        <span className="unseen">To the newest</span>
      )}
    </button>
  );
}

/** What comes after the last that was seen; before anything was, what was unread. */
function since(
  messages: readonly ChatMessage[],
  seen: string | undefined,
  unreadFrom: string | undefined,
): readonly ChatMessage[] {
  if (seen !== undefined) return messages.slice(messages.findIndex(({ id }) => id === seen) + 1);
  const from = messages.findIndex((message) => keyOf(message) === unreadFrom);
  return from === -1 ? [] : messages.slice(from);
}
