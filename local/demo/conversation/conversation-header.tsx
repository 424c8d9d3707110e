import type { RefObject } from 'react';
import { usePresence } from '../../../client/react/index.ts';
import type { ConversationSummary } from '../../../client/sdk/types.ts';
import { DrawerButton } from '../drawer/drawer-button.tsx';
import { namesOf, othersIn, standingOf } from '../people.ts';
import { useSession } from '../session/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/icon-button.tsx';

type Props = {
  readonly summary: ConversationSummary | undefined;
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly goBack: () => void;
};

/** With whom, about what, and whether they are there. */
export function ConversationHeader({ summary, heading, goBack }: Props) {
  const { me } = useSession();
  const others = summary ? othersIn(summary, me.userId) : [];
  const presence = usePresence(others.map(({ userId }) => userId));
  const [first] = others;
  const standing = standingOf(others, presence);
  const isOnline = others.some(({ userId }) => presence[userId] === 'online');
  return (
    <header className="conversation-header">
      <IconButton className="back" icon="back" label="Back to the inbox" onClick={goBack} />
      {first && <Avatar userId={first.userId} name={first.name} isOnline={isOnline} />}
      <div className="conversation-words">
        <h1 className="conversation-title" ref={heading} tabIndex={-1}>
          {namesOf(others) || 'Conversation'}
        </h1>
        <p className="conversation-about">
          <span className="conversation-about-title">{summary?.title}</span>
          {standing && <span className={isOnline ? 'standing online' : 'standing'}>{standing}</span>}
        </p>
      </div>
      <DrawerButton className="narrow-only" />
    </header>
  );
}
