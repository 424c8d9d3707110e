import { Fault } from './fault.ts';
import { type ConversationId, conversationOfBooking, type UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import { ADMINS, EVERYONE, isTherapistRoom } from './rooms.ts';
import type { Delivery, SignalOf } from './signals.ts';

/** An event of the platform's own; `data` is plain JSON. */
export type CustomEvent = Pick<SignalOf<'custom-event'>, 'name' | 'data'>;

/** An event for all devices of a user, known or not. */
export function eventForUser(userId: UserId, event: CustomEvent): readonly Delivery[] {
  return [{ signal: { kind: 'custom-event', ...event }, users: [userId] }];
}

/**
 * An event for the devices in a room: `user:<id>`, `therapist:<id>`, `admins`, `everyone`, or those that have joined a
 * conversation, as `conversation:<id>` or `booking:<id>`. Large rooms are told by tasks.
 *
 * @throws Fault `room-unknown` for any other name, `conversation-not-found`, `booking-not-found`.
 */
export async function sendToRoom(
  ports: Ports,
  room: string,
  event: CustomEvent,
): Promise<readonly Delivery[]> {
  const [kind, id] = partsOf(room);
  if (room === EVERYONE) return broadcastEvent(ports, event);
  if (room === ADMINS || isTherapistRoom(room)) return enqueue(ports, room, { ...event, room });
  if (kind === 'user' && id !== '') return eventForUser(id, event);
  if (kind === 'conversation' && id !== '') return eventForJoined(ports, id, event, 'conversation-not-found');
  if (kind !== 'booking' || id === '') throw new Fault('room-unknown', room);
  return eventForJoined(ports, conversationOfBooking(id), event, 'booking-not-found');
}

/** An event for every device that is connected. */
export async function broadcastEvent(ports: Ports, event: CustomEvent): Promise<readonly Delivery[]> {
  return enqueue(ports, EVERYONE, event);
}

async function enqueue(
  ports: Ports,
  room: string,
  event: Omit<SignalOf<'custom-event'>, 'kind'>,
): Promise<readonly Delivery[]> {
  await ports.tasks.enqueue({ kind: 'tell-room', room, signal: { kind: 'custom-event', ...event } });
  return [];
}

async function eventForJoined(
  ports: Ports,
  conversationId: ConversationId,
  event: CustomEvent,
  absent: 'conversation-not-found' | 'booking-not-found',
): Promise<readonly Delivery[]> {
  const head = await ports.log.head(conversationId);
  if (!head) throw new Fault(absent);
  const users = head.members.map(({ userId }) => userId);
  return [{ signal: { kind: 'custom-event', ...event, conversationId }, users }];
}

/** What stands before the first colon, and all behind it: an id may hold colons. */
function partsOf(room: string): readonly [kind: string, id: string] {
  const colon = room.indexOf(':');
  return colon < 0 ? [room, ''] : [room.slice(0, colon), room.slice(colon + 1)];
}
