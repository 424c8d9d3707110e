import type { Gateway, Posted } from '../../core/gateway.ts';
import type { ConnectionId } from '../../core/ids.ts';
import type { Mailboxes, Session, SessionKey } from './session.ts';

type Ways = { readonly gateway: Gateway; readonly mailboxes: Mailboxes };

const POLLING = 'polling-';
const HELD = 'held-';

/** The key of a session that HTTP long-polling begins. */
export function pollingKey(sid: string): SessionKey {
  return `${POLLING}${sid}`;
}

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

/** Sends a frame to a WebSocket, or into the mailbox of a session that had no other way when last heard of. */
export async function postFrame(
  { gateway, mailboxes }: Ways,
  address: SessionKey | ConnectionId,
  frame: string,
): Promise<Posted> {
  if (address.startsWith(HELD)) return postHeld({ gateway, mailboxes }, address.slice(HELD.length), frame);
  if (!address.startsWith(POLLING)) return gateway.post(address, frame);
  const mailed = await mailboxes.mail(address, [frame]);
  if (mailed.kind === 'moved') return gateway.post(mailed.webSocket ?? address, frame);
  // A client that has let its mailbox fill up does not come back for it.
  return mailed.kind === 'queued' ? 'delivered' : 'gone';
}

async function postHeld(ways: Ways, key: SessionKey, frame: string): Promise<Posted> {
  const mailed = await ways.mailboxes.mailHeld(key, frame);
  if (mailed.kind === 'queued') return 'delivered';
  if (mailed.kind !== 'moved') return 'gone';
  return postFrame(ways, mailed.webSocket ?? key, frame);
}
