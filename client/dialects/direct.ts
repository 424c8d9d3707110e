import type { DirectEvents, DirectMessage } from './direct-types.ts';
import { allNotificationsRead, comesOnline, goesOffline, notificationRead } from './shared-speech.ts';
import { counterpartIn, given, type SaidIn, type Speech, stored, type Told } from './speech.ts';
import type { EventName } from './vocabularies.ts';

/** The direct dialect, as the stores speak it. */

function message({ _id: id, senderId, senderName, sentAt, read, ...told }: DirectMessage) {
  const { content, attachments, clientMessageId } = told;
  return stored({
    ...{ id, content, createdAt: sentAt, isRead: read },
    sender: { userId: senderId, name: senderName },
    ...given('attachments', attachments),
    ...given('clientMessageId', clientMessageId),
  });
}

/** A message has an event of its own; whatever else the user is notified of has an id. */
function notified(told: DirectEvents['message_notification']): readonly Told[] {
  if (!('id' in told)) return [];
  const { id, type, title, message: text, timestamp, link, data } = told;
  const notification = { ...{ id, type, title }, message: text, isRead: false, createdAt: timestamp };
  return [
    { kind: 'notified', notification: { ...notification, ...given('link', link), ...given('data', data) } },
  ];
}

const events: { readonly [K in EventName<'direct'>]?: (payload: DirectEvents[K]) => readonly Told[] } = {
  receive_message: (told) => [{ kind: 'message', message: message(told) }],
  message_sent: (told) => [{ kind: 'message', message: message(told.message) }],
  message_notification: notified,
  message_read: ({ messageId, readBy, readAt }) => [
    { kind: 'read', messageIds: [messageId], by: readBy._id, at: readAt },
  ],
  message_read_confirmed: (told) => [{ kind: 'read', messageIds: [told.message._id] }],
  typing_indicator: ({ userId, isTyping }) => [{ kind: 'typing', room: { userId }, userId, isTyping }],
  online_users: (users) => users.flatMap(comesOnline),
  user_online: comesOnline,
  user_offline: goesOffline,
  'notification:read': notificationRead,
  'notifications:read-all': allNotificationsRead,
};

export const direct: Speech<SaidIn<'direct'>> = {
  name: 'direct',
  events,
  message,
  isRich: false,
  send: (room, { content }, clientMessageId) => ({
    action: 'send_message',
    payload: { receiverId: counterpartIn(room), content, clientMessageId },
  }),
  type: (room, isTyping) => ({
    action: isTyping ? 'typing_start' : 'typing_stop',
    payload: { receiverId: counterpartIn(room) },
  }),
  read: (_, messageIds) => messageIds.map((id) => ({ action: 'mark_message_read', payload: id })),
};
