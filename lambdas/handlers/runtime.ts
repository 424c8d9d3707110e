import { randomBytes } from 'node:crypto';
import { appointments } from '../aws/appointments.ts';
import { claims } from '../aws/claims.ts';
import { connections } from '../aws/connections.ts';
import { conversationLog } from '../aws/conversation-log.ts';
import { conversations } from '../aws/conversations.ts';
import { directory } from '../aws/directory.ts';
import { everyone } from '../aws/everyone.ts';
import { connectGateway } from '../aws/gateway.ts';
import { inbox } from '../aws/inbox.ts';
import { lastSeen } from '../aws/last-seen.ts';
import { lobby } from '../aws/lobby.ts';
import { mailboxes } from '../aws/mailboxes.ts';
import { rooms } from '../aws/room-rows.ts';
import { type SchedulePlace, schedules } from '../aws/schedules.ts';
import { readSecret } from '../aws/secret.ts';
import { sessionStore } from '../aws/session-store.ts';
import { statistics } from '../aws/statistics.ts';
import { connectTable, type Table } from '../aws/table-client.ts';
import { taskQueue } from '../aws/task-queue.ts';
import type { Gateway } from '../core/gateway.ts';
import type { Tokens } from '../core/identify-user.ts';
import type { AppointmentPorts, Clock, Ports, PresenceRules, Schedules, Tasks } from '../core/ports.ts';
import type { Statistics } from '../core/statistics.ts';
import { isTold, type Told } from '../core/told.ts';
import { chooseDialect, dialectNamed } from '../dialects/registry.ts';
import { frugalLobby } from '../wire/socket-io/lobby.ts';
import { type IsTold, pushFrame } from '../wire/socket-io/push-frame.ts';
import { type ServerParts, type SocketIoServer, socketIoServer } from '../wire/socket-io/server.ts';
import type { Mailboxes, SessionStore } from '../wire/socket-io/session.ts';
import { knownConnections } from './known-connections.ts';
import { knownProfiles } from './known-profiles.ts';
import { jsonLog, type Log } from './log.ts';
import { messagingApplication } from './messaging-application.ts';
import { createOutbox } from './outbox.ts';
import type { Abilities, Messaging } from './serve-event.ts';
import { tokenVerifier } from './token-verifier.ts';

/** Joins the AWS adapters to the handlers: the one place that knows both. */

/** Environment variables, as `docs/deploy.md` lists them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the local stack, a test or the bench puts in place of what the environment says. */
export type Substitutes = {
  readonly table?: Table;
  readonly tasks?: Tasks;
  readonly schedules?: Schedules;
  readonly clock?: Clock;
  readonly log?: Log;
};

const systemClock: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Everything the core needs, from the environment. Nothing is contacted yet. */
export function createPorts(env: Environment, substitutes: Substitutes = {}): Ports {
  const { table = tableIn(env), tasks, clock = systemClock } = substitutes;
  const { TASK_QUEUE_URL: queueUrl = '', AWS_REGION: region = '' } = env;
  const chance = { clock, random: Math.random };
  return {
    log: conversationLog(table),
    conversations: conversations(table),
    claims: claims(table),
    directory: knownProfiles(directory(table), clock),
    connections: connections(table),
    inbox: inbox(table),
    rooms: rooms(table),
    everyone: everyone(table),
    lastSeen: lastSeen(table),
    tasks: tasks ?? taskQueue(queueUrl, region, chance),
    ...chance,
    nonce: () => randomBytes(9).toString('base64url'),
    presence: presenceRules(env),
    reminderMinutes: (env.REMINDER_MINUTES || REMINDER_MINUTES).split(',').map(Number),
  };
}

/** How long a lost connection counts as there, unless `PRESENCE_GRACE_SECONDS` says otherwise. */
const GRACE_SECONDS = 10;

/** Each dialect's own scope, unless `PRESENCE_SCOPE` says otherwise. */
function presenceRules(env: Environment): PresenceRules {
  const scope = env.PRESENCE_SCOPE;
  const isSet = scope === 'contacts' || scope === 'everyone';
  const graceSeconds = Number(env.PRESENCE_GRACE_SECONDS || GRACE_SECONDS);
  return {
    graceSeconds,
    scopeOf: ({ dialect, role }) => (isSet ? scope : dialectNamed(dialect).presenceScope(role)),
  };
}

/** A day, an hour and a quarter of an hour before, unless `REMINDER_MINUTES` says otherwise. */
const REMINDER_MINUTES = '1440,60,15';

const tables = new Map<string, Table>();

/** One client for all that a function does with its table. */
export function tableIn({ TABLE_NAME: tableName = '', DYNAMODB_ENDPOINT: endpoint }: Environment): Table {
  const key = `${endpoint} ${tableName}`;
  const table = tables.get(key) ?? connectTable({ tableName, ...(endpoint && { endpoint }) });
  tables.set(key, table);
  return table;
}

/** Messaging, and the gateway that it speaks through. */
export type Working = Messaging & { readonly gateway: Gateway };

