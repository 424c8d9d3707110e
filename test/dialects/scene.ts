import type { Conversation, Message } from '../../lambdas/core/conversation.ts';
import type { Signal } from '../../lambdas/core/signals.ts';

/** What the vectors of several dialects are about: Ann writes to Ben. */

export const ann = { userId: 'ann', name: 'Ann Archer', email: 'ann@example.com' };
export const ben = { userId: 'ben', name: 'Ben Barber' };

export const pair: Conversation = {
  id: 'c012345678901234567890A',
  kind: 'direct',
  createdAt: Date.parse('2023-12-01T10:00:00.000Z'),
  touchedAt: 0,
};

export const group: Conversation = {
  ...pair,
  id: 'c012345678901234567890B',
  kind: 'group',
  title: 'The team',
};

export const message: Message = {
  id: `${pair.id}.1`,
  conversation: pair,
  seq: 1,
  sender: ann,
  counterpart: ben,
  role: 'member',
  type: 'text',
  content: 'Hello, this is a message!',
  attachments: [],
  reactions: [],
  createdAt: Date.parse('2023-12-01T10:30:00.000Z'),
  isRead: false,
  readBy: [],
};

const { counterpart: _, ...addressed } = message;
export const toGroup: Message = { ...addressed, id: `${group.id}.7`, conversation: group, seq: 7 };

export const file = { url: 'https://example.com/a.png', filename: 'a.png', mimetype: 'image/png', size: 7 };

export const notification = {
  id: 'n1',
  userId: 'ben',
  type: 'order',
  title: 'Your order',
  message: 'is ready',
  link: '/orders/7',
  data: { order: 7 },
  createdAt: 0,
  isRead: false,
} as const;

export const moved: Signal = {
  kind: 'appointment-updated',
  appointmentId: 'booking-1',
  status: 'confirmed',
  message: 'Your appointment was moved',
  notification: { ...notification, type: 'appointment_updated' },
};

export const reminded: Signal = {
  kind: 'appointment-reminded',
  appointmentId: 'booking-1',
  therapistName: 'Salon',
  startTime: '2026-02-09T11:00:00.000Z',
  minutesUntil: 15,
  notification: { ...notification, type: 'appointment_reminder' },
};

/** Nothing that the documents of two users' messages have a word for. */
export const unspoken: readonly Signal[] = [
  { kind: 'message-edited', message },
  { kind: 'message-deleted', message, deletedBy: 'ann' },
  { kind: 'message-reacted', message, userId: 'ben', emoji: '👍', isSet: true, at: 1 },
  { kind: 'conversation-updated', conversation: pair, unread: { ben: 1 }, updatedAt: 1 },
];

export const broadcast: Signal = {
  kind: 'admin-broadcast',
  message: 'Closing early',
  person: { userId: 'eve', name: 'Eve' },
  at: 0,
};

export const broadcastEvent = {
  name: 'admin_broadcast',
  args: [
    { message: 'Closing early', from: { _id: 'eve', name: 'Eve' }, timestamp: '1970-01-01T00:00:00.000Z' },
  ],
} as const;

export const custom: Signal = { kind: 'custom-event', name: 'order:updated', data: { id: 7 } };
export const customEvent = { name: 'order:updated', args: [{ id: 7 }] } as const;
