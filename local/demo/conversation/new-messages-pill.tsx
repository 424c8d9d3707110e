import { useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { useTalk } from './talk.ts';
import type { EndOfList } from './use-end-of-list.ts';

/** The way back to the end, and how much others have said there since one scrolled away. */
export function NewMessagesPill({ end: { isAtEnd, scrollToEnd } }: { readonly end: EndOfList }) {
  const { meId, conversation } = useTalk();
  const fromOthers = conversation.messages.filter(
    ({ id, sender }) => id !== undefined && sender.userId !== meId,
  );
  const newest = fromOthers.at(-1)?.id;
  const [seen, setSeen] = useState(newest);
  if (isAtEnd && seen !== newest) setSeen(newest);
  if (isAtEnd) return null;
  const count = fromOthers.length - 1 - fromOthers.findIndex(({ id }) => id === seen);
  return (
    <button type="button" className="pill" data-news={count > 0} onClick={scrollToEnd}>
      <Icon name="down" />
      {count > 0 ? (
        `${count} new ${count === 1 ? 'message' : 'messages'}`
      ) : (
        <span className="unseen">To the newest</span>
      )}
    </button>
  );
}
