import type { ConversationSummary, PresenceState } from '../../../client/sdk/types.ts';
import { namesOf, othersIn } from '../people.ts';
import { hashOf } from '../place.ts';
import { useSession } from '../session/session.ts';
import { shortTime } from '../time.ts';
import { Avatar } from '../ui/avatar.tsx';

type Props = {
  readonly summary: ConversationSummary;
  readonly presence: PresenceState;
  readonly isSelected: boolean;
  readonly now: Date;
};

/** A conversation in the inbox: with whom, about what, what was said last, and how much of it is unread. */
export function InboxRow({ summary, presence, isSelected, now }: Props) {
  const { me } = useSession();
  const { conversationId, title, lastMessage, unreadCount, updatedAt } = summary;
  const others = othersIn(summary, me.userId);
  // What is open is being read: it says itself what is new.
  const unread = isSelected ? 0 : unreadCount;
  const first = others[0] ?? { userId: conversationId, name: title };
  return (
    <li>
      <a
        id={`row-${conversationId}`}
        className="row"
        href={`#${hashOf({ userId: me.userId, conversationId })}`}
        aria-current={isSelected ? 'page' : undefined}
        data-unread={unread > 0}
      >
        <Avatar userId={first.userId} name={first.name} isOnline={presence[first.userId] === 'online'} />
        <span className="row-words">
          <span className="row-top">
            <strong className="row-name">{namesOf(others) || title}</strong>
            <time className="row-time" dateTime={updatedAt}>
              {shortTime(new Date(lastMessage?.createdAt ?? updatedAt), now)}
            </time>
          </span>
          <span className="row-title">{title}</span>
          <span className="row-bottom">
            <span className="row-last" dir="auto">
              {lastMessage ? lastWords(lastMessage, me.userId) : 'Nothing was said yet'}
            </span>
            {unread > 0 && (
              <span className="badge">
                {unread}
                <span className="unseen"> unread</span>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  );
}

type LastMessage = NonNullable<ConversationSummary['lastMessage']>;

function lastWords({ sender, content, deletedAt }: LastMessage, meId: string): string {
  const words = deletedAt === undefined ? content || 'Attachment' : 'Message deleted';
  return sender.userId === meId ? `You: ${words}` : words;
}
