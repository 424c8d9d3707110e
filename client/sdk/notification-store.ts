import type { Clock } from '../connection/platform.ts';
import { checkTold } from '../dialects/check-told.ts';
import type { Told } from '../dialects/speech.ts';
import { type Asking, ask } from './ask.ts';
import { Loading } from './loading.ts';
import type { Rest } from './rest.ts';
import { StateStore } from './state-store.ts';
import type { Notification, NotificationsState, NotificationsStore } from './types.ts';

export type NotificationParts = {
  readonly connection: Asking;
  readonly rest: Rest | undefined;
  readonly clock: Clock;
};

type Listed = { readonly notifications: readonly Notification[]; readonly unreadCount: number };

const MOST = 500;
const PAGE = 100;

const NOTHING: NotificationsState = { notifications: [], unreadCount: 0, isLoading: true };

/** What the platform told the user: loaded where there is a way to, and kept true by events. */
export class Inbox implements NotificationsStore {
  readonly #parts: NotificationParts;
  readonly #state: StateStore<NotificationsState>;
  readonly #loading: Loading;
  #isWanted: boolean = false;

  constructor(parts: NotificationParts) {
    this.#parts = parts;
    const begin = () => this.#begin();
    this.#state = new StateStore<NotificationsState>(NOTHING, { begin, end: () => undefined });
    this.#loading = new Loading({
      clock: parts.clock,
      load: () => this.#load(),
      failed: (error) => this.#state.set({ ...this.getSnapshot(), isLoading: false, error }),
      isWatched: () => this.#state.isWatched,
    });
  }

  get subscribe(): NotificationsStore['subscribe'] {
    return this.#state.subscribe;
  }

  get getSnapshot(): NotificationsStore['getSnapshot'] {
    return this.#state.getSnapshot;
  }

  async markRead(notificationId: string): Promise<void> {
    await ask(this.#parts.connection, { action: 'notification:read', payload: notificationId });
    this.#markRead([notificationId]);
  }

  async markAllRead(): Promise<void> {
    await ask(this.#parts.connection, { action: 'notifications:read-all', payload: undefined });
    this.#markRead('all');
  }

  /** There is a connection again: something may have been notified meanwhile. */
  online(): void {
    if (this.#isWanted) this.#loading.soon();
  }

  forget(): void {
    this.#state.set(NOTHING);
  }

  hear(told: Told): void {
    if (told.kind === 'notified') this.#add(told.notification);
    else if (told.kind === 'notifications-read') this.#markRead(told.notificationIds);
    else if (told.kind === 'notified-otherwise' && this.#isWanted) this.#loading.soon();
  }

  #begin(): void {
    if (!this.#isWanted) void this.#loading.now();
    this.#isWanted = true;
  }

  #add(notification: Notification): void {
    const { notifications, unreadCount, ...state } = this.getSnapshot();
    if (notifications.some(({ id }) => id === notification.id)) return;
    const added = [notification, ...notifications].slice(0, MOST);
    this.#state.set({
      ...state,
      notifications: added,
      unreadCount: unreadCount + (notification.isRead ? 0 : 1),
    });
  }

  #markRead(ids: readonly string[] | 'all'): void {
    const { notifications, unreadCount, ...state } = this.getSnapshot();
    const isMeant = ({ id, isRead }: Notification) => !isRead && (ids === 'all' || ids.includes(id));
    const count = notifications.filter(isMeant).length;
    this.#state.set({
      ...state,
      notifications: notifications.map((one) => (isMeant(one) ? { ...one, isRead: true } : one)),
      unreadCount: ids === 'all' ? 0 : Math.max(0, unreadCount - count),
    });
  }

  async #load(): Promise<void> {
    const { rest } = this.#parts;
    this.#state.set({ ...this.getSnapshot(), isLoading: rest !== undefined });
    if (!rest) return;
    const { notifications, unreadCount } = (await rest('GET', `/api/notifications?limit=${PAGE}`)) as Listed;
    for (const notification of notifications) checkTold({ kind: 'notified', notification });
    this.#state.set({ notifications, unreadCount, isLoading: false });
  }
}
