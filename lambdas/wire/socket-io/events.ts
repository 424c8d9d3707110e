import type { Emission, Received, Socket } from './application.ts';
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
  const values = packet.data as readonly unknown[];
  const socket: Socket<unknown> = { session: session.key, namespace: nsp, ...state };
  if (packet.type === PacketType.ACK) return acknowledged(parts, socket, id, values);
  const [name, ...args] = values;
  const reaction = await parts.application.receive(socket, {
    name: String(name),
    args,
    ...(id !== undefined && { acknowledge: acknowledgement(nsp, id) }),
  });
  if (reaction.data !== undefined) {
    await parts.store.saveSocket(session.key, nsp, { ...state, data: reaction.data });
  }
  const emitted = await emissionFrames(parts, session, nsp, reaction.emit ?? []);
  await sendFrames(parts, session, [...(reaction.frames ?? []), ...emitted]);
}

/** The frames of events; those whose acknowledgement is awaited are remembered by its id first. */
export async function emissionFrames(
  { store, random }: Pick<ServerParts, 'store' | 'random'>,
  session: Session,
  nsp: string,
  emissions: readonly Emission[],
): Promise<readonly string[]> {
  const frames: string[] = [];
  for (const { name, args, context } of emissions) {
    const id = context === undefined ? undefined : 1 + Math.floor(random() * LAST_ACK_ID);
    if (id !== undefined) await store.awaitAck(session.key, id, context);
    frames.push(...eventFrames(nsp, name, args, id));
  }
  return frames;
}

/** The frames of one event. */
export function eventFrames(
  nsp: string,
  name: string,
  args: readonly unknown[],
  id?: number,
): readonly string[] {
  return socketFrames({
    type: PacketType.EVENT,
    nsp,
    data: [name, ...args],
    ...(id !== undefined && { id }),
  });
}

/**
 * Refuses an event with binary data that comes over a WebSocket: its attachments are frames of their own, without a
 * word of which event they belong to, and API Gateway may hand them to us in any order.
 */
export async function refuseBinary(parts: ServerParts, session: Session, { nsp, id }: Packet): Promise<void> {
  if (!session.sockets.has(nsp)) return;
  const error = { message: 'Binary data is not accepted over a WebSocket', code: 'INVALID_PAYLOAD' };
  const answer = id === undefined ? [] : acknowledgement(nsp, id)({ ok: false, error });
  await sendFrames(parts, session, [...eventFrames(nsp, 'error', [error]), ...answer]);
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
