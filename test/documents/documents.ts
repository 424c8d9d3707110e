import type { DialectName } from '../../lambdas/core/connection.ts';

/** What one of the contract's documents says of connecting. */
export type ContractDocument = {
  readonly dialect: DialectName;
  /** The message of `connect_error`, by what is wrong; undefined where the client is let in to say who it is. */
  readonly refusals: {
    readonly 'no token': string | undefined;
    readonly 'a bad token': string;
    readonly 'an expired token': string;
    readonly 'the token of an unknown user': string;
  };
  /** An event of its own that anybody may ask for at any time, or be refused. */
  readonly event: readonly [name: string, payload?: unknown];
};

export type Wrong = keyof ContractDocument['refusals'];

const ALIKE = (message: string) => ({
  'no token': message,
  'a bad token': message,
  'an expired token': message,
  'the token of an unknown user': message,
});

/** The documents, each as a deployment of its own would serve it. */
export const DOCUMENTS: readonly ContractDocument[] = [
  { dialect: 'booking', refusals: ALIKE('Authentication error'), event: ['joinBooking', 'unheard-of'] },
  {
    dialect: 'conversation',
    refusals: ALIKE('Authentication error'),
    event: ['join:conversation', 'unheard-of'],
  },
  {
    dialect: 'direct',
    refusals: {
      'no token': 'Authentication error: No token provided',
      'a bad token': 'Authentication error: Invalid token',
      'an expired token': 'Authentication error: Invalid token',
      'the token of an unknown user': 'Authentication error: User not found',
    },
    event: ['get_unread_count'],
  },
  {
    dialect: 'appointment',
    refusals: ALIKE('AUTHENTICATION_FAILED'),
    event: ['message:read', { messageId: 'unheard-of' }],
  },
  {
    dialect: 'support',
    refusals: { ...ALIKE('Authentication error'), 'no token': undefined },
    event: ['join_conversation', 'unheard-of'],
  },
];
