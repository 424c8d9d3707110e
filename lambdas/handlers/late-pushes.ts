import { type MessageId, placeOf } from '../core/ids.ts';
import type { Ports } from '../core/ports.ts';
import { ON_TIME_MS } from '../core/push-order.ts';
import type { Log } from './log.ts';
import type { Addressed } from './parcels.ts';

/**
 * A client that is lost names the last message that it heard. That says nothing of one whose push was overtaken, or
 * failed: so the log says until when it was under way, and a client whose last message is of that time begins anew.
 */

type NoteParts = { readonly ports: Pick<Ports, 'clock' | 'log'>; readonly log: Log };

/** From the failure of a push to the end of its session: until then later ones may get through, in ms. */
const CUT_OFF_WITHIN_MS = 5_000;

/** The messages in a parcel that a later one may have overtaken. */
export function lateIn({ counted }: Pick<Addressed, 'counted'>, now: number): readonly MessageId[] {
  return counted.filter(({ dueAt }) => now - dueAt >= ON_TIME_MS).map(({ id }) => id);
}

/** All messages in a parcel by which a client says how far it is. */
export function idsIn({ counted }: Pick<Addressed, 'counted'>): readonly MessageId[] {
  return counted.map(({ id }) => id);
}

/** A parcel whose posts are over, and since when, in ms. */
export type Done = { readonly parcel: Addressed; readonly at: number };

/** Notes which messages of these parcels were late, and which may get lost with the sessions that are to be cut off. */
export async function noteLate(
  parts: NoteParts,
  posted: readonly Done[],
  doubtful: readonly Addressed[],
): Promise<void> {
  const until = new Map<MessageId, number>();
  for (const { parcel, at } of posted)
    for (const id of lateIn(parcel, at)) until.set(id, Math.max(at, until.get(id) ?? at));
  for (const id of doubtful.flatMap(idsIn)) until.set(id, parts.ports.clock.now() + CUT_OFF_WITHIN_MS);
  await Promise.all([...until].map(([id, at]) => noteUntil(parts, [id], at)));
}

/** Notes that messages may get lost with a session that is about to be cut off. */
export function noteLost(parts: NoteParts, ids: readonly MessageId[]): Promise<void> {
  return noteUntil(parts, ids, parts.ports.clock.now() + CUT_OFF_WITHIN_MS);
}

async function noteUntil({ ports, log }: NoteParts, ids: readonly MessageId[], until: number): Promise<void> {
  const noting = ids.map(async (id) => {
    const place = placeOf(id);
    if (place) await ports.log.noteLate(place.conversationId, place.seq, until);
  });
  for (const { reason } of (await Promise.allSettled(noting)).filter((one) => one.status === 'rejected'))
    log.error('note-late', reason);
}
