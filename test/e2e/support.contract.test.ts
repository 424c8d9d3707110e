import { io } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { A_TIME, heardOf, refusalOf, soon, unawaitedBy } from '../support/documented.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock, type StockClient } from '../support/stock-client.ts';
import {
  ask,
  documentedMessage,
  join,
  lastMessageOf,
  newDesk,
  type SupportMessage,
} from '../support/support-scene.ts';

/** support.md “Socket Events”, in its order, with the client that its frontend guide is written for. */

const backend = await backendForFile({ DIALECT: 'support' });

/** Sends a message that is expected to be taken, and gives it as the acknowledgement has it. */
async function send(
  device: StockClient,
  conversationId: string,
  content: string,
  more: object = {},
): Promise<SupportMessage> {
  const answer = await device.request('send_message', { conversationId, content, ...more });
  expect(answer).toMatchObject({ ok: true, message: { content } });
  return (answer as { readonly message: SupportMessage }).message;
}

/** The last word to a device on how a conversation stands. */
function expectStanding(device: StockClient, standing: object) {
  return soon(() => device.all('conversation_updated').at(-1)).toStrictEqual(standing);
}

/** What a device has heard that no test awaited, but for how conversations stand: that may be told twice. */
function besidesStandings(device: StockClient): readonly string[] {
  return unawaitedBy(device).filter((event) => event !== 'conversation_updated');
}

describe('Connection events', () => {
  test('connection and disconnect, as the frontend guide has it', async () => {
    const { client } = await newDesk(backend);
    const socket = io(backend.url, { auth: { token: client.token } });
    onTestFinished(() => void socket.disconnect());
    await new Promise<void>((resolve, reject) => {
      socket.on('connect', () => resolve());
      socket.on('connect_error', reject);
    });
    const reason = new Promise((resolve) => socket.on('disconnect', resolve));
    socket.disconnect();
    expect(await reason).toBe('io client disconnect');
  });

  test('a token that does not hold is refused', async () => {
    const { client } = await newDesk(backend);
    const unknown = await backend.token({ sub: 'nobody-knows-me' });
    for (const token of [`${client.token}x`, unknown]) {
      expect(await refusalOf(backend, { auth: { token } })).toStrictEqual({
        message: 'Authentication error',
        data: { code: 'AUTHENTICATION_FAILED' },
      });
    }
  });

  test('authenticate brings a token late, and a new one in time', async () => {
    const { client, stranger, conversationId } = await newDesk(backend);
    const device = await openStock(backend, { token: '' }, { auth: {} });
    const refused = { message: 'Authentication required', code: 'AUTHENTICATION_FAILED' };
    expect(await device.request('join_conversation', conversationId)).toStrictEqual({
      ok: false,
      error: refused,
    });
    expect(await device.next('error')).toStrictEqual(refused);
    const authenticated = { ok: true, userId: client.userId, expiresAt: A_TIME };
    for (const payload of [{ token: client.token }, client.token]) {
      expect(await device.request('authenticate', payload)).toStrictEqual(authenticated);
    }
    expect(await device.request('join_conversation', conversationId)).toEqual({ ok: true, conversationId });
    expect(await device.request('authenticate', stranger.token)).toMatchObject({ ok: false });
  });
});

