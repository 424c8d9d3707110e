import type { Device } from './connection.ts';
import { type Head, memberOf } from './conversation.ts';
import { describeMessage, peopleBy, peopleIn } from './describe-message.ts';
import type { ConversationId, UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import type { Delivery } from './signals.ts';
import { countUnread } from './unread.ts';

/** Dialects whose devices show lists of conversations, and so are told how each one stands. */
const LISTING: ReadonlySet<Device['dialect']> = new Set(['support']);
/** Members are read and told in runs of this many. */
const RUN = 100;
/** A conversation that changes under each of so many looks will do so again, and is told of then. */
const MOST_ROUNDS = 5;

/** Whether any of these devices is to be told how its user's conversations stand. */
export function wantsUpdates(devices: readonly Device[]): boolean {
  return devices.some(({ dialect }) => LISTING.has(dialect));
}

/**
 * Tells the members, or these of them, how their conversation stands, each with what is unread to them. Two such words
 * may cross on their way, and then the older one would stand: so whoever has told looks again, and tells anew what has
 * changed meanwhile.
 */
export async function tellUpdate(
  ports: Ports,
  id: ConversationId,
  users: readonly UserId[] | undefined,
  deliver: (deliveries: readonly Delivery[]) => Promise<void>,
): Promise<void> {
  let head = await ports.log.head(id);
  for (let round = 1; head && round <= MOST_ROUNDS; round += 1) {
    await tellMembers(ports, head, users, deliver);
    const latest = await ports.log.head(id);
    if (latest && isSame(head, latest)) return;
    head = latest;
  }
}

async function tellMembers(
  ports: Ports,
  head: Head,
  users: readonly UserId[] | undefined,
  deliver: (deliveries: readonly Delivery[]) => Promise<void>,
): Promise<void> {
  const members = head.members.map(({ userId }) => userId);
  const told = users ? members.filter((userId) => users.includes(userId)) : members;
  for (let from = 0; from < told.length; from += RUN) {
    await deliver(await updatesFor(ports, head, told.slice(from, from + RUN)));
  }
}

async function updatesFor(ports: Ports, head: Head, run: readonly UserId[]): Promise<readonly Delivery[]> {
  const devices = (await ports.connections.devicesOf(run, true)).filter((device) => wantsUpdates([device]));
  const users = [...new Set(devices.map(({ userId }) => userId))];
  if (users.length === 0) return [];
  const [last] = head.entries;
  const people = last ? peopleIn(head, [last]) : [];
  const profiles = people.length > 0 ? await ports.directory.profiles(people) : [];
  const signal = {
    kind: 'conversation-updated',
    conversation: head.conversation,
    ...(last && { lastMessage: describeMessage(head, last, peopleBy(profiles)) }),
    unread: Object.fromEntries(await Promise.all(users.map((userId) => unreadOf(ports, head, userId)))),
    updatedAt: last?.createdAt ?? head.conversation.createdAt,
  } as const;
  return [{ signal, users, devices }];
}

/** Whether nothing that is told has changed from one look to the next. */
function isSame(one: Head, other: Head): boolean {
  return toldOf(one) === toldOf(other);
}

/** What decides all that is told. Not rows as they are: DynamoDB gives what is in a map in any order. */
function toldOf({ conversation: { title, status }, members, entries: [last] }: Head): string {
  const readers = members.map(({ userId, read }) => [userId, read.version]);
  return JSON.stringify([title, status, readers, last?.seq, last?.content, last?.deletedAt]);
}

async function unreadOf(ports: Ports, head: Head, userId: UserId): Promise<readonly [UserId, number]> {
  const self = memberOf(head, userId);
  return [userId, self ? await countUnread(ports, head, self) : 0];
}
