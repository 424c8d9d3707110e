import { useConversations, usePresence } from '../../../client/react/index.ts';
import { useSession } from '../session/session.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useNow } from '../use-now.ts';
import { InboxRow } from './inbox-row.tsx';
import { InboxSkeleton } from './inbox-skeleton.tsx';

/** One's conversations, the latest first. */
export function Inbox({ selectedId }: { readonly selectedId: string | undefined }) {
  const { me } = useSession();
  const { conversations, isLoading, error } = useConversations();
  const now = useNow();
  const others = conversations.flatMap(({ participants }) => participants.map(({ userId }) => userId));
  const presence = usePresence(others.filter((userId) => userId !== me.userId));
  if (error && conversations.length === 0) {
    return <ErrorNotice text={`Your conversations could not be loaded yet. ${error.message}`} />;
  }
  if (isLoading && conversations.length === 0) return <InboxSkeleton />;
  if (conversations.length === 0) {
    return (
      <Empty icon="chat" title="No conversations yet">
        They begin with a booking.
      </Empty>
    );
  }
  return (
    <ul className="inbox-list">
      {conversations.map((summary) => (
        <InboxRow
          key={summary.conversationId}
          summary={summary}
          presence={presence}
          isSelected={summary.conversationId === selectedId}
          now={now}
        />
      ))}
    </ul>
  );
}
