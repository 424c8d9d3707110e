import type { ConnectionId } from '../core/ids.ts';
import { pingIn, replyFrame } from '../wire/native.ts';
import type { Messaging } from './serve-event.ts';

/**
 * Answers a native client that keeps its connection from being idle. Whoever it is: nothing is read or written for it.
 *
 * @returns false for a frame that is something else.
 */
export async function answerPing(
  { ports, outbox }: Pick<Messaging, 'ports' | 'outbox'>,
  connectionId: ConnectionId,
  body: string,
): Promise<boolean> {
  const ping = pingIn(body);
  if (!ping) return false;
  const at = new Date(ports.clock.now()).toISOString();
  const frames = ping.id === undefined ? [] : [replyFrame(ping.id, { ok: true, at })];
  if (frames.length > 0) await outbox.deliver([], { connectionId, frames });
  return true;
}
