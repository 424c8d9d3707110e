import { useCallback, useEffect, useMemo, useState } from 'react';
import { useConversation } from '../../../client/react/index.ts';
import type { ConversationSummary } from '../../../client/sdk/types.ts';
import { useSession } from '../session/session.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { MessageList } from './message-list.tsx';
import { NewMessagesPill } from './new-messages-pill.tsx';
import { type Intent, type Talk, TalkContext } from './talk.ts';
import { keyOf } from './timeline.ts';
import { useAnnouncement } from './use-announcement.ts';
import { useAttempts } from './use-attempts.ts';
import { useEndOfList } from './use-end-of-list.ts';
import { useFocusOnOpening } from './use-focus-on-opening.ts';

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
  const [isInView, setInView] = useState(true);
  const conversation = useConversation(name, { isInView });
  const { messages, error } = conversation;
  const [first, last] = [messages[0], messages.at(-1)];
  const end = useEndOfList(first && keyOf(first), last && keyOf(last));
  const [intent, intend] = useState<Intent>({ kind: 'say' });
  const [failure, attempt] = useAttempts();
  const nameOf = useNames(summary);
  const talk = useMemo<Talk>(
    () => ({ meId: me.userId, conversation, nameOf, intend, attempt }),
    [me.userId, conversation, nameOf, attempt],
  );
  useEffect(() => setInView(end.isAtEnd), [end.isAtEnd]);
  const announcement = useAnnouncement(messages, me.userId);
  const { heading, field } = useFocusOnOpening();
  const title = summary?.title ?? 'Conversation';
  return (
    <TalkContext value={talk}>
      <ConversationHeader summary={summary} heading={heading} goBack={goBack} />
      <div className="talk">
        <MessageList end={end} title={title} />
        <NewMessagesPill end={end} />
      </div>
      <p className="unseen" aria-live="polite">
        {announcement}
      </p>
      {failure !== undefined && <ErrorNotice text={failure} />}
      {error && <ErrorNotice text={error.message} />}
      {summary?.status === 'closed' ? (
        <p className="closed-notice">This conversation is closed.</p>
      ) : (
        <Composer field={field} intent={intent} title={title} onSent={end.scrollToEnd} />
      )}
    </TalkContext>
  );
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
