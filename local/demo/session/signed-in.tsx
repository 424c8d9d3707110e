import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ParleyProvider, useConversations } from '../../../client/react/index.ts';
import { ConnectionBanner } from '../connection-banner.tsx';
import { ConversationView } from '../conversation/conversation-view.tsx';
import { Drawer } from '../drawer/drawer.tsx';
import { DrawerContext } from '../drawer/drawer-button.tsx';
import type { FrameLog } from '../drawer/frame-log.ts';
import { Inbox } from '../inbox/inbox.tsx';
import { InboxHeader } from '../inbox/inbox-header.tsx';
import { NotificationToast } from '../notifications/notification-toast.tsx';
import type { Place } from '../place.ts';
import { Empty } from '../ui/empty.tsx';
import { useFocusOnEntering } from '../ui/use-focus-on-entering.ts';
import { type OpenedClient, openClient } from './open-client.ts';
import { type Session, SessionContext, useSession } from './session.ts';

type Props = {
  readonly session: Session;
  readonly conversationId: string | undefined;
  readonly go: (place: Place) => void;
};

/** The page of somebody who is signed in: connected for as long as they are. */
export function SignedIn({ session, conversationId, go }: Props) {
  const [opened, setOpened] = useState<OpenedClient>();
  const { me, config } = session;
  useEffect(() => {
    const client = openClient(me, config);
    setOpened(client);
    return client.close;
  }, [me, config]);
  if (!opened) return null;
  return (
    <SessionContext value={session}>
      <ParleyProvider client={opened.client}>
        <Page conversationId={conversationId} go={go} frames={opened.frames} />
      </ParleyProvider>
    </SessionContext>
  );
}

type PageProps = Omit<Props, 'session'> & { readonly frames: FrameLog };

function Page({ conversationId, go, frames }: PageProps) {
  const [isOpen, setOpen] = useState(false);
  const toggle = useCallback(() => setOpen((wasOpen) => !wasOpen), []);
  const drawer = useMemo(() => ({ isOpen, toggle }), [isOpen, toggle]);
  const { me } = useSession();
  const page = useRef<HTMLElement>(null);
  const goBack = useCallback(() => go({ userId: me.userId }), [go, me.userId]);
  useReturn(conversationId);
  useTitle();
  useFocusOnEntering(page);
  return (
    <DrawerContext value={drawer}>
      <main
        className="app"
        data-place={conversationId === undefined ? 'inbox' : 'conversation'}
        ref={page}
        tabIndex={-1}
      >
        <ConnectionBanner />
        <button type="button" className="skip unseen" onClick={focusConversation}>
          Skip to the conversation
        </button>
        <nav className="inbox" aria-label="Conversations">
          <InboxHeader />
          <Inbox selectedId={conversationId} />
        </nav>
        <section className="conversation" id="conversation" aria-label="Conversation" tabIndex={-1}>
          <Opened conversationId={conversationId} goBack={goBack} />
        </section>
        {isOpen && <Drawer conversationId={conversationId} frames={frames} close={toggle} />}
        <NotificationToast />
      </main>
    </DrawerContext>
  );
}

function Opened({
  conversationId,
  goBack,
}: {
  readonly conversationId: string | undefined;
  readonly goBack: () => void;
}) {
  const { conversations } = useConversations();
  if (conversationId === undefined) {
    return (
      <Empty icon="chat" title="Your conversations">
        Choose one from the inbox to read and write.
      </Empty>
    );
  }
  const summary = conversations.find((one) => one.conversationId === conversationId);
  return (
    <ConversationView
      key={conversationId}
      conversationId={conversationId}
      summary={summary}
      goBack={goBack}
    />
  );
}

/** Who comes back to the inbox goes on at the row from which they came. */
function useReturn(conversationId: string | undefined): void {
  const left = useRef<string>(undefined);
  useEffect(() => {
    if (conversationId === undefined) document.getElementById(`row-${left.current}`)?.focus();
    left.current = conversationId;
  }, [conversationId]);
}

/** What is unread shows in the tab's title. */
function useTitle(): void {
  const { unreadCount } = useConversations();
  useEffect(() => {
    document.title = unreadCount > 0 ? `(${unreadCount}) Parley` : 'Parley';
  }, [unreadCount]);
}

function focusConversation(): void {
  document.getElementById('conversation')?.focus();
}
