import { useNotifications } from '../../../client/react/index.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useDisclosure } from '../ui/use-disclosure.ts';
import { NotificationList } from './notification-list.tsx';

/** More have no place on a bell. */
const MOST = 99;

/** How many notifications are unread; pressed, which. */
export function NotificationBell() {
  const notifications = useNotifications();
  const { unreadCount } = notifications;
  const { isOpen, toggle, root, button } = useDisclosure();
  return (
    <div className="bell" ref={root}>
      <IconButton
        ref={button}
        icon="bell"
        label={unreadCount > 0 ? `Notifications, ${unreadCount} unread` : 'Notifications'}
        aria-expanded={isOpen}
        aria-controls={isOpen ? 'notifications' : undefined}
        onClick={toggle}
      >
        {unreadCount > 0 && <span className="badge">{unreadCount > MOST ? `${MOST}+` : unreadCount}</span>}
      </IconButton>
      {isOpen && <NotificationList notifications={notifications} />}
    </div>
  );
}
