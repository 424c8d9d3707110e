import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { newPerson, newScene, type Person, type Scene } from '../support/booking-scene.ts';
import { type Answer, call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();

type Route = readonly [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown];
type Desk = Scene & { readonly admin: string; readonly conversationId: string };

let desk: Desk;
beforeAll(async () => {
  const scene = await newScene(backend);
  const admin = await backend.token({ sub: `admin-${randomUUID()}`, name: 'Ada', role: 'admin' });
  const { body } = await ask(
    scene.client.token,
    'GET',
    `/messaging/conversations/booking/${scene.bookingId}`,
  );
  desk = { ...scene, admin, conversationId: conversationIn(body)._id };
});

function ask(token: string | undefined, ...[method, path, body]: Route): Promise<Answer> {
  return call(backend, method, path, {
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
  });
}

type Conversation = { readonly _id: string; readonly [field: string]: unknown };
type Message = { readonly _id: string; readonly content: string; readonly [field: string]: unknown };
const conversationIn = (body: Answer['body']) => (body.data as { conversation: Conversation }).conversation;
const messageIn = (body: Answer['body']) => (body.data as { message: Message }).message;
const messagesIn = (body: Answer['body']) => (body.data as { messages: readonly Message[] }).messages;

async function say(person: Person | string, content: string, more: object = {}): Promise<Message> {
  const token = typeof person === 'string' ? person : person.token;
  const path = `/messaging/conversations/${desk.conversationId}/messages`;
  const { status, body } = await ask(token, 'POST', path, { content, ...more });
  expect({ status, ...body }).toMatchObject({ status: 201, success: true });
  return messageIn(body);
}

describe('a booking’s conversation', () => {
  test('is made by the first who asks, and found by the others', async () => {
    const path = `/messaging/conversations/booking/${desk.bookingId}`;
    const [client, owner, admin] = await Promise.all(
      [desk.client.token, desk.owner.token, desk.admin].map((token) => ask(token, 'GET', path)),
    );
    for (const answer of [client, owner, admin]) expect(answer?.status).toBe(200);
    expect(client && conversationIn(client.body)).toMatchObject({
      _id: desk.conversationId,
      relatedBooking: desk.bookingId,
      status: 'active',
    });
    expect(owner && conversationIn(owner.body)._id).toBe(desk.conversationId);
    expect(admin && conversationIn(admin.body)._id).toBe(desk.conversationId);
  });

  test('is told apart where it does not exist, or is not the caller’s', async () => {
    const none = await ask(desk.client.token, 'GET', `/messaging/conversations/booking/${randomUUID()}`);
    expect([none.status, none.body.error]).toEqual([404, 'NOT_FOUND']);
    const foreign = await ask(
      desk.stranger.token,
      'GET',
      `/messaging/conversations/booking/${desk.bookingId}`,
    );
    expect([foreign.status, foreign.body.error]).toEqual([403, 'UNAUTHORIZED']);
  });
});

describe('messages', () => {
  test('come in the order of time, newest page first, and count as read by who fetched them', async () => {
    const scene = desk;
    const first = await say(scene.client, 'one');
    const second = await say(scene.client, 'two', { replyTo: first._id });
    expect(second).toMatchObject({
      replyTo: first._id,
      messageType: 'text',
      isEdited: false,
      isDeleted: false,
    });
    const path = `/messaging/conversations/${scene.conversationId}/messages`;
    const before = await ask(scene.owner.token, 'GET', '/api/messages/unread-count');
    expect(before.body.data).toEqual({ unreadCount: 2 });
    const { body } = await ask(scene.owner.token, 'GET', `${path}?limit=2`);
    expect(messagesIn(body).map(({ content }) => content)).toEqual(['one', 'two']);
    expect(body.data).toMatchObject({ pagination: { page: 1, limit: 2, hasMore: false } });
    const after = await ask(scene.owner.token, 'GET', '/api/messages/unread-count');
    expect(after.body.data).toEqual({ unreadCount: 0 });
    const seen = await ask(scene.client.token, 'GET', path);
    const [shown] = messagesIn(seen.body);
    expect(shown?.readBy).toMatchObject([{ user: scene.owner.userId }]);
  });

  test('sent again under the same clientMessageId are one', async () => {
    const clientMessageId = randomUUID();
    const [one, other] = await Promise.all([
      say(desk.client, 'once', { clientMessageId }),
      say(desk.client, 'once', { clientMessageId }),
    ]);
    expect(one?._id).toBe(other?._id);
  });

  test('may be a file without text, and nothing that has neither', async () => {
    const attachments = [
      { url: 'https://files.example/a.pdf', filename: 'a.pdf', mimetype: 'application/pdf', size: 7 },
    ];
    expect(await say(desk.client, '', { messageType: 'file', attachments })).toMatchObject({
      content: '',
      messageType: 'file',
      attachments,
    });
    const path = `/messaging/conversations/${desk.conversationId}/messages`;
    const wrong = [
      {},
      { content: '' },
      { content: '  ' },
      { content: 'x'.repeat(2001) },
      { content: 'x', messageType: 'system' },
      { content: 'x', attachments: [{ url: 'javascript:alert(1)' }] },
      { content: 'x', attachments: Array.from({ length: 11 }, () => attachments[0]) },
      { content: 'x', replyTo: `${desk.conversationId}.999999` },
    ];
    for (const body of wrong) {
      const answer = await ask(desk.client.token, 'POST', path, body);
      expect([answer.status >= 400 && answer.status < 500, JSON.stringify(body)]).toEqual([
        true,
        JSON.stringify(body),
      ]);
    }
  });

  test('are edited by their author alone', async () => {
    const { _id } = await say(desk.client, 'tpyo');
    const path = `/messaging/messages/${_id}`;
    const edited = await ask(desk.client.token, 'PATCH', path, { content: 'typo' });
    expect(messageIn(edited.body)).toMatchObject({ content: 'typo', isEdited: true });
    for (const token of [desk.owner.token, desk.admin]) {
      expect((await ask(token, 'PATCH', path, { content: 'mine' })).status).toBe(403);
    }
    expect((await ask(desk.stranger.token, 'PATCH', path, { content: 'x' })).status).toBe(403);
  });

  test('are deleted by their author or an admin, keep their place, and are edited no more', async () => {
    const own = await say(desk.client, 'secret', { attachments: [{ url: 'https://files.example/x' }] });
    const other = await say(desk.client, 'rude');
    expect((await ask(desk.owner.token, 'DELETE', `/messaging/messages/${own._id}`)).status).toBe(403);
    const gone = await ask(desk.client.token, 'DELETE', `/messaging/messages/${own._id}`);
    expect(messageIn(gone.body)).toMatchObject({ content: '', attachments: [], isDeleted: true });
    expect((await ask(desk.client.token, 'DELETE', `/messaging/messages/${own._id}`)).status).toBe(200);
    expect((await ask(desk.admin, 'DELETE', `/messaging/messages/${other._id}`)).status).toBe(200);
    const late = await ask(desk.client.token, 'PATCH', `/messaging/messages/${own._id}`, { content: 'x' });
    expect(late.status).toBe(404);
    const path = `/messaging/conversations/${desk.conversationId}/messages`;
    const { body } = await ask(desk.client.token, 'GET', path);
    expect(messagesIn(body).filter(({ isDeleted }) => isDeleted)).toHaveLength(2);
  });

  test('take reactions, each user’s once, and give them back', async () => {
    const { _id } = await say(desk.client, 'nice');
    const path = `/messaging/messages/${_id}/reactions/${encodeURIComponent('👍')}`;
    await ask(desk.owner.token, 'PUT', path);
    const twice = await ask(desk.owner.token, 'PUT', path);
    expect(messageIn(twice.body).reactions).toMatchObject([{ user: desk.owner.userId, emoji: '👍' }]);
    const both = await ask(desk.client.token, 'PUT', path);
    expect(messageIn(both.body).reactions).toHaveLength(2);
    const back = await ask(desk.owner.token, 'DELETE', path);
    expect(messageIn(back.body).reactions).toMatchObject([{ user: desk.client.userId }]);
    expect((await ask(desk.stranger.token, 'PUT', path)).status).toBe(403);
  });

  test('that do not exist are not found', async () => {
    for (const id of [`${desk.conversationId}.999999`, 'c0000000000000000000000.1', 'nonsense']) {
      const answer = await ask(desk.client.token, 'PATCH', `/messaging/messages/${id}`, { content: 'x' });
      expect([answer.status, answer.body.error]).toEqual([404, 'NOT_FOUND']);
    }
  });
});

describe('a conversation', () => {
  test('takes a title and a status, and no messages while it is closed', async () => {
    const scene = await newScene(backend);
    const opened = await ask(
      scene.client.token,
      'GET',
      `/messaging/conversations/booking/${scene.bookingId}`,
    );
    const { _id } = conversationIn(opened.body);
    const path = `/messaging/conversations/${_id}`;
    const closed = await ask(scene.owner.token, 'PATCH', path, { status: 'closed', title: 'Done' });
    expect(conversationIn(closed.body)).toMatchObject({ status: 'closed', title: 'Done' });
    const refused = await ask(scene.client.token, 'POST', `${path}/messages`, { content: 'late' });
    expect([refused.status, refused.body.error]).toEqual([409, 'CONFLICT']);
    const listed = async (status: string) => {
      const { body } = await ask(scene.client.token, 'GET', `/messaging/conversations?status=${status}`);
      return (body.data as { conversations: readonly Conversation[] }).conversations.map((one) => one._id);
    };
    expect([await listed('closed'), await listed('active')]).toEqual([[_id], []]);
    await ask(scene.owner.token, 'PATCH', path, { status: 'active' });
    expect((await ask(scene.client.token, 'POST', `${path}/messages`, { content: 'again' })).status).toBe(
      201,
    );
    for (const body of [{}, { status: 'gone' }, { title: '' }, { status: 1 }]) {
      expect((await ask(scene.client.token, 'PATCH', path, body)).status).toBe(400);
    }
  });

  test('is marked as read as a whole', async () => {
    await say(desk.client, 'unread');
    const path = `/messaging/conversations/${desk.conversationId}/read`;
    const { status, body } = await ask(desk.owner.token, 'PUT', path);
    expect({ status, data: body.data }).toMatchObject({ status: 200, data: { unreadCount: 0 } });
    expect((await ask(desk.owner.token, 'GET', '/api/messages/unread-count')).body.data).toEqual({
      unreadCount: 0,
    });
  });

  test('has the admin among its participants who writes in it, and not who only looks', async () => {
    const scene = await newScene(backend);
    const path = `/messaging/conversations/booking/${scene.bookingId}`;
    const looked = await ask(desk.admin, 'GET', path);
    const { _id, participants } = conversationIn(looked.body);
    expect(participants).toHaveLength(2);
    await ask(desk.admin, 'GET', `/messaging/conversations/${_id}/messages`);
    expect(conversationIn((await ask(desk.admin, 'GET', path)).body).participants).toHaveLength(2);
    await ask(desk.admin, 'POST', `/messaging/conversations/${_id}/messages`, { content: 'How can I help?' });
    expect(conversationIn((await ask(desk.admin, 'GET', path)).body).participants).toHaveLength(3);
  });
});

test('every route wants a token that holds', async () => {
  const { conversationId: id } = desk;
  const routes: readonly Route[] = [
    ['GET', '/messaging/conversations'],
    ['GET', `/messaging/conversations/booking/${desk.bookingId}`],
    ['GET', `/messaging/conversations/${id}/messages`],
    ['POST', `/messaging/conversations/${id}/messages`, { content: 'x' }],
    ['PUT', `/messaging/conversations/${id}/read`],
    ['PATCH', `/messaging/conversations/${id}`, { title: 'x' }],
    ['PATCH', `/messaging/messages/${id}.1`, { content: 'x' }],
    ['DELETE', `/messaging/messages/${id}.1`],
    ['PUT', `/messaging/messages/${id}.1/reactions/x`],
    ['DELETE', `/messaging/messages/${id}.1/reactions/x`],
    ['GET', '/api/messages/unread-count'],
  ];
  const exp = Math.floor(backend.now() / 1000) - 1;
  const expired = await backend.token({ sub: desk.client.userId, exp });
  const before = await backend.rows();
  for (const route of routes) {
    for (const token of [undefined, expired, 'garbage']) {
      const { status, body } = await ask(token, ...route);
      expect([status, body.error, ...route.slice(0, 2)]).toEqual([
        401,
        'AUTHENTICATION_FAILED',
        ...route.slice(0, 2),
      ]);
    }
  }
  const outsider = await newPerson(backend, 'Eve');
  expect((await ask(outsider.token, 'GET', `/messaging/conversations/${id}/messages`)).status).toBe(403);
  expect((await backend.rows()).length).toBe(before.length + 1);
});