describe('Message events', () => {
  test('new_message to who has joined, message_sent to the sender, conversation_updated to everybody', async () => {
    const desk = await newDesk(backend);
    const { client, owner, admin, stranger, conversationId } = desk;
    const [a, b] = [await join(backend, client, conversationId), await join(backend, owner, conversationId)];
    const [elsewhere, list] = [await openStock(backend, client), await openStock(backend, owner)];
    const others = [await openStock(backend, stranger), await openStock(backend, admin)];
    const message = await send(a, conversationId, 'Is Friday still fine?');
    expect(message).toStrictEqual(documentedMessage(desk, client, 'Is Friday still fine?'));
    for (const device of [a, b]) {
      expect(await device.next('new_message')).toStrictEqual({ conversationId, message });
    }
    for (const device of [a, elsewhere]) {
      expect(await device.next('message_sent')).toStrictEqual({ success: true, message });
    }
    const standing = {
      conversationId,
      lastMessage: lastMessageOf(message),
      status: 'active',
      title: 'Haircut',
      updatedAt: message.createdAt,
    };
    for (const device of [a, elsewhere]) await expectStanding(device, { ...standing, unreadCount: 0 });
    for (const device of [b, list]) await expectStanding(device, { ...standing, unreadCount: 1 });
    await backend.settled(a, b, elsewhere, list, ...others);
    for (const device of [a, b, elsewhere, list]) expect(besidesStandings(device)).toEqual([]);
    for (const device of others) expect(unawaitedBy(device)).toEqual([]);
  });

  test('a message may be a file, an answer, and have its sender’s own name', async () => {
    const desk = await newDesk(backend);
    const { client, owner, conversationId } = desk;
    const [a, b] = [await join(backend, client, conversationId), await openStock(backend, owner)];
    const first = await send(a, conversationId, 'one');
    const file = { url: 'https://files.example.com/a.pdf', filename: 'a.pdf', mimetype: 'a/pdf', size: 7 };
    const more = { messageType: 'file', attachments: [file], replyTo: first._id, clientMessageId: 'mine' };
    const answer = await send(b, conversationId, '', more);
    expect(answer).toStrictEqual({
      ...documentedMessage(desk, owner, ''),
      ...more,
      sender: { _id: owner.userId, name: 'Ben', email: owner.email, role: 'admin' },
    });
    await a.next('new_message');
    expect(await a.next('new_message')).toStrictEqual({ conversationId, message: answer });
  });

  test('messages_read goes to the other participants, wherever they are; the reader’s hear the count', async () => {
    const { client, owner, conversationId } = await newDesk(backend);
    const [a, b] = [await openStock(backend, client), await openStock(backend, owner)];
    const messages = [await send(a, conversationId, 'one'), await send(a, conversationId, 'two')];
    const messageIds = messages.map(({ _id }) => _id);
    await ask(backend, owner, 'PUT', `/conversations/${conversationId}/read`);
    const read = { conversationId, userId: owner.userId, messageIds, readAt: A_TIME };
    expect(await a.next('messages_read')).toStrictEqual(read);
    await soon(() => b.all('conversation_updated').at(-1)).toMatchObject({ unreadCount: 0 });
    await backend.settled(a, b);
    expect(b.all('messages_read')).toEqual([]);
    // What was read already is no news.
    await ask(backend, owner, 'PUT', `/conversations/${conversationId}/read`);
    await backend.settled(a, b);
    expect(a.all('messages_read')).toHaveLength(1);
  });

  test('edits, deletions and reactions by the routes arrive where the conversation was joined', async () => {
    const { client, owner, conversationId } = await newDesk(backend);
    const [a, b] = [await join(backend, client, conversationId), await join(backend, owner, conversationId)];
    const outside = await openStock(backend, owner);
    const message = await send(a, conversationId, 'tpyo');
    const path = `/messages/${message._id}`;
    const edited = { ...message, content: 'typo', isEdited: true, editedAt: A_TIME, updatedAt: A_TIME };
    await ask(backend, client, 'PATCH', path, { content: 'typo' });
    for (const device of [a, b]) {
      expect(await device.next('message_updated')).toStrictEqual({ conversationId, message: edited });
    }
    const emoji = '👍';
    const about = { conversationId, messageId: message._id };
    const reactions = [{ user: owner.userId, emoji, createdAt: A_TIME }];
    const reacted = { ...about, userId: owner.userId, emoji };
    await ask(backend, owner, 'PUT', `${path}/reactions/${encodeURIComponent(emoji)}`);
    await ask(backend, owner, 'DELETE', `${path}/reactions/${encodeURIComponent(emoji)}`);
    for (const device of [a, b]) {
      expect(await device.next('message_reaction')).toStrictEqual({ ...reacted, action: 'added', reactions });
      expect(await device.next('message_reaction')).toStrictEqual({
        ...reacted,
        action: 'removed',
        reactions: [],
      });
    }
    await ask(backend, client, 'DELETE', path);
    const gone = { ...about, deletedBy: client.userId, deletedAt: A_TIME };
    for (const device of [a, b]) expect(await device.next('message_deleted')).toStrictEqual(gone);
    await soon(() => outside.all('conversation_updated').at(-1)).toMatchObject({
      lastMessage: { content: '' },
    });
    expect(besidesStandings(outside)).toEqual([]);
  });
});

