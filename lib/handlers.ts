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
 * - `address`: bound what may come from one address, and know addresses behind CloudFront
 * - `examples`: know whether there are routes for who develops
 * - `recovery`: know how long a lost Socket.IO client may be recovered
 * - `schedules`: have tasks done at a time of their own, and call them off
 * - `reminders`: know when people are reminded of appointments
 */
export type Need =
  | 'push'
  | 'tasks'
  | 'tokens'
  | 'lists'
  | 'dialect'
  | 'origin'
  | 'examples'
  | 'address'
  | 'recovery'
  | 'schedules'
  | 'reminders';

export interface Handler {
  /** File in the handlers' directory, without its ending; it exports `handler`. */
  readonly entry: string;
  readonly table: readonly TableAction[];
  readonly needs: readonly Need[];
}

/** A frame, or a connection's end, is understood by what the table remembers of the connection or session. */
const HEAR: readonly TableAction[] = ['GetItem'];

/**
 * Devices are read to be told, those on long-polling by their mailbox; one that is gone is forgotten, and the others
 * learn that its user types no more.
 */
const TELL: readonly TableAction[] = ['BatchGetItem', 'DeleteItem', 'Query', 'UpdateItem'];

/** A conversation is read; the first to come opens it, in a transaction. */
const ENTER: readonly TableAction[] = ['ConditionCheckItem', 'GetItem', 'Query', 'UpdateItem'];

/** A Socket.IO session ends: it is forgotten, the others are told, and what its client may ask to have back is kept. */
const END: readonly TableAction[] = [...HEAR, ...TELL, 'PutItem'];

const FRAME: readonly Need[] = ['push', 'tasks', 'dialect'];

/** By WebSocket route key. */
export const ROUTES: Readonly<Record<string, Handler>> = {
  $connect: {
    entry: 'connect',
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    needs: ['tasks', 'tokens', 'dialect', 'address'],
  },
  $disconnect: { entry: 'disconnect', table: END, needs: ['push', 'tasks', 'recovery'] },
  $default: {
    entry: 'default',
    table: [...END, ...ENTER],
    needs: [...FRAME, 'tokens', 'lists', 'recovery'],
  },
  sendMessage: { entry: 'send-message', table: [...HEAR, ...TELL, ...ENTER, 'PutItem'], needs: FRAME },
  joinBooking: { entry: 'join-booking', table: [...HEAR, ...TELL, ...ENTER], needs: FRAME },
  leaveBooking: { entry: 'leave-booking', table: [...HEAR, ...TELL], needs: FRAME },
  markAsRead: { entry: 'mark-as-read', table: [...HEAR, ...TELL], needs: FRAME },
  typing: { entry: 'typing', table: [...HEAR, ...TELL, ...ENTER], needs: FRAME },
  authenticate: {
    entry: 'authenticate',
    table: [...HEAR, ...TELL, 'PutItem'],
    needs: [...FRAME, 'tokens'],
  },
};

/** Every REST route. */
export const HTTP: Handler = {
  entry: 'http',
  table: [...TELL, ...ENTER, 'PutItem'],
  needs: ['push', 'tasks', 'tokens', 'lists', 'origin', 'examples', 'schedules', 'reminders'],
};

/** Where the REST routes are in the HTTP API; all else is Socket.IO's HTTP long-polling. */
export const REST_ROUTES = ['ANY /api/{proxy+}', 'ANY /messaging/{proxy+}', 'ANY /test/{proxy+}'] as const;

/** Socket.IO's HTTP long-polling. */
export const POLLING: Handler = {
  entry: 'polling',
  table: [...END, ...ENTER],
  needs: ['push', 'tasks', 'tokens', 'lists', 'dialect', 'origin', 'address', 'recovery'],
};

export const TASK: Handler = {
  entry: 'task',
  table: [...END, ...ENTER],
  needs: ['push', 'tasks', 'lists', 'recovery', 'reminders'],
};

/** The heartbeat of Socket.IO's sessions. */
export const SWEEP: Handler = { entry: 'sweep', table: END, needs: ['push', 'tasks', 'recovery'] };

/** Every function. */
export const ALL: readonly Handler[] = [...Object.values(ROUTES), HTTP, POLLING, TASK, SWEEP];
