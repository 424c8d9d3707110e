import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ParleyError, parleyServer } from '../../server/index.ts';
import { newPerson, newScene } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const parley = parleyServer({
  baseUrl: backend.url,
  token: () => backend.token({ sub: 'platform', role: 'service' }),
});

async function people(count: number) {
  return Promise.all(Array.from({ length: count }, (_, index) => newPerson(backend, `Person${index}`)));
}

async function saidIn(conversationId: string, token: string) {
  const answer = await call(backend, 'GET', `/messaging/conversations/${conversationId}/messages`, { token });
  expect(answer.status).toBe(200);
  return (
    answer.body.data as {
      messages: readonly { readonly content: string; readonly [field: string]: unknown }[];
    }
  ).messages;
}

const participants = (users: readonly { readonly userId: string }[]) =>
  users.map(({ userId }) => ({ userId }));

describe('a conversation', () => {
  test('of two is the one that they have, whoever asks and in whatever order', async () => {
    const pair = await people(2);
    const one = await parley.openConversation({ participants: participants(pair) });
    const other = await parley.openConversation({ participants: participants(pair.toReversed()) });
    expect(one).toMatchObject({ kind: 'direct', status: 'active' });
    expect(other.id).toBe(one.id);
  });

  test('of several is a group, found again by its key', async () => {
    const group = { participants: participants(await people(3)), title: 'Team', key: randomUUID() };
    const one = await parley.openConversation(group);
    expect(one).toMatchObject({ kind: 'group', title: 'Team' });
    expect((await parley.openConversation(group)).id).toBe(one.id);
    const { key: _, ...unnamed } = group;
    expect((await parley.openConversation(unnamed)).id).not.toBe(one.id);
  });

  test('of a booking is the booking’s, which others may join', async () => {
    const { bookingId, client } = await newScene(backend);
    const [helper] = await people(1);
    const wanted = { participants: [{ userId: helper?.userId ?? '', role: 'admin' as const }], bookingId };
    const { id } = await parley.openConversation(wanted);
    const path = `/messaging/conversations/booking/${bookingId}`;
    for (const token of [client.token, helper?.token ?? '']) {
      const { body } = await call(backend, 'GET', path, { token });
      expect(body.data).toMatchObject({ conversation: { _id: id } });
    }
    // The platform's further word on the booking's parties is not about those who joined besides.
    const { businessId } = await newScene(backend);
    await parley.saveBooking(bookingId, { clientId: client.userId, businessId });
    expect((await call(backend, 'GET', path, { token: helper?.token ?? '' })).status).toBe(200);
  });

  test('is not opened for somebody whom nobody knows', async () => {
    const [ann] = await people(1);
    const wanted = { participants: participants([{ userId: ann?.userId ?? '' }, { userId: randomUUID() }]) };
    await expect(parley.openConversation(wanted)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await expect(parley.openConversation({ participants: [] })).rejects.toMatchObject({ status: 400 });
  });
});

describe('a message', () => {
  test('is said in a member’s name, or as the system where nobody sends it', async () => {
    const [ann, ben] = await people(2);
    if (!ann || !ben) throw new Error('nobody there');
    const { id } = await parley.openConversation({ participants: participants([ann, ben]) });
    const named = await parley.emitNewMessage(id, { senderId: ann.userId, content: 'hi' });
    expect(named).toMatchObject({
      conversationId: id,
      senderId: ann.userId,
      content: 'hi',
      messageType: 'text',
    });
    await parley.emitNewMessage(id, { content: 'Booking moved' });
    expect(await saidIn(id, ben.token)).toMatchObject([
      { content: 'hi', sender: { _id: ann.userId, name: 'Person0' } },
      { content: 'Booking moved', messageType: 'system', sender: { name: 'System' } },
    ]);
    const { body } = await call(backend, 'GET', '/api/messages/unread-count', { token: ann.token });
    expect(body.data).toEqual({ unreadCount: 1 });
  });

  test('is not said by who takes no part, nor where there is nothing', async () => {
    const [ann, ben, eve] = await people(3);
    const { id } = await parley.openConversation({
      participants: participants([ann, ben].flatMap((one) => one ?? [])),
    });
    const refusals = await Promise.all(
      [
        parley.emitNewMessage(id, { senderId: eve?.userId ?? '', content: 'x' }),
        parley.emitNewMessage(id, { senderId: randomUUID(), content: 'x' }),
        parley.emitNewMessage('c0000000000000000000000', { content: 'x' }),
        parley.emitNewMessage(id, { content: '' }),
      ].map((said) => said.then(() => undefined).catch((thrown: ParleyError) => thrown.status)),
    );
    expect(refusals).toEqual([403, 404, 404, 400]);
  });

  test('is marked as read in a reader’s name, by its id or with all others', async () => {
    const [ann, ben] = await people(2);
    if (!ann || !ben) throw new Error('nobody there');
    const { id } = await parley.openConversation({ participants: participants([ann, ben]) });
    const said = [];
    for (const content of ['1', '2', '3']) {
      said.push(await parley.emitNewMessage(id, { senderId: ann.userId, content }));
    }
    const ids = said.map((one) => one.id);
    expect(await parley.emitMessageRead(id, { userId: ben.userId, messageIds: ids.slice(1, 2) })).toEqual([
      ids[1],
    ]);
    expect(await parley.emitMessageRead(id, { userId: ben.userId })).toEqual([ids[0], ids[2]]);
    expect(await parley.emitMessageRead(id, { userId: ben.userId })).toEqual([]);
  });

  test('is taken back, and then is gone though its place is kept', async () => {
    const [ann, ben] = await people(2);
    if (!ann || !ben) throw new Error('nobody there');
    const { id } = await parley.openConversation({ participants: participants([ann, ben]) });
    const { id: messageId } = await parley.emitNewMessage(id, { senderId: ann.userId, content: 'oops' });
    for (let time = 1; time <= 2; time += 1) {
      expect(await parley.emitMessageDeleted(id, messageId)).toMatchObject({ content: '', isDeleted: true });
    }
    expect(await saidIn(id, ben.token)).toMatchObject([{ content: '', isDeleted: true }]);
    await expect(parley.emitMessageDeleted(id, `${id}.99`)).rejects.toBeInstanceOf(ParleyError);
  });
});
