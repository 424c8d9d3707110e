import fc from 'fast-check';
import type { Caller } from '../../lambdas/core/connection.ts';
import { createNotification } from '../../lambdas/core/create-notification.ts';
import type { NotificationId, UserId } from '../../lambdas/core/ids.ts';
import type { InboxPage } from '../../lambdas/core/inbox.ts';
import type { Notification } from '../../lambdas/core/notification.ts';
import {
  listNotifications,
  readAllNotifications,
  readNotification,
} from '../../lambdas/core/read-notifications.ts';
import { type Chat, callerOf } from './chat.ts';

/** People who are sent notifications, and read them on several devices. */

export const USERS = ['ann', 'ben'] as const;
/** Two devices each, and a browser without one, which asks by REST. */
export const SLOTS = USERS.flatMap((userId) => [`${userId}/phone`, `${userId}/laptop`, `${userId}/rest`]);
/** Ids that the platform chooses; everybody's inbox has its own. */
const IDS = ['shipped', 'paid', 'new'] as const;

export type Deed =
  /** Without an id one is found for it, and each is another notification. */
  | { readonly kind: 'notify'; readonly userId: UserId; readonly id: NotificationId | undefined }
  | { readonly kind: 'read'; readonly slot: string; readonly id: NotificationId }
  | { readonly kind: 'read-all'; readonly slot: string };

const userId = fc.constantFrom(...USERS);
const slot = fc.constantFrom(...SLOTS);
const id = fc.constantFrom(...IDS);

export const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('notify' as const),
      userId,
      id: fc.option(id, { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), slot, id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('read-all' as const), slot }) },
);

export class Letterbox {
  readonly #chat: Chat;
  readonly #callers: ReadonlyMap<string, Caller>;

  private constructor(chat: Chat, callers: ReadonlyMap<string, Caller>) {
    this.#chat = chat;
    this.#callers = callers;
  }

  static async of(chat: Chat): Promise<Letterbox> {
    const callers = SLOTS.map(async (slot): Promise<[string, Caller]> => {
      const [userId = '', device] = slot.split('/');
      if (device === 'rest') return [slot, callerOf(userId)];
      return [slot, await chat.connect(userId, slot, { dialect: 'conversation' })];
    });
    return new Letterbox(chat, new Map(await Promise.all(callers)));
  }

  /** The same people, whose calls go by way of these ports. */
  by(chat: Chat): Letterbox {
    return new Letterbox(chat, this.#callers);
  }

  /** As the platform's backend does it. */
  async notify(userId: UserId, title: string, id?: NotificationId): Promise<Notification> {
    this.#chat.ground.clock.pass(1);
    const draft = {
      userId,
      type: 'news',
      title,
      message: 'Something is new.',
      ...(id !== undefined && { id }),
    };
    const { notification, deliveries } = await createNotification(this.#chat.ports, draft);
    await this.#chat.deliver(deliveries);
    return notification;
  }

  async read(slot: string, notificationId: NotificationId): Promise<void> {
    this.#chat.ground.clock.pass(1);
    await this.#chat.do(readNotification, this.#callerAt(slot), { notificationId });
  }

  async readAll(slot: string): Promise<void> {
    this.#chat.ground.clock.pass(1);
    await this.#chat.do(readAllNotifications, this.#callerAt(slot), {});
  }

  list(userId: UserId, unreadOnly = false): Promise<InboxPage> {
    return listNotifications(this.#chat.ports, callerOf(userId), { number: 1, limit: 100 }, { unreadOnly });
  }

  /** What a device was told: `new <id>`, `read <id>`, `all read`, in this order. */
  told(slot: string): readonly string[] {
    return this.#chat.gateway.framesOf(slot).map((frame) => {
      const { event, data } = JSON.parse(frame) as { readonly event: string; readonly data?: unknown };
      if (event === 'notification:new') return `new ${(data as { readonly id: string }).id}`;
      return event === 'notification:read' ? `read ${data}` : 'all read';
    });
  }

  #callerAt(slot: string): Caller {
    const caller = this.#callers.get(slot);
    if (!caller) throw new Error(`nobody is at ${slot}`);
    return caller;
  }
}
