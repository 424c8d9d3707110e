import { type Caller, originOf } from './connection.ts';
import type { Entry, Head, Message } from './conversation.ts';
import { describeMessage, peopleBy, peopleIn, personOf } from './describe-message.ts';
import { messageIdOf } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import type { ReadState } from './read-state.ts';
import type { Read } from './signals.ts';
import { wantsUpdates } from './tell-update.ts';

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

/**
 * Word of what was read: all of it to the reader's own devices, to the others only what was not read before. Devices of
 * the reader that show lists are told afterwards how much is left unread.
 */
export async function tellReads(
  ports: Ports,
  caller: Caller,
  marked: readonly Marked[],
  readAt: number,
): Promise<Told> {
  const signal = signalOf(caller, readAt);
  const [own, ...reads] = await Promise.all([
    // Whoever delivers reads them again, should that fail.
    ports.connections.devicesOf([caller.userId], true).catch(() => undefined),
    ...marked.map((one) => readIn(ports, caller, one)),
  ]);
  const changed = marked.filter(({ fresh }) => fresh.length > 0);
  const isListed = changed.length > 0 && (own === undefined || wantsUpdates(own));
  return {
    deliveries: [
      { signal: { ...signal, reads }, users: [caller.userId], ...(own && { devices: own }) },
      ...changed.map((one) => ({
        signal: { ...signal, reads: [newlyRead(one, reads)] },
        users: one.head.members.map(({ userId }) => userId).filter((userId) => userId !== caller.userId),
      })),
    ],
    ...(isListed && { afterwards: () => updateReader(ports, caller, changed) }),
  };
}

type Told = Pick<Outcome<'mark-read'>, 'deliveries' | 'afterwards'>;

function signalOf(caller: Caller, readAt: number) {
  const by = originOf(caller);
  const what = { kind: 'messages-read', reader: personOf(caller), readAt } as const;
  return { ...what, ...(by !== undefined && { by }) };
}

/** What the others are told of one conversation. */
function newlyRead({ head, fresh }: Marked, reads: readonly Read[]): Read {
  const { id } = head.conversation;
  const messageIds = fresh.map((seq) => messageIdOf(id, seq));
  const messages = reads.find(({ conversationId }) => conversationId === id)?.messages;
  return { conversationId: id, messageIds, ...(messages && { messages: only(messages, messageIds) }) };
}

async function updateReader(ports: Ports, { userId }: Caller, changed: readonly Marked[]): Promise<void> {
  const enqueued = changed.map(({ head: { conversation } }) =>
    ports.tasks.enqueue({ kind: 'tell-update', conversationId: conversation.id, users: [userId] }),
  );
  await Promise.all(enqueued);
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
