/** What a conversation is called in one or the other dialect. */
export type Named = {
  readonly conversationId: string;
  readonly bookingId: string | undefined;
};

/** An event and its payload. */
type Event = readonly [event: string, payload: unknown];

type Speech = {
  /** To hear a conversation; undefined where one hears them all. */
  readonly join: (named: Named) => Event | undefined;
  readonly send: (named: Named, content: string) => Event;
};

/** How the five dialects say the same. */
const DIALECTS = {
  booking: {
    // What is called a booking may be a conversation that has none.
    join: ({ bookingId, conversationId }) => ['joinBooking', bookingId ?? conversationId],
    send: ({ bookingId, conversationId }, content) => [
      'sendMessage',
      { bookingId: bookingId ?? conversationId, content },
    ],
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

/** As one chooses them. */
export const DIALECT_NAMES = Object.fromEntries(
  Object.keys(DIALECTS).map((name) => [name, name]),
) as Readonly<Record<DialectName, string>>;

export function speechIn(dialect: DialectName): Speech {
  return DIALECTS[dialect];
}
