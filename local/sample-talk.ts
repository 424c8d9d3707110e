import type { Attachment, Entry, Head, Reaction } from '../lambdas/core/conversation.ts';
import { createNotification } from '../lambdas/core/create-notification.ts';
import {
  type ConversationId,
  conversationOfBooking,
  conversationOfPair,
  SYSTEM,
} from '../lambdas/core/ids.ts';
import { openConversation, type Wanted } from '../lambdas/core/open-conversation.ts';
import type { Ports } from '../lambdas/core/ports.ts';
import { afterReadingAll } from '../lambdas/core/read-state.ts';

/** What the sample people have said to each other before the first start, so that nobody's inbox is empty. */

/** When something was: so many minutes ago, or so many days ago at a time of the day. */
type When = number | readonly [days: number, time: string];

type Line = {
  readonly by: string;
  readonly at: When;
  readonly says: string;
  /** The place of the line that it answers; they count from 1. */
  readonly to?: number;
  readonly file?: Attachment;
  readonly reactions?: Readonly<Record<string, string>>;
};

type Talk = {
  readonly id: ConversationId;
  readonly wanted: Wanted;
  readonly lines: readonly Line[];
  /** Up to which place somebody has read, where that is not all. */
  readonly read?: Readonly<Record<string, number>>;
  readonly isClosed?: boolean;
};

const TALKS: readonly Talk[] = [
  {
    id: conversationOfBooking('booking-1'),
    wanted: { bookingId: 'booking-1', participants: [] },
    lines: [
      { by: SYSTEM, at: [2, '11:02'], says: 'Ann Archer has booked a haircut and beard trim.' },
      {
        by: 'ann',
        at: [2, '11:04'],
        says: 'Hi Ben! It is for my father: the same cut as last time, please.',
      },
      { by: 'ann', at: [2, '11:05'], says: 'And could you trim his beard? It has become quite adventurous.' },
      {
        by: 'ben',
        at: [2, '11:31'],
        says: 'With pleasure. That makes it forty minutes instead of thirty.',
        to: 3,
        reactions: { ann: '👍' },
      },
      {
        by: 'ann',
        at: [1, '17:20'],
        says: 'Here is the picture I talked about, the one on the left.',
        file: {
          url: 'https://example.com/pictures/the-cut.jpg',
          filename: 'the-cut.jpg',
          mimetype: 'image/jpeg',
        },
      },
      { by: 'ben', at: [1, '17:46'], says: 'That will look great on him.', reactions: { ann: '❤️' } },
      { by: 'ben', at: 34, says: 'Parking is free behind the shop, by the way.' },
      { by: 'ben', at: 33, says: 'See you on the day!' },
    ],
    read: { ann: 6 },
  },
  {
    id: conversationOfBooking('booking-2'),
    wanted: { bookingId: 'booking-2', participants: [] },
    lines: [
      { by: 'tess', at: [1, '09:15'], says: 'How is the shoulder after the first session?' },
      { by: 'ann', at: [1, '09:42'], says: 'Much better, thank you. I can reach the top shelf again.' },
      { by: 'tess', at: 54, says: 'Then we go one step further today. Please bring the band.' },
      { by: 'ann', at: 49, says: 'It is in my bag already.' },
    ],
    read: { tess: 3 },
  },
  {
    id: conversationOfBooking('booking-3'),
    wanted: { bookingId: 'booking-3', participants: [] },
    lines: [
      {
        by: 'ben',
        at: [21, '14:10'],
        says: 'Thank you for coming! It was copper number 7, should you need it again.',
      },
      { by: 'ann', at: [21, '18:31'], says: 'I love it. Thanks, Ben!', reactions: { ben: '🙏' } },
    ],
    isClosed: true,
  },
  {
    id: conversationOfBooking('booking-4'),
    wanted: { bookingId: 'booking-4', participants: [] },
    lines: [
      { by: 'mia', at: [3, '19:05'], says: 'Could you come to the hotel? There will be five of us.' },
      { by: 'ben', at: [3, '19:52'], says: 'I could be there at eight. Would that do?' },
      { by: 'mia', at: 94, says: 'Eight is perfect. I will ask the others about their hair.' },
    ],
    read: { ben: 2 },
  },
  {
    id: conversationOfBooking('booking-5'),
    wanted: { bookingId: 'booking-5', participants: [] },
    lines: [
      { by: 'leo', at: 130, says: 'Do I need a referral for tomorrow?' },
      { by: 'leo', at: 129, says: 'My insurance was not sure.' },
    ],
    read: { tess: 0 },
  },
  {
    id: conversationOfPair('ann', 'ada'),
    wanted: {
      participants: [{ userId: 'ann' }, { userId: 'ada', role: 'admin' }],
      title: 'A question about an invoice',
    },
    lines: [
      { by: 'ann', at: [4, '10:20'], says: 'My last invoice says two haircuts. I have but one head.' },
      {
        by: 'ada',
        at: [4, '10:33'],
        says: 'One head, one haircut: Ben will correct it. You will have the new one tomorrow.',
        reactions: { ann: '😊' },
      },
    ],
  },
];

