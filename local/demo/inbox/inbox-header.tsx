import { DrawerButton } from '../drawer/drawer-button.tsx';
import { NotificationBell } from '../notifications/notification-bell.tsx';
import { useSession } from '../session/session.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Brand } from '../ui/brand.tsx';
import { IconButton } from '../ui/icon-button.tsx';

/** Who one is here, what has been notified, and the way out. */
export function InboxHeader() {
  const { me, signOut } = useSession();
  return (
    <header className="inbox-header">
      <h1 className="unseen">Inbox</h1>
      <div className="inbox-bar">
        <Brand />
        <div className="inbox-buttons">
          <NotificationBell />
          <DrawerButton />
        </div>
      </div>
      <div className="me">
        <Avatar userId={me.userId} name={me.name} size="small" />
        <p className="me-words">
          <strong>{me.name}</strong>
          <span className="about">{me.about}</span>
        </p>
        <IconButton icon="leave" label="Sign out" onClick={signOut} />
      </div>
    </header>
  );
}
