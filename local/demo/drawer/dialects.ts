/** What a conversation is called in one or the other dialect. */
export type Named = {
  readonly conversationId: string;
  readonly bookingId: string | undefined;
};

/** An event and its payload; undefined where the dialect has no word for it here. */
type Event = readonly [event: string, payload: unknown] | undefined;

type Speech = {
  /** To hear a conversation. */
  readonly join: (named: Named) => Event;
  readonly send: (named: Named, content: string) => Event;
};

/** How the five dialects say the same. */
const DIALECTS = {
  booking: {
    join: ({ bookingId }) => (bookingId === undefined ? undefined : ['joinBooking', bookingId]),
    send: ({ bookingId }, content) =>
      bookingId === undefined ? undefined : ['sendMessage', { bookingId, content }],
  },
  conversation: {
    join: ({ conversationId }) => ['join:conversation', conversationId],
    send: ({ conversationId }, content) => ['message:send', { conversationId, content }],
  },
  direct: {
    join: () => undefined,
    // Where these two name a user, a conversation's own id does as well.
    send: ({ conversationId }, content) => ['send_message', { receiverId: conversationId, content }],
  },
  appointment: {
    join: () => undefined,
    send: ({ conversationId }, content) => [
      'message:send',
      { recipientId: conversationId, content, messageType: 'TEXT' },
    ],
  },
  support: {
    join: ({ conversationId }) => ['join_conversation', conversationId],
    send: ({ conversationId }, content) => ['send_message', { conversationId, content }],
  },
} as const satisfies Readonly<Record<string, Speech>>;

export type DialectName = keyof typeof DIALECTS;

export const DIALECT_NAMES = Object.keys(DIALECTS) as readonly DialectName[];

export function speechIn(dialect: DialectName): Speech {
  return DIALECTS[dialect];
}
