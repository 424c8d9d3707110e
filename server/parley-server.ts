import { randomUUID } from 'node:crypto';
import { type Call, request, type ServerOptions } from './request.ts';
import type {
  Booking,
  Business,
  Conversation,
  ConversationRequest,
  Message,
  MessageRequest,
  NotificationRequest,
  ReadRequest,
  User,
} from './types.ts';

/**
 * What a platform's backend tells Parley and asks of it, over HTTPS. Every method may reject with a `ParleyError`. All
 * that may be done twice without harm is tried again when an answer is lost; events of your own are not, unless they
 * were certainly not sent.
 */
export type ParleyServer = {
  /** Makes a user known, or changes what is known. */
  saveUser(userId: string, user: User): Promise<void>;
  forgetUser(userId: string): Promise<void>;
  saveBusiness(businessId: string, business: Business): Promise<void>;
  forgetBusiness(businessId: string): Promise<void>;
  /** A change of time or status is told to both sides, and reminders follow it. */
  saveBooking(bookingId: string, booking: Booking): Promise<void>;
  forgetBooking(bookingId: string): Promise<void>;
  /** Opens a conversation, or finds it. */
  openConversation(wanted: ConversationRequest): Promise<Conversation>;
  /** Stores a message and tells everybody in the conversation. */
  emitNewMessage(conversationId: string, message: MessageRequest): Promise<Message>;
  /** Marks messages as read in a user's name; resolves to the ids of those that were. */
  emitMessageRead(conversationId: string, read: ReadRequest): Promise<readonly string[]>;
  /** Takes a message back. */
  emitMessageDeleted(conversationId: string, messageId: string): Promise<Message>;
  /** Puts a notification into a user's inbox and tells the user's devices; resolves to its id. */
  emitNotificationToUser(userId: string, notification: NotificationRequest): Promise<string>;
  /** Sends `order:updated` to all the user's devices. */
  emitOrderUpdate(userId: string, order: unknown): Promise<void>;
  /** Sends an event of your own to all the user's devices. Names of Parley's own events are refused. */
  sendToUser(userId: string, event: string, data?: unknown): Promise<void>;
  /** The same for a room such as `therapist:42` or `admins`. */
  sendToRoom(room: string, event: string, data?: unknown): Promise<void>;
  /** The same for everyone connected. */
  broadcastToAll(event: string, data?: unknown): Promise<void>;
  isUserOnline(userId: string): Promise<boolean>;
  /** How many users are online. */
  getOnlineUsersCount(): Promise<number>;
};

/** The server SDK: the utilities of conversation.md under their own names. Methods may be taken apart. */
export function parleyServer(options: ServerOptions): ParleyServer {
  const call = (one: Call) => request(options, one);
  const put = async (path: string, body: unknown) =>
    void (await call({ method: 'PUT', path, body, isRepeatable: true }));
  const forget = async (path: string) => void (await call({ method: 'DELETE', path, isRepeatable: true }));
  const post = (path: string, body: unknown) => call({ method: 'POST', path, body, isRepeatable: true });
  const send = async (path: string, event: string, data: unknown) =>
    void (await call({ method: 'POST', path, body: { event, data }, isRepeatable: false }));
  const get = (path: string) => call({ method: 'GET', path, isRepeatable: true });
  return {
    saveUser: (userId, user) => put(`/users/${segment(userId)}`, user),
    forgetUser: (userId) => forget(`/users/${segment(userId)}`),
    saveBusiness: (businessId, business) => put(`/businesses/${segment(businessId)}`, business),
    forgetBusiness: (businessId) => forget(`/businesses/${segment(businessId)}`),
    saveBooking: (bookingId, booking) => put(`/bookings/${segment(bookingId)}`, booking),
    forgetBooking: (bookingId) => forget(`/bookings/${segment(bookingId)}`),
    openConversation: async (wanted) => {
      const answer = await post('/conversations', keyed(wanted));
      return (answer as { readonly conversation: Conversation }).conversation;
    },
    emitNewMessage: async (conversationId, message) => {
      const body = { clientMessageId: randomUUID(), ...message };
      const answer = await post(`/conversations/${segment(conversationId)}/messages`, body);
      return (answer as { readonly message: Message }).message;
    },
    emitMessageRead: async (conversationId, read) => {
      const answer = await post(`/conversations/${segment(conversationId)}/read`, read);
      return (answer as { readonly messageIds: readonly string[] }).messageIds;
    },
    emitMessageDeleted: async (_conversationId, messageId) => {
      const path = `/messages/${segment(messageId)}`;
      const answer = await call({ method: 'DELETE', path, isRepeatable: true });
      return (answer as { readonly message: Message }).message;
    },
    emitNotificationToUser: async (userId, notification) => {
      const id = randomUUID();
      await post('/notifications', { ...notification, userId, id });
      return id;
    },
    emitOrderUpdate: (userId, order) => send(`/users/${segment(userId)}/events`, 'order:updated', order),
    sendToUser: (userId, event, data) => send(`/users/${segment(userId)}/events`, event, data),
    sendToRoom: (room, event, data) => send(`/rooms/${segment(room)}/events`, event, data),
    broadcastToAll: (event, data) => send('/broadcast', event, data),
    isUserOnline: async (userId) =>
      ((await get(`/users/${segment(userId)}/presence`)) as { readonly online: boolean }).online,
    getOnlineUsersCount: async () => ((await get('/presence')) as { readonly count: number }).count,
  };
}

/** A group that is asked for twice must be one: it needs a name. Others are found by what they are. */
function keyed(wanted: ConversationRequest): ConversationRequest {
  const isNamed =
    wanted.bookingId !== undefined || wanted.key !== undefined || wanted.participants.length === 2;
  return isNamed ? wanted : { ...wanted, key: randomUUID() };
}

/** An id may hold any character, `/` and `#` included. */
function segment(id: string): string {
  return encodeURIComponent(id);
}
