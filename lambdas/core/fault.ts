/** The codes a client may see (RULINGS §1 “Errors”). */
export type FaultCode =
  | 'AUTHENTICATION_FAILED'
  | 'UNAUTHORIZED'
  | 'INVALID_PAYLOAD'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'CONFLICT'
  | 'INTERNAL';

type FaultKind = { readonly code: FaultCode; readonly status: number; readonly message: string };

/** Everything that can be refused, with its code, its HTTP status and the text used where a dialect has none. */
const FAULTS = {
  'token-missing': { code: 'AUTHENTICATION_FAILED', status: 401, message: 'Authentication required' },
  'token-invalid': { code: 'AUTHENTICATION_FAILED', status: 401, message: 'Invalid token' },
  'token-expired': { code: 'AUTHENTICATION_FAILED', status: 401, message: 'Token expired' },
  'user-unknown': { code: 'AUTHENTICATION_FAILED', status: 401, message: 'User not found' },
  'dialect-unknown': { code: 'INVALID_PAYLOAD', status: 400, message: 'Unknown dialect' },
  'payload-invalid': { code: 'INVALID_PAYLOAD', status: 400, message: 'Invalid payload' },
  'payload-too-large': { code: 'INVALID_PAYLOAD', status: 413, message: 'Payload too large' },
  'answer-too-large': {
    code: 'INVALID_PAYLOAD',
    status: 413,
    message: 'The answer is too large, ask for less',
  },
  'event-unknown': { code: 'INVALID_PAYLOAD', status: 400, message: 'Unknown event' },
  'route-unknown': { code: 'NOT_FOUND', status: 404, message: 'Not found' },
  'conversation-not-found': { code: 'NOT_FOUND', status: 404, message: 'Conversation not found' },
  'message-not-found': { code: 'NOT_FOUND', status: 404, message: 'Message not found' },
  'user-not-found': { code: 'NOT_FOUND', status: 404, message: 'User not found' },
  'receiver-not-found': { code: 'NOT_FOUND', status: 404, message: 'Receiver not found' },
  'notification-not-found': { code: 'NOT_FOUND', status: 404, message: 'Notification not found' },
  'room-unknown': { code: 'NOT_FOUND', status: 404, message: 'Unknown room' },
  'booking-not-found': { code: 'NOT_FOUND', status: 404, message: 'Booking not found' },
  'business-not-found': { code: 'NOT_FOUND', status: 404, message: 'Business not found' },
  'not-a-party': { code: 'UNAUTHORIZED', status: 403, message: 'Unauthorized' },
  'not-a-participant': { code: 'UNAUTHORIZED', status: 403, message: 'Access denied' },
  'not-the-author': { code: 'UNAUTHORIZED', status: 403, message: 'Access denied' },
  'not-the-receiver': { code: 'UNAUTHORIZED', status: 403, message: 'Access denied' },
  'not-an-admin': { code: 'UNAUTHORIZED', status: 403, message: 'Access denied' },
  'not-a-service': { code: 'UNAUTHORIZED', status: 403, message: 'Unauthorized' },
  'too-many-rooms': { code: 'INVALID_PAYLOAD', status: 400, message: 'Too many joined rooms' },
  'rate-limited': { code: 'RATE_LIMITED', status: 429, message: 'Too many messages, slow down' },
  'conversation-closed': { code: 'CONFLICT', status: 409, message: 'The conversation is closed' },
  'event-reserved': { code: 'INVALID_PAYLOAD', status: 400, message: 'Reserved event name' },
  busy: { code: 'CONFLICT', status: 409, message: 'The conversation is busy, try again' },
  internal: { code: 'INTERNAL', status: 500, message: 'Internal error' },
} as const satisfies Record<string, FaultKind>;

export type FaultReason = keyof typeof FAULTS;

/** A refusal with a stable reason. Its message is safe to show; its cause is for the log alone. */
export class Fault extends Error {
  readonly reason: FaultReason;
  readonly code: FaultCode;
  /** The HTTP status that means the same. */
  readonly status: number;

  /** @param detail what exactly is wrong with the input, in words meant for its author. */
  constructor(reason: FaultReason, detail?: string, options?: ErrorOptions) {
    const kind = FAULTS[reason];
    super(detail === undefined ? kind.message : `${kind.message}: ${detail}`, options);
    this.name = 'Fault';
    this.reason = reason;
    this.code = kind.code;
    this.status = kind.status;
  }
}

/** Turns anything thrown into a Fault; what is not one becomes `internal`, its cause kept for the log. */
export function toFault(thrown: unknown): Fault {
  return thrown instanceof Fault ? thrown : new Fault('internal', undefined, { cause: thrown });
}
