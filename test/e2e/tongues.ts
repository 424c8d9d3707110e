import { expect } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import type { NativeClient } from '../support/native-client.ts';

/** How a device that speaks a dialect does what every dialect can say. */

/** What is asked of a device, on whichever wire. */
export type Device = Pick<NativeClient, 'request' | 'next' | 'unawaited'>;

/** The same where nothing is awaited. */
type Asking = Pick<Device, 'request'>;

/** A conversation as dialects name it: the booking or its own id, and its own id. */
export type Place = { readonly room: string; readonly conversationId: string };

export type HeardMessage = { readonly id: string; readonly content: string; readonly senderId: string };
export type HeardTyping = { readonly userId: string; readonly isTyping: boolean };

export type Tongue = {
  /** Whether it speaks to a user rather than in a conversation. */
  readonly isPersonal: boolean;
  readonly enter: (device: Asking, place: Place) => Promise<void>;
  /** Says something to somebody there; returns the message's id. */
  readonly say: (device: Asking, place: Place, to: string, content: string) => Promise<string>;
  /** The next message of somebody else's. */
  readonly hear: (device: Device) => Promise<HeardMessage>;
  /** Absent where only the REST routes mark as read. */
  readonly read?: (device: Device, messageId: string, place: Place) => Promise<void>;
  /** The messages of the next receipt. */
  readonly hearReceipt: (device: Device) => Promise<readonly string[]>;
  readonly type: (device: Device, place: Place, to: string) => Promise<void>;
  readonly hearTyping: (device: Device) => Promise<HeardTyping>;
  readonly countUnread?: (device: Device) => Promise<number>;
};

type Fields = Readonly<Record<string, unknown>>;

const OK = expect.objectContaining({ ok: true });

function heardAs(id: unknown, content: unknown, senderId: unknown): HeardMessage {
  return { id: id as string, content: content as string, senderId: senderId as string };
}

async function ask(device: Asking, name: string, payload?: unknown): Promise<Fields> {
  const reply = await device.request(name, payload);
  expect(reply, name).toEqual(OK);
  return reply as Fields;
}

/** The first event of this name that is about somebody else, as rooms tell a sender of its own messages too. */
async function nextFromOthers(
  device: Device,
  name: string,
  said: (payload: Fields) => HeardMessage,
): Promise<HeardMessage> {
  const own = OWN.get(device) ?? new Set();
  for (;;) {
    const heard = said((await device.next(name)) as Fields);
    if (!own.has(heard.id)) return heard;
  }
}

const OWN = new WeakMap<Asking, Set<string>>();

/** Remembers what a device has said itself. */
function ownMessage(device: Asking, id: string): string {
  OWN.set(device, (OWN.get(device) ?? new Set()).add(id));
  return id;
}

const booking: Tongue = {
  isPersonal: false,
  enter: async (device, { room }) => void (await ask(device, 'joinBooking', room)),
  say: async (device, { room }, _, content) => {
    const { message } = await ask(device, 'sendMessage', { bookingId: room, content });
    return ownMessage(device, (message as Fields)._id as string);
  },
  hear: (device) =>
    nextFromOthers(device, 'newMessage', ({ _id, content, sender }) => ({
      id: _id as string,
      content: content as string,
      senderId: (sender as Fields)._id as string,
    })),
  read: async (device, messageId) => void (await ask(device, 'markAsRead', { messageIds: [messageId] })),
  hearReceipt: async (device) =>
    ((await device.next('messagesMarkedAsRead')) as Fields).messageIds as readonly string[],
  type: async (device, { room }) => void (await ask(device, 'typing', { bookingId: room, isTyping: true })),
  hearTyping: async (device) => {
    const { userId, isTyping } = (await device.next('typing')) as Fields;
    return { userId: userId as string, isTyping: isTyping as boolean };
  },
};

