import { useCallback, useRef, useState } from 'react';
import { useNotifications } from '../../../client/react/index.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useDismiss } from '../ui/use-dismiss.ts';
import { NotificationList } from './notification-list.tsx';

/** How many notifications are unread; pressed, which. */
export function NotificationBell() {
  const notifications = useNotifications();
  const { unreadCount } = notifications;
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => {
    if (root.current?.contains(document.activeElement)) button.current?.focus();
    setOpen(false);
  }, []);
  useDismiss(root, isOpen, close);
  return (
    <div className="bell" ref={root}>
      <IconButton
        ref={button}
        icon="bell"
        label={unreadCount > 0 ? `Notifications, ${unreadCount} unread` : 'Notifications'}
        aria-expanded={isOpen}
        aria-controls="notifications"
        onClick={() => setOpen(!isOpen)}
      >
        {unreadCount > 0 && <span className="badge">{unreadCount}</span>}
      </IconButton>
      {isOpen && <NotificationList notifications={notifications} />}
    </div>
  );
}
