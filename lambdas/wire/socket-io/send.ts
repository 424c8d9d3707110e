import type { Gateway, Posted } from '../../core/gateway.ts';
import type { ConnectionId } from '../../core/ids.ts';
import type { Mailboxes, Mailed, Session, SessionKey, SessionStore } from './session.ts';

type Ways = { readonly gateway: Gateway; readonly mailboxes: Mailboxes };

const POLLING = 'polling-';
const HELD = 'held-';

/** The key of a session that HTTP long-polling begins. */
export function pollingKey(sid: string): SessionKey {
  return `${POLLING}${sid}`;
}

/** The session that HTTP long-polling has begun with this id; whatever cannot be one is nobody's. */
export async function findPolling(
  store: Pick<SessionStore, 'find'>,
  sid: string,
): Promise<Session | undefined> {
  return sid.length <= SID_MAX ? store.find(pollingKey(sid)) : undefined;
}

const SID_MAX = 64;

/** Where a session is reached while it is held back. */
export function heldAddress(key: SessionKey): string {
  return `${HELD}${key}`;
}

/**
 * Sends frames to a session, one after the other, over the transport that carries it. `broken` when one may not have
 * arrived, or the transport has ended: then nothing more is sent, and the session should end.
 */
export async function sendFrames(
  ways: Ways,
  { key, webSocket }: Pick<Session, 'key' | 'webSocket'>,
  frames: readonly string[],
): Promise<'sent' | 'broken'> {
  for (const frame of frames) {
    if ((await postFrame(ways, webSocket ?? key, frame)) !== 'delivered') return 'broken';
  }
  return 'sent';
}

/**
 * Sends a frame to a WebSocket, or into the mailbox of a session that had no other way when last heard of. Never throws:
 * a mailbox that is full or out of reach is as good as gone, so the session ends, and its client comes back.
 */
export async function postFrame(
  ways: Ways,
  address: SessionKey | ConnectionId,
  frame: string,
): Promise<Posted> {
  const isHeld = address.startsWith(HELD);
  if (!isHeld && !address.startsWith(POLLING)) return ways.gateway.post(address, frame);
  const key = isHeld ? address.slice(HELD.length) : address;
  const mailed = await (isHeld
    ? ways.mailboxes.mailHeld(key, frame)
    : ways.mailboxes.mail(key, [frame])
  ).catch(() => LOST);
  if (mailed.kind === 'queued') return 'delivered';
  return mailed.kind === 'moved' ? postFrame(ways, mailed.webSocket ?? key, frame) : 'gone';
}

const LOST: Mailed = { kind: 'gone' };