describe('Conversation events', () => {
  test('join_conversation and leave_conversation begin and end new_message, for the one device', async () => {
    const { client, owner, conversationId } = await newDesk(backend);
    const [stays, leaves] = [
      await join(backend, owner, conversationId),
      await join(backend, owner, conversationId),
    ];
    expect(await leaves.request('leave_conversation', { conversationId })).toStrictEqual({
      ok: true,
      conversationId,
    });
    const message = await send(await openStock(backend, client), conversationId, 'hello');
    expect(await stays.next('new_message')).toStrictEqual({ conversationId, message });
    await backend.settled(leaves);
    expect(leaves.all('new_message')).toEqual([]);
  });

  test('conversation_updated tells everybody of a new title and status', async () => {
    const { client, owner, conversationId } = await newDesk(backend);
    const [a, b] = [await openStock(backend, client), await openStock(backend, owner)];
    await ask(backend, owner, 'PATCH', `/conversations/${conversationId}`, {
      status: 'closed',
      title: 'Done',
    });
    const standing = { conversationId, lastMessage: null, unreadCount: 0, updatedAt: A_TIME };
    for (const device of [a, b]) {
      await expectStanding(device, { ...standing, status: 'closed', title: 'Done' });
    }
    const closed = { message: 'The conversation is closed', code: 'CONFLICT' };
    expect(await a.request('send_message', { conversationId, content: 'late' })).toStrictEqual({
      ok: false,
      error: closed,
    });
  });

  test('an admin who joins takes part from then on', async () => {
    const { client, admin, conversationId } = await newDesk(backend);
    const a = await openStock(backend, client);
    const desk = await join(backend, admin, conversationId);
    const message = await send(desk, conversationId, 'How can I help?');
    expect(message.sender).toStrictEqual({ _id: admin.userId, name: 'Ada', role: 'admin' });
    await soon(() => a.all('conversation_updated').at(-1)).toMatchObject({ unreadCount: 1 });
    await send(a, conversationId, 'Thank you');
    await soon(() => desk.all('conversation_updated').at(-1)).toMatchObject({ unreadCount: 1 });
  });

  test('what is not there and what is not one’s own are told apart', async () => {
    const { stranger, conversationId } = await newDesk(backend);
    const device = await openStock(backend, stranger);
    const denied = { message: 'Access denied', code: 'UNAUTHORIZED' };
    const missing = { message: 'Conversation not found', code: 'NOT_FOUND' };
    for (const event of ['join_conversation', 'typing_start', 'typing_stop', 'send_message']) {
      for (const [id, error] of [
        [conversationId, denied],
        [`c${'0'.repeat(22)}`, missing],
      ] as const) {
        const answer = await device.request(event, { conversationId: id, content: 'x' });
        expect(answer).toStrictEqual({ ok: false, error });
        expect(await device.next('error')).toStrictEqual(error);
      }
    }
  });
});

