import { type Caller, originOf } from './connection.ts';
import type { Entry, Head, Message } from './conversation.ts';
import { describeMessage, peopleBy, peopleIn, personOf } from './describe-message.ts';
import { messageIdOf } from './ids.ts';
import type { Ports } from './ports.ts';
import type { ReadState } from './read-state.ts';
import type { Delivery, Read } from './signals.ts';

/** What was marked as read in one conversation: places, their entries as far as they are known, the state now. */
export type Marked = {
  readonly head: Head;
  readonly entries: readonly Entry[];
  readonly read: ReadState;
  readonly all: readonly number[];
  /** Those that were not read before. */
  readonly fresh: readonly number[];
};

/** So few messages are told whole. */
const TOLD_WHOLE = 20;

/** Word of what was read: all of it to the reader's own devices, to the others only what was not read before. */
export async function tellReads(
  ports: Ports,
  caller: Caller,
  marked: readonly Marked[],
  readAt: number,
): Promise<readonly Delivery[]> {
  const by = originOf(caller);
  const signal = {
    kind: 'messages-read',
    reader: personOf(caller),
    readAt,
    ...(by !== undefined && { by }),
  } as const;
  const reads = await Promise.all(marked.map((one) => readIn(ports, caller, one)));
  return [
    // Whoever delivers reads the devices of all at once.
    { signal: { ...signal, reads }, users: [caller.userId] },
    ...marked.flatMap(({ head, fresh }) => {
      if (fresh.length === 0) return [];
      const { id } = head.conversation;
      const messageIds = fresh.map((seq) => messageIdOf(id, seq));
      const messages = reads.find(({ conversationId }) => conversationId === id)?.messages;
      const read = {
        conversationId: id,
        messageIds,
        ...(messages && { messages: only(messages, messageIds) }),
      };
      const users = head.members.map(({ userId }) => userId).filter((userId) => userId !== caller.userId);
      return [{ signal: { ...signal, reads: [read] }, users }];
    }),
  ];
}

async function readIn(ports: Ports, caller: Caller, { head, entries, read, all }: Marked): Promise<Read> {
  const conversationId = head.conversation.id;
  const messageIds = all.map((seq) => messageIdOf(conversationId, seq));
  const whole = all.flatMap((seq) => entries.find((entry) => entry.seq === seq) ?? []);
  if (whole.length !== all.length || whole.length > TOLD_WHOLE) return { conversationId, messageIds };
  const members = head.members.map((member) =>
    member.userId === caller.userId ? { ...member, read } : member,
  );
  const personBy = await namesIn(ports, caller, head, whole);
  const messages = whole.map((entry) => describeMessage({ ...head, members }, entry, personBy));
  return { conversationId, messageIds, messages };
}

/** That a name cannot be read is no reason to fail what is done. */
async function namesIn(ports: Ports, caller: Caller, head: Head, entries: readonly Entry[]) {
  const others = peopleIn(head, entries).filter((userId) => userId !== caller.userId);
  const profiles = others.length > 0 ? await ports.directory.profiles(others).catch(() => []) : [];
  return peopleBy([...profiles, caller]);
}

function only(messages: readonly Message[], ids: readonly string[]): readonly Message[] {
  return messages.filter(({ id }) => ids.includes(id));
}