/** What it takes to serve frames and tell others of what happened. */
export function createMessaging(env: Environment, substitutes: Substitutes = {}): Working {
  const ports = createPorts(env, substitutes);
  const log = substitutes.log ?? jsonLog;
  const webSockets = connectGateway({
    callbackUrl: env.CALLBACK_URL ?? '',
    clock: ports.clock,
    random: ports.random,
  });
  const wasTold: IsTold = (told, offset) => isTold(told as Told, offset);
  const ways = { gateway: webSockets, mailboxes: createMailboxes(env, substitutes), isTold: wasTold };
  // Devices on HTTP long-polling have a mailbox in place of a connection.
  const gateway = { ...webSockets, post: (id: string, frame: string) => pushFrame(ways, id, frame) };
  return {
    ports,
    gateway,
    outbox: createOutbox({ ports, gateway, log }),
    known: knownConnections(ports.connections),
    defaultDialect: chooseDialect(env.DIALECT || undefined),
    log,
  };
}

/** The books on how much there is. */
export function createStatistics(env: Environment, { table = tableIn(env) }: Substitutes = {}): Statistics {
  return statistics(table);
}

/** The same, where bookings are told of: with what it takes to keep their appointments. */
export function withAppointments<M extends Messaging>(
  messaging: M,
  env: Environment,
  { table = tableIn(env), schedules: given }: Substitutes = {},
): M & { readonly ports: AppointmentPorts } {
  const { ports } = messaging;
  const own = given ?? schedules({ ...ports, place: schedulePlace(env) });
  return { ...messaging, ports: { ...ports, appointments: appointments(table), schedules: own } };
}

function schedulePlace(env: Environment): SchedulePlace {
  const { SCHEDULE_GROUP: group = '', SCHEDULE_ROLE_ARN: roleArn = '', AWS_REGION: region = '' } = env;
  const { TASK_QUEUE_ARN: queueArn = '', DEAD_LETTERS_ARN: deadLettersArn = '' } = env;
  const { AWS_ENDPOINT_URL: origin } = env;
  return { group, roleArn, queueArn, deadLettersArn, region, ...(origin && { origin }) };
}

/** How long a lost Socket.IO client may ask to be recovered, unless `RECOVERY_SECONDS` says otherwise. */
const RECOVERY_SECONDS = 7_200;

/** Where Socket.IO sessions are kept. */
export function createSessions(env: Environment, { table = tableIn(env) }: Substitutes = {}): SessionStore {
  return sessionStore(table);
}

/** The mailboxes of those on HTTP long-polling. */
export function createMailboxes(env: Environment, { table = tableIn(env) }: Substitutes = {}): Mailboxes {
  return mailboxes(table);
}

/** Connections of one network that have not said yet who they are, unless `STRANGERS_PER_ADDRESS` says otherwise. */
const STRANGERS_PER_ADDRESS = 50;

/** Where they are counted. */
export function createLobby(
  env: Environment,
  { table = tableIn(env) }: Substitutes = {},
): Pick<ServerParts, 'lobby' | 'mostStrangers'> {
  const mostStrangers = Number(env.STRANGERS_PER_ADDRESS || STRANGERS_PER_ADDRESS);
  return { lobby: frugalLobby(lobby(table)), mostStrangers };
}

/** The Socket.IO server of the messaging dialects, with as much of them as the function carries. */
export function createSockets(
  messaging: Working,
  abilities: Abilities,
  env: Environment,
  substitutes: Substitutes = {},
): SocketIoServer {
  const { gateway, ports } = messaging;
  return socketIoServer({
    application: messagingApplication(messaging, abilities),
    store: createSessions(env, substitutes),
    mailboxes: createMailboxes(env, substitutes),
    ...createLobby(env, substitutes),
    gateway,
    clock: ports.clock,
    recoverySeconds: Number(env.RECOVERY_SECONDS || RECOVERY_SECONDS),
    nonce: () => randomBytes(15).toString('base64url'),
    random: ports.random,
  });
}

/** The verifier of the deployment's tokens. */
export function createTokens(env: Environment, { clock = systemClock }: Substitutes = {}): Tokens {
  const { JWT_SECRET: secret, JWT_SECRET_ARN: arn, JWKS_URL: jwksUrl } = env;
  const chance = { clock, random: Math.random };
  const readText = secret ? async () => secret : arn && (() => readSecret(secretPlace(arn, env), chance));
  return tokenVerifier(
    {
      ...(readText && { secret: readText }),
      ...(jwksUrl && { jwksUrl }),
      ...(env.JWT_ISSUER && { issuer: env.JWT_ISSUER }),
      ...(env.JWT_AUDIENCE && { audience: env.JWT_AUDIENCE }),
    },
    clock.now,
  );
}

function secretPlace(id: string, { AWS_REGION: region = '', AWS_ENDPOINT_URL: origin }: Environment) {
  return { id, region, ...(origin && { origin }) };
}
