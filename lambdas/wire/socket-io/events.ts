import type { Emission, Received, Socket } from './application.ts';
import { endSession } from './lifecycle.ts';
import { isStrangers, leaveLobby } from './lobby.ts';
import { type Packet, PacketType, socketFrames } from './packets.ts';
import { sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session, SocketState } from './session.ts';

/** Hands an event, or the acknowledgement of one of ours, to the application. */
export async function receive(
  parts: ServerParts,
  session: Session,
  state: SocketState,
  packet: Packet,
): Promise<void> {
  const { nsp, id } = packet;
  const values: readonly unknown[] = packet.data ?? [];
  const socket = socketOf(session, nsp, state);
  if (packet.type === PacketType.ACK) return acknowledged(parts, socket, id, values);
  const [name, ...args] = values;
  // The parser takes `42`, an event without even a name; the reference has nobody to hand it to either.
  if (name === undefined) return;
  const reaction = await parts.application.receive(socket, {
    name: String(name),
    args,
    keep: (data) => keep(parts, session, socket, { ...state, data }),
    ...(id !== undefined && { acknowledge: acknowledgement(nsp, id) }),
  });
  const emitted = await emissionFrames(parts, session, nsp, reaction.emit ?? []);
  const sent = await sendFrames(parts, session, [...(reaction.frames ?? []), ...emitted]);
  // Cut off, the client comes back instead of waiting for an answer that is lost.
  if (sent === 'broken') await endSession(parts, session);
}

function socketOf({ key, webSocket }: Session, namespace: string, state: SocketState): Socket<unknown> {
  const { sid, data } = state;
  const isElsewhere = webSocket !== undefined && webSocket !== key;
  return { session: key, namespace, sid, data, ...(isElsewhere && { via: webSocket }) };
}

/** Keeps what the application says of a socket. What it has done for one that has gone meanwhile is undone. */
async function keep(
  parts: ServerParts,
  session: Session,
  socket: Socket<unknown>,
  state: SocketState,
): Promise<void> {
  const { store, application } = parts;
  const before = await store.saveSocket(session.key, socket.namespace, state);
  if (!before) return application.disconnected({ ...socket, data: state.data }, false);
  const wasStranger = application.isStranger(before.data) && isStrangers(parts, session);
  if (wasStranger && !application.isStranger(state.data)) await leaveLobby(parts, session);
}

/** The frames of events; those whose acknowledgement is awaited are remembered by its id first. */
export async function emissionFrames(
  { store, application, random }: Pick<ServerParts, 'store' | 'application' | 'random'>,
  session: Session,
  nsp: string,
  emissions: readonly Emission[],
): Promise<readonly string[]> {
  const frames: string[] = [];
  for (const { name, args, context, offset } of emissions) {
    const id = context === undefined ? undefined : 1 + Math.floor(random() * LAST_ACK_ID);
    if (id !== undefined) await store.awaitAck(session.key, id, context);
    const event = { type: PacketType.EVENT, nsp, data: [name, ...args], ...(id !== undefined && { id }) };
    frames.push(...(application.isRecoverable ? recoverableFrames(event, offset) : socketFrames(event)));
  }
  return frames;
}

/**
 * The frames of an event for a client that may have its socket back. The client keeps the string at the end of each
 * event that asks for no acknowledgement, whatever it is: so an event without an offset of its own asks for one, which
 * nobody waits for.
 */
export function recoverableFrames(event: Packet, offset: string | undefined): readonly string[] {
  if (event.id !== undefined) return socketFrames(event);
  if (offset === undefined) return socketFrames({ ...event, id: NOBODY_WAITS });
  return socketFrames({ ...event, data: [...event.data, offset] });
}

/** Ids of acknowledgements that are awaited begin with 1. */
const NOBODY_WAITS = 0;

/** Refuses an event, or an acknowledgement, whose binary data cannot be told from that of others. */
export async function refuseBinary(
  parts: ServerParts,
  session: Session,
  { type, nsp, id }: Packet,
  message: string,
): Promise<void> {
  const error = { message, code: 'INVALID_PAYLOAD' };
  const asks = type === PacketType.EVENT && id !== undefined;
  const answer = asks ? acknowledgement(nsp, id)({ ok: false, error }) : [];
  const event = await emissionFrames(parts, session, nsp, [{ name: 'error', args: [error] }]);
  await sendFrames(parts, session, [...event, ...answer]);
}

/** Server and client number their acknowledgements independently; ours are random, so no counter is kept. */
const LAST_ACK_ID = 2 ** 31;

function acknowledgement(nsp: string, id: number): NonNullable<Received['acknowledge']> {
  return (...values) => socketFrames({ type: PacketType.ACK, nsp, id, data: [...values] });
}

async function acknowledged(
  { store, application }: ServerParts,
  socket: Socket<unknown>,
  id: number | undefined,
  values: readonly unknown[],
): Promise<void> {
  const context = id === undefined ? undefined : await store.takeAck(socket.session, id);
  if (context !== undefined) await application.acknowledged(socket, context, values);
}