/** Says it all, each in its time; what is there already is left as it is. */
export async function saveSampleTalk(ports: Ports): Promise<void> {
  await Promise.all([...TALKS.map((talk) => hold(ports, talk)), saveSampleNotification(ports)]);
}

/** Written straight into the log: nobody is there yet to be told. */
async function hold(ports: Ports, { id, wanted, lines, read = {}, isClosed }: Talk): Promise<void> {
  const [first] = lines;
  if (!first || (await ports.log.head(id))) return;
  await openConversation(portsAt(ports, first.at), wanted);
  const head = await ports.log.head(id);
  if (!head) return;
  const entries = lines.map((line, index) => entryOf(ports, head, line, index + 1));
  const last = entries.at(-1)?.createdAt ?? 0;
  await Promise.all([
    ...entries.map((entry) => ports.log.append(id, entry, undefined)),
    ...head.members.map(({ userId, read: unread }) =>
      ports.log.saveRead(id, userId, afterReadingAll(unread, read[userId] ?? lines.length, last)),
    ),
    ports.conversations.touch(head.conversation, head.members, last),
  ]);
  if (isClosed) await ports.conversations.change(id, { status: 'closed' });
}

function entryOf(ports: Ports, { members }: Head, line: Line, seq: number): Entry {
  const { by, says, to, file } = line;
  const createdAt = timeOf(line.at, ports.clock.now());
  const role = members.find(({ userId }) => userId === by)?.role ?? 'system';
  const reactions = Object.entries(line.reactions ?? {}).map(
    ([userId, emoji]): Reaction => ({ userId, emoji, at: createdAt }),
  );
  return {
    ...{ seq, senderId: by, role, content: says, createdAt, reactions, nonce: ports.nonce() },
    ...(by === SYSTEM && { type: 'system' as const }),
    ...(to !== undefined && { replyTo: to }),
    ...(file && { attachments: [file] }),
  };
}

async function saveSampleNotification(ports: Ports): Promise<void> {
  await createNotification(portsAt(ports, [2, '11:03']), {
    id: 'sample-1',
    userId: 'ann',
    type: 'booking_confirmed',
    title: 'Booking confirmed',
    message: 'Ben’s Barbershop looks forward to your haircut and beard trim.',
  });
}

/** The ports as they were at another time. */
function portsAt(ports: Ports, when: When): Ports {
  return { ...ports, clock: { ...ports.clock, now: () => timeOf(when, ports.clock.now()) } };
}

function timeOf(when: When, now: number): number {
  if (typeof when === 'number') return now - when * 60_000;
  const [days, time] = when;
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const at = new Date(now);
  at.setDate(at.getDate() - days);
  return at.setHours(hours, minutes, 0, 0);
}
