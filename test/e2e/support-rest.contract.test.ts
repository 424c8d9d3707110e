import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Person } from '../support/booking-scene.ts';
import { A_TIME, soon } from '../support/documented.ts';
import { type Answer, call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';
import {
  ask,
  type Desk,
  documentedMessage,
  lastMessageOf,
  newDesk,
  type SupportMessage,
} from '../support/support-scene.ts';

/** support.md “API Endpoints”, in its order: every answer whole, envelope and all. */

const backend = await backendForFile({ DIALECT: 'support' });

/** An answer as “API Response Format” has it. */
function expectDone({ status, body }: Answer, data: object, expected = 200): void {
  expect({ status, body }).toStrictEqual({
    status: expected,
    body: { success: true, message: expect.stringMatching(/./), data },
  });
}

/** A refusal in the same form. */
function expectRefused({ status, body }: Answer, expected: number, error: string, message: unknown): void {
  expect({ status, body }).toStrictEqual({
    status: expected,
    body: { success: false, message, data: null, error },
  });
}

const noSuch = `c${'0'.repeat(22)}`;

/** A conversation as the Conversations Collection has it, while nothing was said and nobody was there. */
function documentedConversation({ conversationId, bookingId, client, owner }: Desk, viewer: Person) {
  const participant = ({ userId, name, email }: Person, role: string) => ({
    user: { _id: userId, name, email },
    role,
    joinedAt: A_TIME,
    lastSeen: null as unknown,
    isOnline: false,
  });
  return {
    _id: conversationId,
    relatedBooking: bookingId,
    title: 'Haircut',
    status: 'active',
    participants: expect.toSatisfy((list: readonly { readonly role: string }[]) => {
      const sorted = list.toSorted((a, b) => b.role.localeCompare(a.role));
      expect(sorted).toStrictEqual([participant(client, 'customer'), participant(owner, 'admin')]);
      return true;
    }),
    lastMessage: null as unknown,
    unreadCounts: { [viewer.userId]: 0 },
    unreadCount: 0,
    createdAt: A_TIME,
    updatedAt: A_TIME,
  };
}

/** Sends a message by the route, and gives it as the answer has it. */
async function say(desk: Desk, person: Person, content: string, more: object = {}): Promise<SupportMessage> {
  const path = `/conversations/${desk.conversationId}/messages`;
  const answer = await ask(backend, person, 'POST', path, { content, ...more });
  expect(answer.status).toBe(201);
  return (answer.body.data as { readonly message: SupportMessage }).message;
}

describe('1. Get conversations', () => {
  test('the user’s own, with unread counts, and nobody else’s', async () => {
    const desk = await newDesk(backend);
    const message = await say(desk, desk.client, 'hello');
    const listed = documentedConversation(desk, desk.owner);
    expectDone(await ask(backend, desk.owner, 'GET', '/conversations?status=active&page=1&limit=20'), {
      conversations: [
        {
          ...listed,
          lastMessage: lastMessageOf(message),
          unreadCounts: { [desk.owner.userId]: 1 },
          unreadCount: 1,
          updatedAt: message.createdAt,
        },
      ],
      pagination: { page: 1, limit: 20, hasMore: false },
    });
    expectDone(await ask(backend, desk.stranger, 'GET', '/conversations'), {
      conversations: [],
      pagination: { page: 1, limit: 20, hasMore: false },
    });
  });

  test('with who is online, and when the others were last seen', async () => {
    const { client, owner, conversationId } = await newDesk(backend);
    const standings = async () => {
      const { body } = await ask(backend, owner, 'GET', '/conversations');
      const { conversations } = body.data as { readonly conversations: readonly Listed[] };
      const [listed] = conversations.filter(({ _id }) => _id === conversationId);
      return listed?.participants.find(({ user }) => user._id === client.userId);
    };
    const device = await openStock(backend, client);
    expect(await standings()).toMatchObject({ isOnline: true, lastSeen: A_TIME });
    device.socket.disconnect();
    await soon(() => standings()).toMatchObject({ isOnline: false, lastSeen: A_TIME });
  });

  test('page by page, latest activity first, and by status', async () => {
    const desk = await newDesk(backend);
    const page = async (query: string) => {
      const { body } = await ask(backend, desk.client, 'GET', `/conversations${query}`);
      const { conversations, pagination } = body.data as {
        readonly conversations: readonly Listed[];
        readonly pagination: object;
      };
      return { ids: conversations.map(({ _id }) => _id), pagination };
    };
    const pagination = { page: 1, limit: 1, hasMore: false };
    expect(await page('?limit=1')).toEqual({ ids: [desk.conversationId], pagination });
    expect(await page('?limit=1&page=2')).toEqual({ ids: [], pagination: { ...pagination, page: 2 } });
    await ask(backend, desk.owner, 'PATCH', `/conversations/${desk.conversationId}`, { status: 'archived' });
    for (const [status, ids] of [
      ['archived', [desk.conversationId]],
      ['active', []],
      ['closed', []],
    ] as const) {
      expect(await page(`?limit=1&status=${status}`)).toEqual({ ids, pagination });
    }
  });
});

type Listed = {
  readonly _id: string;
  readonly participants: readonly { readonly user: { readonly _id: string } }[];
};

describe('2. Get or create the conversation of a booking', () => {
  test('shows it whole, and the same to all who may see it', async () => {
    const desk = await newDesk(backend);
    const path = `/conversations/booking/${desk.bookingId}`;
    for (const person of [desk.client, desk.owner]) {
      const conversation = documentedConversation(desk, person);
      expectDone(await ask(backend, person, 'GET', path), { conversation });
    }
    expect((await ask(backend, desk.admin, 'GET', path)).status).toBe(200);
    expectRefused(await ask(backend, desk.stranger, 'GET', path), 403, 'UNAUTHORIZED', 'Access denied');
    expectRefused(
      await ask(backend, desk.client, 'GET', `/conversations/booking/${randomUUID()}`),
      404,
      'NOT_FOUND',
      'Booking not found',
    );
  });
});

describe('3. Get messages', () => {
  test('in chronological order, page 1 the newest, and marks them as read', async () => {
    const desk = await newDesk(backend);
    const { client, owner, conversationId } = desk;
    const sent = [
      await say(desk, client, 'one'),
      await say(desk, owner, 'two'),
      await say(desk, client, 'three'),
    ];
    const readBy = [{ user: owner.userId, readAt: A_TIME }];
    const shown = sent.map((message, index) => (index === 1 ? message : { ...message, readBy }));
    const path = `/conversations/${conversationId}/messages`;
    const whole = { page: 1, limit: 50, total: 3, pages: 1, hasMore: false };
    expectDone(await ask(backend, owner, 'GET', `${path}?page=1&limit=50`), {
      messages: shown,
      pagination: whole,
    });
    const inTwo = { ...whole, limit: 2, pages: 2 };
    expectDone(await ask(backend, owner, 'GET', `${path}?limit=2`), {
      messages: shown.slice(1),
      pagination: { ...inTwo, hasMore: true },
    });
    expectDone(await ask(backend, owner, 'GET', `${path}?limit=2&page=2`), {
      messages: shown.slice(0, 1),
      pagination: { ...inTwo, page: 2 },
    });
    expect((await owner.get('/api/messages/unread-count')).body.data).toEqual({ unreadCount: 0 });
    expect((await client.get('/api/messages/unread-count')).body.data).toEqual({ unreadCount: 1 });
  });
});

describe('4. Send a message', () => {
  test('stores it, shows it whole, and sends it by WebSocket', async () => {
    const desk = await newDesk(backend);
    const { client, owner, conversationId } = desk;
    const b = await openStock(backend, owner);
    await b.request('join_conversation', conversationId);
    const path = `/conversations/${conversationId}/messages`;
    const content = 'Message content';
    const message = documentedMessage(desk, client, content);
    const first = await ask(backend, client, 'POST', path, { content, messageType: 'text' });
    expectDone(first, { message }, 201);
    const { message: sent } = first.body.data as { readonly message: SupportMessage };
    expect(await b.next('new_message')).toStrictEqual({ conversationId, message: sent });
    const reply = { content: 'And', messageType: 'text', replyTo: sent._id };
    expectDone(await ask(backend, client, 'POST', path, reply), { message: { ...message, ...reply } }, 201);
    const { unreadCount } = (await owner.get('/api/messages/unread-count')).body.data as {
      readonly unreadCount: number;
    };
    expect(unreadCount).toBe(2);
  });
});

describe('5. Mark as read', () => {
  test('marks all messages and resets the user’s count', async () => {
    const desk = await newDesk(backend);
    const messages = [await say(desk, desk.client, 'one'), await say(desk, desk.client, 'two')];
    const { conversationId, owner } = desk;
    const path = `/conversations/${conversationId}/read`;
    expectDone(await ask(backend, owner, 'PUT', path), {
      conversationId,
      messageIds: messages.map(({ _id }) => _id),
      unreadCount: 0,
    });
    expectDone(await ask(backend, owner, 'PUT', path), { conversationId, messageIds: [], unreadCount: 0 });
    expect((await owner.get('/api/messages/unread-count')).body.data).toEqual({ unreadCount: 0 });
  });
});

describe('what the schema knows besides: edits, deletions, reactions, title and status', () => {
  test('each answers with what stands now', async () => {
    const desk = await newDesk(backend);
    const { client, owner, conversationId } = desk;
    const message = await say(desk, client, 'tpyo');
    const path = `/messages/${message._id}`;
    const edited = { ...message, content: 'typo', isEdited: true, editedAt: A_TIME, updatedAt: A_TIME };
    expectDone(await ask(backend, client, 'PATCH', path, { content: 'typo' }), { message: edited });
    const reactions = [{ user: owner.userId, emoji: '👍', createdAt: A_TIME }];
    const reaction = `${path}/reactions/${encodeURIComponent('👍')}`;
    expectDone(await ask(backend, owner, 'PUT', reaction), { message: { ...edited, reactions } });
    expectDone(await ask(backend, owner, 'DELETE', reaction), { message: edited });
    const gone = { ...edited, content: '', isDeleted: true, deletedAt: A_TIME };
    expectDone(await ask(backend, client, 'DELETE', path), { message: gone });
    const change = { title: 'Done', status: 'archived' };
    const conversation = {
      ...documentedConversation(desk, client),
      ...change,
      lastMessage: { ...lastMessageOf(message), content: '' },
    };
    expectDone(await ask(backend, client, 'PATCH', `/conversations/${conversationId}`, change), {
      conversation,
    });
  });
});

describe('Error handling', () => {
  type Route = readonly [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown];
  const about = (conversationId: string, messageId: string): readonly Route[] => [
    ['GET', `/conversations/${conversationId}/messages`],
    ['POST', `/conversations/${conversationId}/messages`, { content: 'x' }],
    ['PUT', `/conversations/${conversationId}/read`],
    ['PATCH', `/conversations/${conversationId}`, { title: 'x' }],
    ['PATCH', `/messages/${messageId}`, { content: 'x' }],
    ['DELETE', `/messages/${messageId}`],
    ['PUT', `/messages/${messageId}/reactions/x`],
    ['DELETE', `/messages/${messageId}/reactions/x`],
  ];

  test('401: authentication required', async () => {
    const desk = await newDesk(backend);
    const routes: readonly Route[] = [
      ['GET', '/conversations'],
      ['GET', `/conversations/booking/${desk.bookingId}`],
      ...about(desk.conversationId, `${desk.conversationId}.1`),
    ];
    for (const [method, path, body] of routes) {
      const given = body === undefined ? {} : { body };
      const answer = await call(backend, method, `/messaging${path}`, given);
      expectRefused(answer, 401, 'AUTHENTICATION_FAILED', 'Authentication required');
    }
  });

  test('403: not a participant; 404: no such conversation or message', async () => {
    const desk = await newDesk(backend);
    const { _id } = await say(desk, desk.client, 'hello');
    for (const route of about(desk.conversationId, _id)) {
      const answer = await ask(backend, desk.stranger, ...route);
      expectRefused(answer, 403, 'UNAUTHORIZED', 'Access denied');
    }
    const missing = expect.stringMatching(/^(Conversation|Message) not found$/);
    for (const route of about(noSuch, `${noSuch}.1`)) {
      expectRefused(await ask(backend, desk.client, ...route), 404, 'NOT_FOUND', missing);
    }
    for (const route of about(desk.conversationId, `${desk.conversationId}.99`).slice(4)) {
      expectRefused(await ask(backend, desk.client, ...route), 404, 'NOT_FOUND', 'Message not found');
    }
  });

  test('400: validation errors', async () => {
    const desk = await newDesk(backend);
    const path = `/conversations/${desk.conversationId}`;
    const wrong: readonly Route[] = [
      ['POST', `${path}/messages`, { content: '' }],
      ['POST', `${path}/messages`, { content: 'x'.repeat(2001) }],
      ['POST', `${path}/messages`, { content: 'x', messageType: 'system' }],
      ['PATCH', path, {}],
      ['PATCH', `/messages/${desk.conversationId}.1`, { content: ' ' }],
      ['GET', '/conversations?status=open'],
      ['GET', '/conversations?page=0'],
      ['GET', `${path}/messages?limit=101`],
    ];
    const invalid = expect.stringMatching(/^Invalid payload: /);
    for (const route of wrong) {
      expectRefused(await ask(backend, desk.client, ...route), 400, 'INVALID_PAYLOAD', invalid);
    }
  });
});
