import type { Knock, Welcome } from './application.ts';
import { emissionFrames } from './events.ts';
import { endSession } from './lifecycle.ts';
import { isStrangers, leaveLobby } from './lobby.ts';
import { type Packet, PacketType, socketFrames } from './packets.ts';
import { newPid } from './pid.ts';
import { type CatchingUp, type Claimed, claim, giveBack, release } from './recovery.ts';
import { sendFrames } from './send.ts';
import type { ServerParts } from './server.ts';
import type { Session, SocketState } from './session.ts';

type Accepted = Extract<Welcome<unknown>, { readonly kind: 'accepted' }>;

/**
 * Serves a CONNECT packet: the application lets the client into the namespace or not, and has its lost socket back. A
 * client whose CONNECT is never answered waits until its ping timeout: whatever goes wrong rather ends the session, so
 * that it tries again.
 */
export async function connect(parts: ServerParts, session: Session, packet: Packet): Promise<void> {
  const { nsp } = packet;
  if (!parts.application.namespaces.has(nsp))
    return refuse(parts, session, nsp, { message: 'Invalid namespace' });
  try {
    if ((await letIn(parts, session, packet)) === 'broken') await endSession(parts, session);
  } catch (thrown) {
    await endSession(parts, session);
    throw thrown;
  }
}

type Entry = 'served' | 'broken';

async function letIn(parts: ServerParts, session: Session, { nsp, data: said }: Packet): Promise<Entry> {
  const { pid, offset, ...auth } = (said ?? {}) as Record<string, unknown>;
  const knock: Knock = { session: session.key, namespace: nsp, handshake: session.handshake, auth };
  const claimed = await claim(parts, knock, pid);
  if (claimed) await parts.mailboxes.hold(session.key);
  const welcome = await parts.application.connect({
    ...knock,
    ...(claimed && {
      lost: { state: claimed.from.kept.state, offset: typeof offset === 'string' ? offset : undefined },
    }),
  });
  const isTaken = welcome.kind === 'accepted' && welcome.recovered !== undefined;
  if (claimed && !isTaken) await giveBack(parts, session, claimed);
  if (welcome.kind === 'accepted') return admit(parts, session, nsp, welcome, claimed);
  const { message, data } = welcome;
  await refuse(parts, session, nsp, { message, ...(data !== undefined && { data }) });
  return 'served';
}

async function admit(
  parts: ServerParts,
  session: Session,
  nsp: string,
  welcome: Accepted,
  claimed: Claimed | undefined,
): Promise<Entry> {
  const { application, store } = parts;
  const socket = socketFor(parts, session, welcome, claimed);
  const added = await store.addSocket(session.key, nsp, socket);
  if (added !== 'added') {
    await application.disconnected({ session: session.key, namespace: nsp, ...socket }, false);
    return added === 'taken' ? 'broken' : 'served';
  }
  if (isStrangers(parts, session) && !application.isStranger(socket.data)) await leaveLobby(parts, session);
  const [answered] = await Promise.all([answer(parts, session, nsp, socket, welcome), welcome.joined?.()]);
  if (answered === 'broken') return 'broken';
  if (claimed && (await release(parts, session, catchingUp(welcome))) === 'broken') return 'broken';
  await welcome.recovered?.caughtUp();
  return 'served';
}

function socketFor(
  parts: ServerParts,
  session: Session,
  { data, recovered }: Accepted,
  claimed: Claimed | undefined,
): SocketState {
  if (recovered && claimed) return { sid: claimed.from.kept.sid, pid: claimed.pid, data };
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

/** What a client has been told that was recovered is not fresh; one that was not is in no room yet to hear from. */
function catchingUp({ emit = [], recovered }: Accepted): CatchingUp {
  const offsets = new Set(emit.map(({ offset }) => offset));
  return {
    told: recovered?.told,
    isFresh: (offset) => offset === undefined || (recovered !== undefined && !offsets.has(offset)),
  };
}

async function refuse(parts: ServerParts, session: Session, nsp: string, data: object): Promise<void> {
  const frames = socketFrames({ type: PacketType.CONNECT_ERROR, nsp, data });
  if ((await sendFrames(parts, session, frames)) === 'broken') await endSession(parts, session);
}
