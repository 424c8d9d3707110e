import { useCallback, useMemo, useState } from 'react';
import { ParleyError } from '../../../client/index.ts';
import { useConversation } from '../../../client/react/index.ts';
import type { ConversationSummary } from '../../../client/sdk/types.ts';
import { useSession } from '../session/session.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { MessageList } from './message-list.tsx';
import { NewMessagesPill } from './new-messages-pill.tsx';
import { type Intent, type Talk, TalkContext } from './talk.ts';
import { keyOf } from './timeline.ts';
import { useAnnouncement } from './use-announcement.ts';
import { useAttempts } from './use-attempts.ts';
import { useEndOfList, useKeptPlace } from './use-end-of-list.ts';
import { useFocusOnOpening } from './use-focus-on-opening.ts';
import { useUnreadFrom } from './use-unread-from.ts';

type Props = {
  readonly conversationId: string;
  /** What the inbox knows of it; nothing before it is loaded. */
  readonly summary: ConversationSummary | undefined;
  readonly goBack: () => void;
};

/** An open conversation. It is mounted anew for each. */
export function ConversationView({ conversationId, summary, goBack }: Props) {
  const { me } = useSession();
  const name = useMemo(() => ({ conversationId }), [conversationId]);
  const end = useEndOfList();
  const conversation = useConversation(name, { isInView: end.isAtEnd });
  const { messages, isLoading, error } = conversation;
  const [first, last] = [messages[0], messages.at(-1)];
  const areThere = end.isOpen || !isLoading;
  useKeptPlace(end, { first: first && keyOf(first), last: last && keyOf(last), areThere });
  const unreadFrom = useUnreadFrom(messages, me.userId, areThere);
  const [intent, intend] = useState<Intent>({ kind: 'say' });
  const [failure, attempt] = useAttempts();
  const nameOf = useNames(summary);
  const talk = useMemo<Talk>(
    () => ({ meId: me.userId, conversation, nameOf, intend, attempt }),
    [me.userId, conversation, nameOf, attempt],
  );
  const announcement = useAnnouncement(messages, me.userId, areThere);
  const { heading, field } = useFocusOnOpening();
  const about = summary?.title ?? '';
  if (isMissing(error)) {
    return (
      <>
        <ConversationHeader summary={summary} heading={heading} goBack={goBack} />
        <Empty icon="chat" title="There is no such conversation">
          It is not yours, or the address was mistyped.
        </Empty>
      </>
    );
  }
  return (
    <TalkContext value={talk}>
      <ConversationHeader summary={summary} heading={heading} goBack={goBack} />
      <div className="talk">
        <MessageList end={end} about={about} unreadFrom={unreadFrom} />
        <NewMessagesPill end={end} unreadFrom={unreadFrom} />
      </div>
      <p className="unseen" aria-live="polite">
        {announcement}
      </p>
      {failure !== undefined && <ErrorNotice text={failure} />}
      {error && <ErrorNotice text={error.message} />}
      {summary?.status === 'closed' ? (
        <p className="closed-notice">This conversation is closed.</p>
      ) : (
        <Composer
          field={field}
          intent={intent}
          conversationId={conversationId}
          about={about}
          onSent={end.scrollToEnd}
        />
      )}
    </TalkContext>
  );
}

function isMissing(error: Error | undefined): boolean {
  return error instanceof ParleyError && error.code === 'NOT_FOUND';
}

function useNames(summary: ConversationSummary | undefined): (userId: string) => string {
  const { config } = useSession();
  return useCallback(
    (userId) => {
      const people = [...(summary?.participants ?? []), ...config.people];
      return people.find((person) => person.userId === userId)?.name ?? 'Somebody';
    },
    [summary, config],
  );
}
