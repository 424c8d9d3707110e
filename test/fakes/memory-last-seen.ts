import type { UserId } from '../../lambdas/core/ids.ts';
import type { End, LastSeen } from '../../lambdas/core/last-seen.ts';
import type { Immediate } from './in-turn.ts';

/** When users were last online, in memory. */
export function memoryLastSeen(): Immediate<LastSeen> {
  const ends = new Map<UserId, End>();
  return {
    of: (userIds) =>
      new Map(
        userIds.flatMap((userId) => {
          const end = ends.get(userId);
          return end ? [[userId, end.at] as const] : [];
        }),
      ),
    note: (end) => {
      const known = ends.get(end.userId);
      if (known && known.at >= end.since && known.connectionId !== end.connectionId) return 'known';
      ends.set(end.userId, end);
      return 'noted';
    },
  };
}
