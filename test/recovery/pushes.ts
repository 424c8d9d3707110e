import type { Entry } from '../../lambdas/core/conversation.ts';
import { messageIdOf } from '../../lambdas/core/ids.ts';
import { pushedAt } from '../../lambdas/core/push-order.ts';

/** A message, and when it was pushed, in ms. */
export type Push = { readonly id: string; readonly entry: Entry; readonly room: string; readonly at: number };

/** All that was pushed of these conversations, in the order in which it was. */
export function pushesOf(logs: ReadonlyMap<string, readonly Entry[]>): readonly Push[] {
  const pushes = [...logs].flatMap(([room, entries]) =>
    entries.map((entry, index) => ({
      id: messageIdOf(room, entry.seq),
      entry,
      room,
      at: pushedAt(entry, entries.slice(0, index).toReversed()),
    })),
  );
  return pushes.toSorted((a, b) => a.at - b.at || byName(a.room, b.room) || a.entry.seq - b.entry.seq);
}

function byName(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
