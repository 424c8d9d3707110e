import { useEffect, useState } from 'react';
import { useNotifications } from '../../../client/react/index.ts';
import type { Notification } from '../../../client/sdk/types.ts';
import { quietly } from '../quietly.ts';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';

const SHOWN_MS = 12_000;
const NEWS_MS = 60_000;

/** A notification that comes while the page is open, for a while: a reminder is of no use behind a bell. */
export function NotificationToast() {
  const { notifications, markRead } = useNotifications();
  const [toast, dismiss] = useNewest(notifications);
  return (
    <div className="toasts" role="status">
      {toast && !toast.isRead && (
        <div className="toast">
          <Icon name={toast.type.startsWith('appointment') ? 'calendar' : 'bell'} />
          <p className="toast-words">
            <strong>{toast.title}</strong>
            <span>{toast.message}</span>
          </p>
          <IconButton
            icon="close"
            label="Mark as read"
            onClick={() => {
              quietly(markRead(toast.id));
              dismiss();
            }}
          />
        </div>
      )}
    </div>
  );
}

/** The newest, for a while, unless it is old news that was only just loaded. */
function useNewest(notifications: readonly Notification[]) {
  const newest = notifications[0];
  const [known, setKnown] = useState<string>();
  const [shown, setShown] = useState<string>();
  if (newest && newest.id !== known) {
    setKnown(newest.id);
    if (Date.now() - Date.parse(newest.createdAt) < NEWS_MS) setShown(newest.id);
  }
  useEffect(() => {
    if (shown === undefined) return;
    const timer = setTimeout(() => setShown(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return [notifications.find(({ id }) => id === shown), () => setShown(undefined)] as const;
}
