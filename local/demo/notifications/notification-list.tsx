import { useEffect, useRef } from 'react';
import type { Notifications } from '../../../client/react/index.ts';
import type { Notification } from '../../../client/sdk/types.ts';
import { quietly } from '../quietly.ts';
import { shortTime } from '../time.ts';
import { Empty } from '../ui/empty.tsx';
import { Icon } from '../ui/icon.tsx';

/** What has been notified, the latest first. */
export function NotificationList({ notifications: inbox }: { readonly notifications: Notifications }) {
  const { notifications, unreadCount, markAllRead } = inbox;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const goOnAfter = (done: Promise<void>) => {
    quietly(done);
    // The button will be gone.
    heading.current?.focus();
  };
  return (
    <section className="panel" id="notifications" aria-labelledby="notifications-title">
      <header className="panel-header">
        <h2 id="notifications-title" ref={heading} tabIndex={-1}>
          Notifications
        </h2>
        {unreadCount > 0 && (
          <button type="button" className="link-button" onClick={() => goOnAfter(markAllRead())}>
            Mark all as read
          </button>
        )}
      </header>
      {notifications.length === 0 ? (
        <Empty icon="bell" title="All quiet">
          Reminders and news of your appointments come here.
        </Empty>
      ) : (
        <ul className="notifications">
          {notifications.map((one) => (
            <NotificationRow
              key={one.id}
              notification={one}
              markRead={() => goOnAfter(inbox.markRead(one.id))}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

type RowProps = { readonly notification: Notification; readonly markRead: () => void };

function NotificationRow({ notification, markRead }: RowProps) {
  const { type, title, message, isRead, createdAt } = notification;
  return (
    <li className="notification" data-unread={!isRead}>
      <Icon name={type.startsWith('appointment') ? 'calendar' : 'bell'} />
      <div className="notification-words">
        <p className="row-top">
          <strong className="notification-title">{title}</strong>
          <time className="row-time" dateTime={createdAt}>
            {shortTime(new Date(createdAt), new Date())}
          </time>
        </p>
        <p>{message}</p>
        {!isRead && (
          <button type="button" className="link-button" onClick={markRead}>
            Mark as read<span className="unseen">: {title}</span>
          </button>
        )}
      </div>
    </li>
  );
}
