import type { Posted } from '../../core/gateway.ts';
import type { ConnectionId } from '../../core/ids.ts';
import { offsetOf } from './packets.ts';
import { LOST, postFrame, type Ways } from './send.ts';
import type { SessionKey } from './session.ts';

const HELD = 'held-';

/** Where a session is reached while it is held back. */
export function heldAddress(key: SessionKey): string {
  return `${HELD}${key}`;
}

/** Whether an application has `told` a socket, in its recovery, what has this offset. */
export type IsTold = (told: unknown, offset: string) => boolean;

/**
 * Sends a frame to a session as `postFrame` does, or puts it aside while the session is held back. One that was sent
 * off by then, and comes only afterwards, goes straight to the session, unless that has been told of it already.
 */
export async function pushFrame(
  ways: Ways & { readonly isTold: IsTold },
  address: SessionKey | ConnectionId,
  frame: string,
): Promise<Posted> {
  if (!address.startsWith(HELD)) return postFrame(ways, address, frame);
  const key = address.slice(HELD.length);
  const mailed = await ways.mailboxes.mailHeld(key, frame).catch(() => LOST);
  if (mailed.kind === 'queued') return 'delivered';
  if (mailed.kind !== 'moved') return 'gone';
  const offset = mailed.told === undefined ? undefined : offsetOf(frame);
  const isLate = offset !== undefined && ways.isTold(mailed.told, offset);
  return isLate ? 'delivered' : postFrame(ways, mailed.webSocket ?? key, frame);
}
