/**
 * What each Lambda is, and all that it may do: the one place where a permission is given.
 *
 * DynamoDB checks a transaction by the actions of its items, so a transaction is named here as the puts, updates,
 * deletes and condition checks it is made of.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export type TableAction =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

/**
 * - `push`: post to connections and close them
 * - `tasks`: put work on the task queue
 * - `tokens`: verify access tokens
 * - `lists`: query the activity index
 * - `dialect`: know the deployment's default dialect
 * - `origin`: answer browsers of the platform's own site
 */
export type Need = 'push' | 'tasks' | 'tokens' | 'lists' | 'dialect' | 'origin';

export interface Handler {
  /** File in the handlers' directory, without its ending; it exports `handler`. */
  readonly entry: string;
  readonly table: readonly TableAction[];
  readonly needs: readonly Need[];
}

/** By WebSocket route key. */
export const ROUTES: Readonly<Record<string, Handler>> = {
  $connect: {
    entry: 'connect',
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    needs: ['tasks', 'tokens', 'dialect'],
  },
  $disconnect: { entry: 'disconnect', table: ['DeleteItem', 'GetItem', 'Query'], needs: ['push', 'tasks'] },
  $default: { entry: 'default', table: ['GetItem'], needs: ['push', 'tasks', 'tokens', 'dialect'] },
  sendMessage: {
    entry: 'send-message',
    table: ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
    needs: ['push', 'tasks'],
  },
  joinBooking: {
    entry: 'join-booking',
    table: ['GetItem', 'PutItem', 'Query', 'UpdateItem'],
    needs: ['push', 'tasks'],
  },
  leaveBooking: {
    entry: 'leave-booking',
    table: ['DeleteItem', 'GetItem', 'UpdateItem'],
    needs: ['push', 'tasks'],
  },
  markAsRead: { entry: 'mark-as-read', table: ['GetItem', 'Query', 'UpdateItem'], needs: ['push', 'tasks'] },
  typing: { entry: 'typing', table: ['GetItem', 'Query'], needs: ['push', 'tasks'] },
  authenticate: {
    entry: 'authenticate',
    table: ['GetItem', 'UpdateItem'],
    needs: ['push', 'tasks', 'tokens'],
  },
};

export const HTTP: Handler = {
  entry: 'http',
  table: ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'],
  needs: ['push', 'tasks', 'tokens', 'lists', 'dialect', 'origin'],
};

export const TASK: Handler = {
  entry: 'task',
  table: ['DeleteItem', 'GetItem', 'Query', 'UpdateItem'],
  needs: ['push', 'tasks', 'lists'],
};
