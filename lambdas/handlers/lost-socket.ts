import { beginAnew } from '../core/authenticate-connection.ts';
import type { Caller, ConnectedCaller, Connection, Origin } from '../core/connection.ts';
import type { Message } from '../core/conversation.ts';
import type { UserId } from '../core/ids.ts';
import type { Ports } from '../core/ports.ts';
import { type Lost, resumeRooms } from '../core/resume-rooms.ts';
import { type Told, toldOf } from '../core/told.ts';
import { type Dialect, render } from '../dialects/dialect.ts';
import { dialectNamed } from '../dialects/registry.ts';
import type { Emission, Recovered } from '../wire/socket-io/application.ts';

/** What is kept of a device whose client may ask to have its socket back. */
export type LostState = {
  readonly userId: UserId;
  readonly joinedAfter: Lost['joinedAfter'];
  readonly origin: Origin;
  readonly told?: Told;
  /** Only where devices may connect without a token: then its `pid` speaks for it as long as the token was good. */
  readonly caller?: Caller;
};

/** What is to be kept of a socket, by its device; undefined where that has gone for good. */
export async function lostState(
  { connections }: Pick<Ports, 'connections'>,
  { caller, connectionId, dialect }: Connection,
): Promise<LostState | undefined> {
  if (!caller) return undefined;
  const { userId } = caller;
  const device = await connections.device(userId, connectionId);
  if (!device) return undefined;
  const { joinedAfter, told, connectedAt: at } = device;
  const mayComeWithout = dialectNamed(dialect).admitsLateTokens;
  return {
    userId,
    joinedAfter,
    origin: caller.origin ?? { connectionId, at },
    ...(told && { told }),
    ...(mayComeWithout && { caller }),
  };
}

/** What a socket begins with that takes a lost one's place, or begins anew after all. */
export type Resumption = {
  readonly data: Connection;
  readonly emit?: readonly Emission[];
  readonly recovered?: Recovered;
};

/** What the lost socket has missed; nothing, and no rooms, where that cannot be told or the user is another one. */
export async function resumeSocket(
  ports: Ports,
  data: Connection,
  { userId, origin, ...lost }: LostState,
  lastSeen: string | undefined,
): Promise<Resumption> {
  const { connectionId, caller } = data;
  if (caller?.userId !== userId) return { data };
  const dialect = dialectNamed(data.dialect);
  const hearsElsewhere = dialect.hears !== 'joined' && { hearsSince: origin.at };
  const missed = await resumeRooms(ports, caller, { ...lost, lastSeen, ...hearsElsewhere });
  if (!missed) return { data: await beginAnew(ports, { ...data, caller }) };
  const emit = missed.flatMap((message) => emissionsOf(dialect, caller, lost.joinedAfter, message));
  const told = toldOf(missed, ports.clock.now(), lastSeen);
  const caughtUp = () => ports.connections.reroute({ userId, connectionId }, connectionId, told);
  return { data, emit, recovered: { told, caughtUp } };
}

function emissionsOf(
  dialect: Dialect,
  { userId, connectionId }: ConnectedCaller,
  joinedAfter: Lost['joinedAfter'],
  message: Message,
): readonly Emission[] {
  const hasJoined = (id: string) => joinedAfter[id] !== undefined;
  const viewer = { userId, connectionId, hasJoined, isIn: () => false };
  const events = render(dialect, { kind: 'message-published', message }, viewer);
  return events.map(({ name, args }) => ({ name, args, offset: message.id }));
}
