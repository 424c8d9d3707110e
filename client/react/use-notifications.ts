import { useMemo } from 'react';
import type { NotificationsState, NotificationsStore } from '../sdk/types.ts';
import { useParley } from './parley-provider.tsx';
import { useStore, whole } from './use-store.ts';

export type Notifications = NotificationsState & Pick<NotificationsStore, 'markRead' | 'markAllRead'>;

const ON_SERVER: NotificationsState = { notifications: [], unreadCount: 0, isLoading: true };

/** What has been notified, the latest first, and how to mark it as read, which the user's other devices hear of. */
export function useNotifications(): Notifications {
  const store = useParley().notifications;
  const state = useStore(store, whole, { onServer: ON_SERVER });
  return useMemo(
    () => ({
      ...state,
      markRead: (notificationId) => store.markRead(notificationId),
      markAllRead: () => store.markAllRead(),
    }),
    [store, state],
  );
}
