import { describe, expect, test } from 'vitest';
import {
  connect,
  type Message,
  newPerson,
  newScene,
  type Person,
  refused,
  say,
} from '../support/booking-scene.ts';
import { newTeam } from '../support/conversation-scene.ts';
import type { NativeClient } from '../support/native-client.ts';
import { backendForFile } from '../support/stack.ts';

/** Native clients that count along, and so can miss nothing (docs/protocol/native.md). */

const backend = await backendForFile();

type Resumed = {
  readonly events: readonly { readonly event: string; readonly data: unknown; readonly offset: string }[];
  readonly positions: Readonly<Record<string, number>>;
  readonly at: string;
};

const counting = (person: Person, dialect?: string) =>
  connect(backend, { token: person.token, offsets: true, ...(dialect !== undefined && { dialect }) });

/** The offset of the newest reply. */
function standing(device: NativeClient): { readonly id: string; readonly seq: number } {
  const replies = device.frames.map((frame) => JSON.parse(frame)).filter(({ reply }) => reply !== undefined);
  const [id = '', seq = ''] = String(replies.at(-1).offset).split('.');
  return { id, seq: Number(seq) };
}

async function resume(device: NativeClient, payload: object): Promise<Resumed> {
  const answer = await device.request('parley:resume', payload);
  expect(answer).toMatchObject({ ok: true, complete: true });
  return answer as Resumed;
}

const offsets = (device: NativeClient, event: string) =>
  device.heard.filter((heard) => heard.event === event).map(({ offset }) => offset);

const INVALID = refused('INVALID_PAYLOAD');
const NO_CONVERSATION = refused('NOT_FOUND', 'Conversation not found');

test('a device that comes back is told what it has missed, and is in the room again', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const [ann, ben] = [await counting(client), await owner.enter(bookingId)];
  await ann.request('joinBooking', bookingId);
  const { id, seq } = standing(ann);
  expect(seq).toBe(0);
  await say(ben, bookingId, 'one');
  await ann.next('newMessage');
  expect(offsets(ann, 'newMessage')).toEqual([`${id}.1`]);
  await ann.close();
  const missed = [await say(ben, bookingId, 'two'), await say(ben, bookingId, 'three')];
  const back = await counting(client);
  const { events, positions } = await resume(back, { joined: { [id]: 1 } });
  expect(events).toEqual(missed.map((data) => ({ event: 'newMessage', data, offset: data._id })));
  expect(positions).toEqual({ [id]: 3 });
  const live = await say(ben, bookingId, 'four');
  expect(await back.next('newMessage')).toEqual(live);
  expect(offsets(back, 'newMessage')).toEqual([`${id}.4`]);
});

test('a device on another wire, or one that did not ask, is sent no offset', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const [ann, ben] = [await client.enter(bookingId), await owner.enter(bookingId)];
  await say(ben, bookingId, 'one');
  await ann.next('newMessage');
  expect([...ann.frames, ...ben.frames].filter((frame) => frame.includes('offset'))).toEqual([]);
});

test('whoever hears all is told what was said elsewhere, in the words of the dialect', async () => {
  const [ann, ben] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Ben')];
  const [phone, desk] = [await counting(ann, 'direct'), await counting(ben, 'direct')];
  const { at } = await resume(phone, {});
  await phone.close();
  const { message } = (await desk.request('send_message', { receiverId: ann.userId, content: 'hi' })) as {
    message: { _id: string };
  };
  const back = await counting(ann, 'direct');
  const { events, positions } = await resume(back, { since: at });
  const offset = message._id;
  expect(events).toMatchObject([
    { event: 'receive_message', data: message, offset },
    { event: 'message_notification', offset },
  ]);
  const { id, seq } = standing(desk);
  expect(positions).toEqual({ [id]: seq });
  expect((await resume(back, { heard: positions, since: at })).events).toEqual([]);
  await desk.request('send_message', { receiverId: ann.userId, content: 'again' });
  await back.next('receive_message');
  expect(offsets(back, 'receive_message')).toEqual([`${id}.2`]);
  await back.next('message_notification');
  expect(offsets(back, 'message_notification')).toEqual([`${id}.2`]);
});

