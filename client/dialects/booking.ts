import type { BookingEvents, BookingMessage } from './booking-types.ts';
import { allNotificationsRead, notificationRead, notified } from './shared-speech.ts';
import { conversationIn, given, type Room, type SaidIn, type Speech, stored, type Told } from './speech.ts';
import type { EventName } from './vocabularies.ts';

/** The booking dialect, as the stores speak it. */

function message({ _id: id, sender, ...told }: BookingMessage) {
  const { content, isRead, createdAt, clientMessageId } = told;
  return stored({
    ...{ id, content, isRead, createdAt },
    sender: { userId: sender._id, name: sender.name },
    ...given('clientMessageId', clientMessageId),
  });
}

/** What is called a booking may be a conversation that has none. */
function bookingIn(room: Room): string {
  return room.bookingId ?? conversationIn(room);
}

const events: { readonly [K in EventName<'booking'>]?: (payload: BookingEvents[K]) => readonly Told[] } = {
  newMessage: (told) => [{ kind: 'message', message: message(told) }],
  messagesMarkedAsRead: ({ messageIds, userId, readAt }) => [
    { kind: 'read', messageIds, by: userId, at: readAt },
  ],
  typing: ({ bookingId, userId, isTyping }) => [
    { kind: 'typing', room: { bookingId, conversationId: bookingId }, userId, isTyping },
  ],
  'notification:new': notified,
  'notification:read': notificationRead,
  'notifications:read-all': allNotificationsRead,
};

export const booking: Speech<SaidIn<'booking'>> = {
  name: 'booking',
  events,
  message,
  isRich: false,
  enter: (room) => ({ action: 'joinBooking', payload: conversationIn(room) }),
  leave: (room) => ({ action: 'leaveBooking', payload: conversationIn(room) }),
  send: (room, { content }, clientMessageId) => ({
    action: 'sendMessage',
    payload: { bookingId: bookingIn(room), content, clientMessageId },
  }),
  type: (room, isTyping) => ({ action: 'typing', payload: { bookingId: bookingIn(room), isTyping } }),
  read: (_, messageIds) => [{ action: 'markAsRead', payload: { messageIds } }],
};
