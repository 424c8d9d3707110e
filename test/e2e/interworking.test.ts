import { expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { messageIdOf } from '../../lambdas/core/ids.ts';
import { parleyServer } from '../../server/index.ts';
import { newScene, type Person } from '../support/booking-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';
import { DIALECTS, type Place, type Tongue, tongueOf } from './tongues.ts';

/* A user of any dialect talks to a user of any other: what one says, marks and types, the other hears in its own words. */

const backend = await backendForFile();
const parley = parleyServer({
  baseUrl: backend.url,
  token: () => backend.token({ sub: 'platform', role: 'service' }),
});

/** Somebody at a device that speaks a dialect. */
type Speaker = { readonly person: Person; readonly device: NativeClient; readonly tongue: Tongue };

const pairs = DIALECTS.flatMap((one) => DIALECTS.map((other) => [one, other] as const));

test.each(pairs)('%s to %s', async (one, other) => {
  const scene = await newScene(backend);
  const isPersonal = tongueOf(one).isPersonal || tongueOf(other).isPersonal;
  const place = isPersonal ? await directly(scene.client, scene.owner) : await byBooking(scene);
  const ann = await speaker(scene.client, one, place);
  const ben = await speaker(scene.owner, other, place);

  const messageId = await say(ann, ben, place, 'Can I come at nine?');
  expect(await unread(place, ann, ben)).toEqual([0, 1]);
  expect(await areRead(place, ann, ben)).toEqual([{ [messageId]: false }, { [messageId]: false }]);

  await read(ben, messageId, place);
  await hearReceiptOf(ann, messageId);
  expect(await unread(place, ann, ben)).toEqual([0, 0]);
  expect(await areRead(place, ann, ben)).toEqual([{ [messageId]: true }, { [messageId]: true }]);

  await ben.tongue.type(ben.device, place, ann.person.userId);
  expect(await ann.tongue.hearTyping(ann.device)).toEqual({ userId: ben.person.userId, isTyping: true });

  const answerId = await say(ben, ann, place, 'Yes, of course.');
  expect(await ann.tongue.hearTyping(ann.device)).toEqual({ userId: ben.person.userId, isTyping: false });
  expect(await unread(place, ann, ben)).toEqual([1, 0]);
  await read(ann, answerId, place);
  await hearReceiptOf(ben, answerId);
  expect(await unread(place, ann, ben)).toEqual([0, 0]);
  const bothRead = { [messageId]: true, [answerId]: true };
  expect(await areRead(place, ann, ben)).toEqual([bothRead, bothRead]);
  await ann.device.flushed();
  for (const { device } of [ann, ben])
    expect(device.heard.filter(({ event }) => event === 'error')).toEqual([]);
});

async function speaker(person: Person, dialect: DialectName, place: Place): Promise<Speaker> {
  const device = await person.connect({ token: person.token, dialect });
  const tongue = tongueOf(dialect);
  await tongue.enter(device, place);
  return { person, device, tongue };
}

/** Says something, which the other hears once, whole. Returns the message's id. */
async function say(from: Speaker, to: Speaker, place: Place, content: string): Promise<string> {
  const messageId = await from.tongue.say(from.device, place, to.person.userId, content);
  const heard = await to.tongue.hear(to.device);
  expect(heard).toEqual({ id: messageId, content, senderId: from.person.userId });
  return messageId;
}

async function read({ person, device, tongue }: Speaker, messageId: string, place: Place): Promise<void> {
  if (tongue.read) return tongue.read(device, messageId, place);
  const path = `/messaging/conversations/${place.conversationId}/read`;
  expect(await call(backend, 'PUT', path, { token: person.token })).toMatchObject({ status: 200 });
}

/** Rooms tell a reader of its own reading too: of whichever message it is, that is another receipt. */
async function hearReceiptOf({ device, tongue }: Speaker, messageId: string): Promise<void> {
  for (;;) if ((await tongue.hearReceipt(device)).includes(messageId)) return;
}

/** What each has not read, as the REST routes say; and a device that can ask says the same. */
async function unread(
  { conversationId }: Place,
  ...speakers: readonly Speaker[]
): Promise<readonly unknown[]> {
  return Promise.all(
    speakers.map(async ({ person, device, tongue }) => {
      const { body } = await person.get('/api/messages/unread-count');
      const { unreadCount } = body.data as { readonly unreadCount: number };
      if (tongue.countUnread) expect(await tongue.countUnread(device)).toBe(unreadCount);
      const listed = (await person.get('/messaging/conversations')).body.data as Listed;
      const [row] = listed.conversations.filter(({ _id }) => _id === conversationId);
      expect(row?.unreadCount).toBe(unreadCount);
      return unreadCount;
    }),
  );
}

type Listed = { readonly conversations: readonly { readonly _id: string; readonly unreadCount: number }[] };

/** Which messages count as read, as the history shows it to each. */
async function areRead({ room }: Place, ...speakers: readonly Speaker[]): Promise<readonly object[]> {
  const shown = await Promise.all(speakers.map(({ person }) => person.history(room)));
  return shown.map((messages) => Object.fromEntries(messages.map(({ _id, isRead }) => [_id, isRead])));
}

async function byBooking({ bookingId, client }: Awaited<ReturnType<typeof newScene>>): Promise<Place> {
  const { body } = await client.get(`/messaging/conversations/booking/${bookingId}`);
  const { conversation } = body.data as { readonly conversation: { readonly _id: string } };
  return { room: bookingId, conversationId: conversation._id };
}

async function directly(one: Person, other: Person): Promise<Place> {
  const participants = [one, other].map(({ userId }) => ({ userId }));
  const { id } = await parley.openConversation({ participants });
  return { room: id, conversationId: id };
}

test('an id of a message says where it lies, in whatever dialect it was said', async () => {
  const scene = await newScene(backend);
  const place = await byBooking(scene);
  const ann = await speaker(scene.client, 'booking', place);
  const ben = await speaker(scene.owner, 'conversation', place);
  expect(await say(ann, ben, place, 'one')).toBe(messageIdOf(place.conversationId, 1));
  expect(await say(ben, ann, place, 'two')).toBe(messageIdOf(place.conversationId, 2));
});
