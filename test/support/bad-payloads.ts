/** What no event's payload may hold, field by field: one table for every wire that carries them. */

const NO_TEXT = [null, 0, -1, 1.5, true, false, {}, [], ['x'], { length: 1 }] as const;
const ILL_FORMED = ['\ud800', 'x\udc00', '\udfff\ud800'] as const;

/** Values that are no id. */
const NO_ID = [
  ...NO_TEXT,
  ...ILL_FORMED,
  '',
  'x'.repeat(129),
  'x'.repeat(10_000),
  'a\u0000b',
  'a\nb',
  'a\u001b[0m',
  'a\u007f',
  'a\u0085',
] as const;

/** Values that are no message type of the documents, written as another of them writes them. */
const NO_TYPE = ['', 'Text', 'SYSTEM', 'system', 'video', '__proto__', ...NO_TEXT] as const;
const NO_NUMBER = [null, 0, -1, 1.5, '1', '', true, {}, [], 1e300] as const;

const WRONG_TEXT = [
  ...NO_TEXT,
  ...ILL_FORMED,
  undefined,
  '',
  ' ',
  '\n\t \u00a0\u2003',
  'x'.repeat(2001),
  '😀'.repeat(2001),
  'a\u0000b',
  '\u0007',
  '\u001b[31mred',
  'a\u007f',
  'a\u009f',
] as const;

const WRONG = {
  bookingId: [...NO_ID, undefined],
  /** A text that is a payload's only field. */
  message: WRONG_TEXT,
  receiverId: [...NO_ID, undefined],
  recipientId: [...NO_ID, undefined],
  otherUserId: [...NO_ID, undefined],
  conversationId: [...NO_ID, undefined],
  notificationId: [...NO_ID, undefined],
  userId: [...NO_ID, undefined],
  replyTo: NO_ID.filter((value) => value !== null),
  emoji: [...NO_TEXT, ...ILL_FORMED, undefined, '', ' ', 'x'.repeat(33), 'a\nb', '\u0007'],
  remove: [null, 0, 1, 'true', '', {}, []],
  messageId: [...NO_ID, undefined],
  page: [...NO_NUMBER, 1_000_001],
  limit: [...NO_NUMBER, 101],
  messageType: NO_TYPE,
  content: WRONG_TEXT,
  senderType: ['', 'Client', 'owner', 'admin', 'client ', '__proto__', ...NO_TEXT],
  attachments: [
    ...NO_TEXT.filter((value) => !Array.isArray(value)),
    ['https://example.com/a.png'],
    [{}],
    [{ url: 'javascript:alert(1)' }],
    [{ url: 'data:text/html,x' }],
    [{ url: '//example.com' }],
    [{ url: `https://example.com/${'x'.repeat(2_048)}` }],
    [{ url: 'https://example.com', size: -1 }],
    [{ url: 'https://example.com', size: '7' }],
    [{ url: 'https://example.com', filename: 7 }],
    [{ url: 'https://example.com', mimetype: 'a\nb' }],
    Array.from({ length: 11 }, () => ({ url: 'https://example.com' })),
  ],
  clientMessageId: [...NO_TEXT, ...ILL_FORMED, '', 'x'.repeat(65), 'a\u0000', 'a\nb'],
  messageIds: [
    ...NO_TEXT.filter((value) => !Array.isArray(value) || value.length === 0),
    undefined,
    'x',
    [null],
    [7],
    [['x']],
    [{}],
    [''],
    ['x', 'y'.repeat(129)],
    Array.from({ length: 101 }, () => 'x'),
  ],
  isTyping: [undefined, null, 0, 1, 'true', '', {}, []],
} as const;

/** What is the server's to say: no client is believed. */
export const FORGED = {
  ...{ id: 'x', _id: 'x', seq: 7, conversation: 'x', booking: 'x' },
  ...{ senderId: 'eve', senderName: 'Eve', sender: { _id: 'eve', id: 'eve', name: 'Eve' } },
  ...{ role: 'admin', type: 'system', isRead: true, read: true, isDeleted: true, isEdited: true },
  ...{ readBy: [{ userId: 'ben', user: 'ben', readAt: 1 }], reactions: [{ user: 'eve', emoji: '👍' }] },
  ...{ createdAt: '2000-01-01T00:00:00.000Z', sentAt: 1, updatedAt: 1, editedAt: 1, deletedAt: 1 },
} as const;

/** A right payload of each event, for a booking and a message in it. */
const RIGHT = {
  joinBooking: ({ bookingId }) => ({ bookingId }),
  leaveBooking: ({ bookingId }) => ({ bookingId }),
  sendMessage: ({ bookingId }) => ({
    bookingId,
    content: 'x',
    senderType: 'client',
    clientMessageId: 'id',
  }),
  markAsRead: ({ messageId }) => ({ messageIds: [messageId] }),
  typing: ({ bookingId }) => ({ bookingId, isTyping: true }),
  'notification:read': () => ({ notificationId: 'x' }),
} as const satisfies Record<string, (known: Known) => Payload>;

type Payload = Readonly<Partial<Record<keyof typeof WRONG, unknown>>>;

type Known = { readonly bookingId: string; readonly messageId: string };

/** An event with one thing wrong, and what that is. */
export type BadEvent = { readonly action: string; readonly data: unknown; readonly what: string };

/** The names of the events that have a payload to get wrong. */
export const EVENTS = Object.keys(RIGHT) as readonly (keyof typeof RIGHT)[];

/** Every event of booking.md with every wrong value in every field, and with payloads of the wrong shape. */
export function badEvents(known: Known): readonly BadEvent[] {
  return EVENTS.flatMap((action) => wrongly(action, RIGHT[action](known)));
}

/** An event with every wrong value in every field of a right payload, and with payloads of the wrong shape. */
export function wrongly(action: string, right: Payload): readonly BadEvent[] {
  const fields = Object.keys(right) as readonly (keyof typeof WRONG)[];
  const inFields = fields.flatMap((field) =>
    WRONG[field].map((value) => ({
      action,
      data: { ...right, [field]: value },
      what: `${action}.${field} ${String(JSON.stringify(value)).slice(0, 40)}`,
    })),
  );
  const shapes = [undefined, null, 7, true, [], [right], {}, ''].map((data) => ({
    action,
    data,
    what: `${action} ${JSON.stringify(data)}`,
  }));
  return [...inFields, ...shapes];
}

/** The same for a message with files, which needs no text. */
export function wronglyAttached(action: string, right: Payload): readonly BadEvent[] {
  const mayBeMissing = (data: unknown) => {
    const { content } = (data ?? {}) as { readonly content?: unknown };
    return content === undefined || (typeof content === 'string' && content.trim() === '');
  };
  const isWrong = ({ data }: BadEvent) => !mayBeMissing(data) || !isMessage(data);
  return wrongly(action, { ...right, content: 'x', attachments: FILES }).filter(isWrong);
}

const FILES = [{ url: 'https://example.com/a.png' }] as const;

function isMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'attachments' in data && data.attachments === FILES;
}