test('typing events: typing_start and typing_stop show as user_typing to the others who have joined', async () => {
  const { client, owner, conversationId } = await newDesk(backend);
  const [a, other, b] = [
    await join(backend, client, conversationId),
    await join(backend, client, conversationId),
    await join(backend, owner, conversationId),
  ];
  const outside = await openStock(backend, owner);
  const shown = { conversationId, userId: client.userId, userName: 'Ann' };
  for (const [event, isTyping] of [
    ['typing_start', true],
    ['typing_stop', false],
  ] as const) {
    a.emit(event, { conversationId });
    expect(await b.next('user_typing')).toStrictEqual({ ...shown, isTyping });
  }
  expect(await a.request('typing_start', conversationId)).toStrictEqual({ ok: true });
  expect(await b.next('user_typing')).toStrictEqual({ ...shown, isTyping: true });
  await backend.pass(8_000);
  expect(await b.next('user_typing')).toStrictEqual({ ...shown, isTyping: false });
  await backend.settled(a, other, outside);
  for (const device of [a, other, outside]) expect(unawaitedBy(device)).toEqual([]);
});

describe('Admin events', () => {
  test('admin_broadcast by an admin is heard by everyone, by anybody else refused', async () => {
    const { client, owner, admin } = await newDesk(backend);
    const [a, b, desk] = [
      await openStock(backend, client),
      await openStock(backend, owner),
      await openStock(backend, admin),
    ];
    expect(await desk.request('admin_broadcast', { message: 'Closing early' })).toStrictEqual({ ok: true });
    for (const device of [a, b, desk]) {
      expect(await device.next('admin_broadcast')).toStrictEqual({
        message: 'Closing early',
        from: { _id: admin.userId, name: 'Ada' },
        timestamp: A_TIME,
      });
    }
    expect(await b.request('admin_broadcast', { message: 'Free haircuts' })).toStrictEqual({
      ok: false,
      error: { message: 'Access denied', code: 'UNAUTHORIZED' },
    });
    await backend.settled(a);
    expect(unawaitedBy(a)).toEqual([]);
  });

  test('user_online and user_offline: admins hear of everybody, others of their contacts', async () => {
    const { client, owner, stranger, admin } = await newDesk(backend);
    const [desk, b, outside] = [
      await openStock(backend, admin),
      await openStock(backend, owner),
      await openStock(backend, stranger),
    ];
    const a = await openStock(backend, client);
    const shown = { userId: client.userId, userName: 'Ann', timestamp: A_TIME };
    for (const device of [desk, b]) {
      await soon(() => heardOf(device, 'user_online', client.userId)).toStrictEqual([shown]);
    }
    // Within a second of the beginning an end may be told twice.
    await backend.pass(1_001);
    a.socket.disconnect();
    for (const device of [desk, b]) {
      await soon(() => heardOf(device, 'user_offline', client.userId)).toStrictEqual([shown]);
    }
    await backend.settled(outside);
    expect(heardOf(outside, 'user_online', client.userId)).toEqual([]);
  });
});

test('the frontend guide: a conversation list that keeps itself up to date', async () => {
  const { client, owner, conversationId } = await newDesk(backend);
  const shown = { messages: [] as unknown[], typing: false, unread: -1 };
  const socket = io(backend.url, { auth: { token: client.token }, forceNew: true });
  onTestFinished(() => void socket.disconnect());
  socket.on('new_message', (data) => shown.messages.push(data.message.content));
  socket.on('user_typing', (data) => {
    shown.typing = data.isTyping;
  });
  socket.on('conversation_updated', (data) => {
    shown.unread = data.unreadCount;
  });
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  await socket.timeout(45_000).emitWithAck('join_conversation', conversationId);
  const b = await openStock(backend, owner);
  b.emit('typing_start', { conversationId });
  await soon(() => shown.typing).toBe(true);
  await send(b, conversationId, 'Hello');
  await soon(() => shown).toEqual({ messages: ['Hello'], typing: false, unread: 1 });
  await client.get(`/messaging/conversations/${conversationId}/messages?page=1&limit=50`);
  await soon(() => shown.unread).toBe(0);
});
