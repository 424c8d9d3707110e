import { useMemo } from 'react';
import { dayName } from '../time.ts';
import { Icon } from '../ui/icon.tsx';
import { MessageSkeleton } from './message-skeleton.tsx';
import { OlderMessages } from './older-messages.tsx';
import { useTalk } from './talk.ts';
import { arrange, type Item } from './timeline.ts';
import { TurnGroup } from './turn-group.tsx';
import { TypingLine } from './typing-line.tsx';
import type { EndOfList } from './use-end-of-list.ts';
import { useUnreadFrom } from './use-unread-from.ts';

/** All that was said, with a way back to the end, and a word of what has come there meanwhile. */
export function MessageList({ end, title }: { readonly end: EndOfList; readonly title: string }) {
  const { meId, conversation } = useTalk();
  const { messages, isLoading, hasOlder } = conversation;
  const unreadFrom = useUnreadFrom(messages, meId);
  const items = useMemo(() => arrange(messages, unreadFrom), [messages, unreadFrom]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: Who has no mouse scrolls it with the arrow keys.
    <section className="scroller" ref={end.list} onScroll={end.onScroll} aria-label={title} tabIndex={0}>
      <div className="scrolled">
        {hasOlder && <OlderMessages />}
        {isLoading && messages.length === 0 && <MessageSkeleton />}
        {!isLoading && messages.length === 0 && <FirstWords title={title} />}
        <ol className="turns">
          {items.map((item) => (
            <Line key={item.key} item={item} />
          ))}
        </ol>
        <TypingLine />
      </div>
    </section>
  );
}

function Line({ item }: { readonly item: Item }) {
  switch (item.kind) {
    case 'day':
      return (
        <li className="day">
          <time dateTime={item.at.toISOString()}>{dayName(item.at, new Date())}</time>
        </li>
      );
    case 'unread':
      return <li className="unread-line">New</li>;
    case 'notice':
      return (
        <li className="notice">
          <Icon name="calendar" />
          {item.message.content}
        </li>
      );
    case 'turn':
      return <TurnGroup turn={item} />;
  }
}

function FirstWords({ title }: { readonly title: string }) {
  return (
    <p className="first-words">
      This is the beginning of your conversation about <strong>{title}</strong>.
    </p>
  );
}
