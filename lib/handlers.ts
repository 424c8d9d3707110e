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

/** A frame, or a connection's end, is understood by what the table remembers of the connection. */
const HEAR: readonly TableAction[] = ['GetItem'];

/** Devices are read to be told; one that is gone is forgotten, and the others learn that its user types no more. */
const TELL: readonly TableAction[] = ['BatchGetItem', 'DeleteItem', 'Query'];

/** A conversation is read; the first to come opens it, in a transaction. */
const ENTER: readonly TableAction[] = ['ConditionCheckItem', 'GetItem', 'Query', 'UpdateItem'];

const FRAME: readonly Need[] = ['push', 'tasks', 'dialect'];

/** By WebSocket route key. */
export const ROUTES: Readonly<Record<string, Handler>> = {
  $connect: {
    entry: 'connect',
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    needs: ['tasks', 'tokens', 'dialect'],
  },
  $disconnect: { entry: 'disconnect', table: [...HEAR, ...TELL], needs: ['push', 'tasks'] },
  $default: {
    entry: 'default',
    table: [...HEAR, ...TELL, ...ENTER, 'PutItem'],
    needs: [...FRAME, 'tokens'],
  },
  sendMessage: { entry: 'send-message', table: [...HEAR, ...TELL, ...ENTER, 'PutItem'], needs: FRAME },
  joinBooking: { entry: 'join-booking', table: [...HEAR, ...TELL, ...ENTER], needs: FRAME },
  leaveBooking: { entry: 'leave-booking', table: [...HEAR, ...TELL, 'UpdateItem'], needs: FRAME },
  markAsRead: { entry: 'mark-as-read', table: [...HEAR, ...TELL, 'UpdateItem'], needs: FRAME },
  typing: { entry: 'typing', table: [...HEAR, ...TELL, ...ENTER], needs: FRAME },
  authenticate: {
    entry: 'authenticate',
    table: [...HEAR, ...TELL, 'PutItem', 'UpdateItem'],
    needs: [...FRAME, 'tokens'],
  },
};

export const HTTP: Handler = {
  entry: 'http',
  table: [...TELL, ...ENTER, 'PutItem'],
  needs: ['push', 'tasks', 'tokens', 'lists', 'dialect', 'origin'],
};

export const TASK: Handler = {
  entry: 'task',
  table: [...TELL, ...ENTER],
  needs: ['push', 'tasks', 'lists'],
};
