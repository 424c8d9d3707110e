/**
 * The shape of the one table, shared by the CDK app and the local stack.
 *
 * `pk`/`sk` are strings. The index lists a user's conversations (`USER#…`) and a business's (`BUSINESS#…`) by last
 * activity; it holds the keys and the two attributes that lists filter on, so that receipts and messages never
 * write to it.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch; DynamoDB deletes the row some time after, so readers compare it themselves too. */
  timeToLive: 'ttl',
  activityIndex: {
    name: 'activity',
    partitionKey: 'gpk',
    sortKey: 'gsk',
    nonKeyAttributes: ['role', 'kind'],
  },
} as const;
