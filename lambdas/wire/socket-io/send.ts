import type { Gateway, Posted } from '../../core/gateway.ts';
import type { ConnectionId } from '../../core/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { Mailboxes, Mailed, Session, SessionKey, SessionStore } from './session.ts';

export type Ways = { readonly gateway: Gateway; readonly mailboxes: Mailboxes };

const POLLING = 'polling-';

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

/**
 * Sends frames to a session, one after the other, over the transport that carries it. `broken` when one may not have
 * arrived, or the transport has ended: then nothing more is sent, and the session should end.
 */
export async function sendFrames(
  ways: Ways & { readonly clock: Clock },
  { key, webSocket }: Pick<Session, 'key' | 'webSocket'>,
  frames: readonly string[],
): Promise<'sent' | 'broken'> {
  if (webSocket === undefined && key.startsWith(POLLING)) return mailFrames(ways, key, frames);
  return postFrames(ways, webSocket ?? key, frames);
}

async function postFrames(
  ways: Ways,
  address: SessionKey | ConnectionId,
  frames: readonly string[],
): Promise<'sent' | 'broken'> {
  for (const frame of frames) {
    if ((await postFrame(ways, address, frame)) !== 'delivered') return 'broken';
  }
  return 'sent';
}

/** A mailbox that is full is waited for: the client whom this is for is fetching what lies there. */
async function mailFrames(
  ways: Ways & { readonly clock: Clock },
  key: SessionKey,
  frames: readonly string[],
): Promise<'sent' | 'broken'> {
  const deadline = ways.clock.now() + MAKE_ROOM_WITHIN_MS;
  for (let rest = frames; rest.length > 0; ) {
    const batch = rest.slice(0, fitting(rest));
    const mailed = await ways.mailboxes.mail(key, batch).catch(() => LOST);
    if (mailed.kind === 'moved') return postFrames(ways, mailed.webSocket ?? key, rest);
    if (mailed.kind === 'queued') rest = rest.slice(batch.length);
    else if (mailed.kind === 'gone' || ways.clock.now() >= deadline) return 'broken';
    else await ways.clock.sleep(MAKE_ROOM_MS);
  }
  return 'sent';
}

/** What a request of long-polling is given for, and looked after meanwhile, in ms. */
const MAKE_ROOM_WITHIN_MS = 10_000;
const MAKE_ROOM_MS = 50;
/** Each write costs as much as all that lies in the mailbox by then, which holds 400 KB. */
const BATCH_BYTES = 64 * 1024;

/** How many frames, one at least, are put into the mailbox at once. */
function fitting(frames: readonly string[]): number {
  let bytes = 0;
  const beyond = frames.findIndex((frame) => {
    bytes += Buffer.byteLength(frame);
    return bytes > BATCH_BYTES;
  });
  return beyond === -1 ? frames.length : Math.max(1, beyond);
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
  if (!address.startsWith(POLLING)) return ways.gateway.post(address, frame);
  const mailed = await ways.mailboxes.mail(address, [frame]).catch(() => LOST);
  if (mailed.kind === 'queued') return 'delivered';
  return mailed.kind === 'moved' ? postFrame(ways, mailed.webSocket ?? address, frame) : 'gone';
}

/** What cannot be known to lie in a mailbox. */
export const LOST: Mailed = { kind: 'gone' };