const conversation: Tongue = {
  isPersonal: false,
  enter: async (device, { conversationId }) => void (await ask(device, 'join:conversation', conversationId)),
  say: async (device, { conversationId }, _, content) => {
    const { message } = await ask(device, 'message:send', { conversationId, content });
    return ownMessage(device, (message as Fields).id as string);
  },
  hear: (device) =>
    nextFromOthers(device, 'message:new', ({ id, content, senderId }) => heardAs(id, content, senderId)),
  read: async (device, messageId, { conversationId }) =>
    void (await ask(device, 'messages:read', { conversationId, messageIds: [messageId] })),
  hearReceipt: async (device) =>
    ((await device.next('messages:read')) as Fields).messageIds as readonly string[],
  type: async (device, { conversationId }) => void (await ask(device, 'typing:start', { conversationId })),
  hearTyping: async (device) => {
    const first = device.unawaited.find(({ event }) => event.startsWith('typing:'));
    const name = first?.event ?? (await nextTyping(device));
    const { userId } = (await device.next(name)) as Fields;
    return { userId: userId as string, isTyping: name === 'typing:start' };
  },
};

/** The name of the next event on typing: each has its own. */
async function nextTyping(device: Device): Promise<string> {
  await expect.poll(() => device.unawaited.some(({ event }) => event.startsWith('typing:'))).toBe(true);
  return device.unawaited.find(({ event }) => event.startsWith('typing:'))?.event ?? '';
}

const direct: Tongue = {
  isPersonal: true,
  enter: async () => undefined,
  say: async (device, _, receiverId, content) => {
    const { message } = await ask(device, 'send_message', { receiverId, content });
    return (message as Fields)._id as string;
  },
  hear: async (device) => {
    const { _id, content, senderId } = (await device.next('receive_message')) as Fields;
    return heardAs(_id, content, senderId);
  },
  read: async (device, messageId) => void (await ask(device, 'mark_message_read', { messageId })),
  hearReceipt: async (device) => [((await device.next('message_read')) as Fields).messageId as string],
  type: async (device, _, receiverId) => void (await ask(device, 'typing_start', { receiverId })),
  hearTyping: async (device) => {
    const { userId, isTyping } = (await device.next('typing_indicator')) as Fields;
    return { userId: userId as string, isTyping: isTyping as boolean };
  },
  countUnread: async (device) => (await ask(device, 'get_unread_count')).count as number,
};

const appointment: Tongue = {
  isPersonal: true,
  enter: async () => undefined,
  say: async (device, _, recipientId, content) => {
    const { message } = await ask(device, 'message:send', { recipientId, content, messageType: 'TEXT' });
    return (message as Fields).id as string;
  },
  hear: async (device) => {
    const { id, content, senderId } = (await device.next('message:received')) as Fields;
    return heardAs(id, content, senderId);
  },
  read: async (device, messageId) => void (await ask(device, 'message:read', { messageId })),
  hearReceipt: async (device) => [((await device.next('message:read')) as Fields).messageId as string],
  type: async (device, _, recipientId) =>
    void (await ask(device, 'message:typing', { recipientId, isTyping: true })),
  hearTyping: async (device) => {
    const { userId, isTyping } = (await device.next('user:typing')) as Fields;
    return { userId: userId as string, isTyping: isTyping as boolean };
  },
};

const support: Tongue = {
  isPersonal: false,
  enter: async (device, { conversationId }) => void (await ask(device, 'join_conversation', conversationId)),
  say: async (device, { conversationId }, _, content) => {
    const { message } = await ask(device, 'send_message', { conversationId, content });
    return ownMessage(device, (message as Fields)._id as string);
  },
  hear: (device) =>
    nextFromOthers(device, 'new_message', ({ message }) => {
      const { _id, content, sender } = message as Fields;
      return { id: _id as string, content: content as string, senderId: (sender as Fields)._id as string };
    }),
  hearReceipt: async (device) =>
    ((await device.next('messages_read')) as Fields).messageIds as readonly string[],
  type: async (device, { conversationId }) => void (await ask(device, 'typing_start', { conversationId })),
  hearTyping: async (device) => {
    const { userId, isTyping } = (await device.next('user_typing')) as Fields;
    return { userId: userId as string, isTyping: isTyping as boolean };
  },
};

const TONGUES: Readonly<Record<DialectName, Tongue>> = {
  booking,
  conversation,
  direct,
  appointment,
  support,
};

export const DIALECTS = Object.keys(TONGUES) as readonly DialectName[];

export function tongueOf(dialect: DialectName): Tongue {
  return TONGUES[dialect];
}
