import { useMemo } from 'react';
import { dayName } from '../time.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../use-now.ts';
import { MessageSkeleton } from './message-skeleton.tsx';
import { OlderMessages } from './older-messages.tsx';
import { useTalk } from './talk.ts';
import { arrange, type Item } from './timeline.ts';
import { TurnGroup } from './turn-group.tsx';
import { TypingLine } from './typing-line.tsx';
import type { EndOfList } from './use-end-of-list.ts';

type Props = {
  readonly end: EndOfList;
  /** What is talked about; empty where nobody has said. */
  readonly about: string;
  /** The key of the first unread one. */
  readonly unreadFrom: string | undefined;
};

/** All that was said, with a way back to the end, and a word of what has come there meanwhile. */
export function MessageList({ end, about, unreadFrom }: Props) {
  const { messages, isLoading, hasOlder } = useTalk().conversation;
  const now = useNow();
  const items = useMemo(() => arrange(messages, unreadFrom), [messages, unreadFrom]);
  return (
    <section
      className="scroller"
      ref={end.list}
      onScroll={end.onScroll}
      aria-label={about || 'Conversation'}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: Who has no mouse scrolls it with the arrow keys.
      tabIndex={0}
    >
      <div className="scrolled">
        {hasOlder && <OlderMessages />}
        {isLoading && messages.length === 0 && <MessageSkeleton />}
        {!isLoading && messages.length === 0 && <FirstWords about={about} />}
        <ol className="turns">
          {items.map((item) => (
            <Line key={item.key} item={item} now={now} />
          ))}
        </ol>
        <TypingLine />
      </div>
    </section>
  );
}

function Line({ item, now }: { readonly item: Item; readonly now: Date }) {
  switch (item.kind) {
    case 'day':
      return (
        <li className="day">
          <time dateTime={item.at.toISOString()}>{dayName(item.at, now)}</time>
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

function FirstWords({ about }: { readonly about: string }) {
  return (
    <p className="first-words">
      This is the beginning of your conversation
      {about && (
        <>
          {' '}
          about <strong>{about}</strong>
        </>
      )}
      .
    </p>
  );
}
