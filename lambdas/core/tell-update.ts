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

/** Whether any of these devices is to be told how its user's conversations stand. */
export function wantsUpdates(devices: readonly Device[]): boolean {
  return devices.some(({ dialect }) => LISTING.has(dialect));
}

/** Word to the members of how their conversation stands now, each with what is unread to them; undefined members: all. */
export async function tellUpdate(
  ports: Ports,
  head: Head,
  members: readonly UserId[] = head.members.map(({ userId }) => userId),
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (let from = 0; from < members.length; from += RUN) {
    deliveries.push(...(await tellRun(ports, head, members.slice(from, from + RUN))));
  }
  return deliveries;
}

/** The same for a conversation by its id: what a task that was put on the queue for it does. */
export async function tellUpdateOf(ports: Ports, id: ConversationId): Promise<readonly Delivery[]> {
  const head = await ports.log.head(id);
  return head ? tellUpdate(ports, head) : [];
}

async function tellRun(ports: Ports, head: Head, run: readonly UserId[]): Promise<readonly Delivery[]> {
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

async function unreadOf(ports: Ports, head: Head, userId: UserId): Promise<readonly [UserId, number]> {
  const self = memberOf(head, userId);
  return [userId, self ? await countUnread(ports, head, self) : 0];
}