describe('a page of history', () => {
  test('is the newest first, oldest first within it, and marks nothing as read', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ben = await owner.enter(bookingId);
    const said: Message[] = [];
    for (const content of ['one', 'two', 'three', 'four', 'five'])
      said.push(await say(ben, bookingId, content));
    const ann = await counting(client);
    const page = (payload: object) => ann.request('parley:history', { bookingId, limit: 2, ...payload });
    const shown = (from: number, to: number) =>
      said.slice(from, to).map((data) => ({ data, offset: data._id, readBy: [] }));
    const conversationId = String(said[0]?._id).split('.')[0];
    const whole = { ok: true, conversationId, bookingId, lastSeq: 5 };
    expect(await page({})).toEqual({ ...whole, messages: shown(3, 5), hasMore: true });
    expect(await page({ before: 4 })).toEqual({ ...whole, messages: shown(1, 3), hasMore: true });
    expect(await page({ before: 2 })).toEqual({ ...whole, messages: shown(0, 1), hasMore: false });
    expect(await page({ before: 1 })).toEqual({ ...whole, messages: [], hasMore: false });
    const byId = await ann.request('parley:history', { conversationId, before: 2 });
    expect(byId).toEqual({ ...whole, messages: shown(0, 1), hasMore: false });
    await backend.settled(ann, ben);
    expect(ben.heard.filter(({ event }) => event === 'messagesMarkedAsRead')).toEqual([]);
  });

  test('of two users who have said nothing yet is empty, and opens nothing', async () => {
    const [ann, ben] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Ben')];
    const device = await counting(ann, 'direct');
    const before = await backend.rows();
    const answer = await device.request('parley:history', { userId: ben.userId });
    expect(answer).toMatchObject({ ok: true, messages: [], lastSeq: 0, hasMore: false });
    expect(await backend.rows()).toEqual(before);
    await device.request('send_message', { receiverId: ben.userId, content: 'hi' });
    expect(standing(device).id).toBe((answer as { conversationId: string }).conversationId);
    expect(await device.request('parley:history', { userId: 'nobody' })).toEqual(
      refused('NOT_FOUND', 'Receiver not found'),
    );
  });
});

describe('what is not theirs', () => {
  test.each(['booking', 'conversation', 'direct', 'appointment', 'support'])(
    'nobody reads, joins or learns of in the words of %s',
    async (dialect) => {
      const [{ bookingId, owner }, team] = [await newScene(backend), await newTeam(backend)];
      const ben = await counting(owner);
      await ben.request('joinBooking', bookingId);
      await say(ben, bookingId, 'secret');
      const { id } = standing(ben);
      const eve = await counting(team.eve, dialect);
      await backend.settled(eve, ben);
      const before = await backend.rows();
      const absent = `c${'0'.repeat(22)}`;
      const theirs = [id, team.conversationId, absent];
      for (const conversationId of theirs)
        expect(await eve.request('parley:history', { conversationId })).toEqual(NO_CONVERSATION);
      const places = Object.fromEntries(theirs.map((conversationId) => [conversationId, 0]));
      const nothing = { ok: true, events: [], positions: {}, complete: true, at: expect.any(String) };
      const asked = { joined: places, heard: places, since: 0 };
      expect(await eve.request('parley:resume', asked)).toEqual(nothing);
      for (const wrong of [bookingId, 'no-such-booking'])
        expect(await eve.request('parley:history', { bookingId: wrong })).toEqual(NO_CONVERSATION);
      expect(await backend.rows()).toEqual(before);
      await say(ben, bookingId, 'more');
      await backend.settled(eve, ben);
      expect(eve.frames.filter((frame) => /secret|more/.test(frame))).toEqual([]);
    },
  );
});

test('what is no place, no time and no conversation is refused, changes nothing, and the connection stays', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const [ann, ben] = [await counting(client), await owner.enter(bookingId)];
  await ann.request('joinBooking', bookingId);
  const { id } = standing(ann);
  const before = await backend.rows();
  for (const payload of [
    undefined,
    null,
    7,
    [],
    'x',
    { joined: 7 },
    { joined: { [id]: -1 } },
    { joined: { x: 1 } },
  ])
    expect(await ann.request('parley:resume', payload), JSON.stringify(payload)).toEqual(INVALID);
  for (const payload of [
    undefined,
    null,
    7,
    [],
    'x',
    {},
    { bookingId, before: 0.5 },
    { bookingId, userId: 'x' },
  ])
    expect(await ann.request('parley:history', payload), JSON.stringify(payload)).toEqual(INVALID);
  expect(await backend.rows()).toEqual(before);
  const live = await say(ben, bookingId, 'still here');
  expect(await ann.next('newMessage')).toEqual(live);
  // What a client asks by itself is no matter of its application's, which listens to `error`.
  expect(ann.unawaited).toEqual([]);
});

test('a ping is answered with the server’s time, to whoever it is', async () => {
  const stranger = await connect(backend);
  const answer = (await stranger.request('ping')) as { readonly ok: boolean; readonly at: string };
  expect(answer.ok).toBe(true);
  expect(Math.abs(Date.parse(answer.at) - backend.now())).toBeLessThan(60_000);
  expect(await stranger.request('parley:resume', {})).toEqual(refused('AUTHENTICATION_FAILED'));
});
