import type { Welcome } from './application.ts';
import { emissionFrames } from './events.ts';
import { endSession } from './lifecycle.ts';
import { type Packet, PacketType, socketFrames } from './packets.ts';
import { type Claimed, claim, newPid, putBack, release } from './recovery.ts';
import { sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session, SocketState } from './session.ts';

type Accepted = Extract<Welcome<unknown>, { readonly kind: 'accepted' }>;

/** A pointer outlives the connection that it points to; when that ends, what is kept replaces it. */
const POINTER_MS = 3 * 60 * 60_000;

/** Serves a CONNECT packet: the application lets the client into the namespace or not, and has its lost socket back. */
export async function connect(parts: ServerParts, session: Session, packet: Packet): Promise<void> {
  const { nsp } = packet;
  if (!parts.application.hasNamespace(nsp))
    return refuse(parts, session, nsp, { message: 'Invalid namespace' });
  const { pid, offset, ...auth } = (packet.data ?? {}) as Record<string, unknown>;
  const claimed = await claim(parts, pid, nsp);
  if (claimed) await parts.mailboxes.hold(session.key);
  const lost = claimed && { state: claimed.state, offset: typeof offset === 'string' ? offset : undefined };
  const { key, handshake } = session;
  const knock = { session: key, namespace: nsp, handshake, auth, ...(lost && { lost }) };
  const welcome = await parts.application.connect(knock);
  if (welcome.kind === 'accepted') return admit(parts, session, nsp, welcome, claimed);
  if (claimed) await putBack(parts, claimed);
  const { message, data } = welcome;
  return refuse(parts, session, nsp, { message, ...(data !== undefined && { data }) });
}

async function admit(
  parts: ServerParts,
  session: Session,
  nsp: string,
  welcome: Accepted,
  claimed: Claimed | undefined,
): Promise<void> {
  const { application, store, clock } = parts;
  const recovered = welcome.recovered && claimed;
  const socket = socketFor(parts, session, welcome.data, recovered);
  const added = await store.addSocket(session.key, nsp, socket);
  if (added !== 'added') {
    await application.disconnected({ session: session.key, namespace: nsp, ...socket }, false);
    return added === 'taken' ? endSession(parts, session) : undefined;
  }
  if (recovered) await store.point(recovered.pid, session.key, clock.now() + POINTER_MS);
  const answered = await answer(parts, session, nsp, socket, welcome);
  const isHeld = claimed && answered === 'sent';
  const outcome = isHeld ? await release(parts, session, offsetsOf(welcome)) : answered;
  // A client whose CONNECT is never answered waits until its ping timeout: rather end the transport, so that it retries.
  if (outcome === 'broken') return endSession(parts, session);
  await welcome.recovered?.();
}

function socketFor(
  parts: ServerParts,
  session: Session,
  data: unknown,
  recovered: Claimed | undefined,
): SocketState {
  if (recovered) return { sid: recovered.sid, pid: recovered.pid, data };
  const isRecoverable = parts.application.isRecoverable && parts.recoverySeconds > 0;
  return { sid: parts.nonce(), data, ...(isRecoverable && { pid: newPid(parts, session) }) };
}

async function answer(
  parts: ServerParts,
  session: Session,
  nsp: string,
  { sid, pid }: SocketState,
  { emit = [] }: Accepted,
): Promise<'sent' | 'broken'> {
  const reply = socketFrames({
    type: PacketType.CONNECT,
    nsp,
    data: { sid, ...(pid !== undefined && { pid }) },
  });
  return sendFrames(parts, session, [...reply, ...(await emissionFrames(parts, session, nsp, emit))]);
}

function offsetsOf({ emit = [] }: Accepted): ReadonlySet<string> {
  return new Set(emit.flatMap(({ offset }) => (offset === undefined ? [] : [offset])));
}

async function refuse(parts: ServerParts, session: Session, nsp: string, data: object): Promise<void> {
  await sendFrames(parts, session, socketFrames({ type: PacketType.CONNECT_ERROR, nsp, data }));
}
