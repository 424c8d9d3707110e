import type { AppointmentEvents, AppointmentMessage } from './appointment-types.ts';
import {
  allNotificationsRead,
  comesOnline,
  goesOffline,
  notificationRead,
  notified,
} from './shared-speech.ts';
import { counterpartIn, given, type SaidIn, type Speech, stored, type Told } from './speech.ts';
import type { EventName } from './vocabularies.ts';

/** The appointment dialect, as the stores speak it. */

function message({ id, senderId, content, createdAt, attachments, clientMessageId }: AppointmentMessage) {
  return stored({
    ...{ id, content, createdAt },
    // This dialect tells no names.
    sender: { userId: senderId, name: '' },
    ...given('attachments', attachments),
    ...given('clientMessageId', clientMessageId),
  });
}

const events: {
  readonly [K in EventName<'appointment'>]?: (payload: AppointmentEvents[K]) => readonly Told[];
} = {
  'message:received': (told) => [{ kind: 'message', message: message(told) }],
  'message:read': ({ messageId, userId, readAt }) => [
    { kind: 'read', messageIds: [messageId], by: userId, at: readAt },
  ],
  'user:typing': ({ userId, isTyping }) => [{ kind: 'typing', room: { userId }, userId, isTyping }],
  'user:online': comesOnline,
  'user:offline': goesOffline,
  'notification:new': notified,
  'notification:read': notificationRead,
  'notifications:read-all': allNotificationsRead,
  'appointment:updated': () => [{ kind: 'notified-otherwise' }],
  'appointment:reminder': () => [{ kind: 'notified-otherwise' }],
};

export const appointment: Speech<SaidIn<'appointment'>> = {
  name: 'appointment',
  events,
  message,
  isRich: false,
  send: (room, { content }, clientMessageId) => ({
    action: 'message:send',
    payload: { recipientId: counterpartIn(room), content, clientMessageId },
  }),
  type: (room, isTyping) => ({
    action: 'message:typing',
    payload: { recipientId: counterpartIn(room), isTyping },
  }),
  read: (_, messageIds) => messageIds.map((id) => ({ action: 'message:read', payload: id })),
};
