import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { dialectNamed } from '../../lambdas/dialects/registry.ts';
import { newBooking, newScene, type Scene } from '../support/booking-scene.ts';
import { type NativeClient, openNative } from '../support/native-client.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

/* Every event and every route, asked for by everybody whom it may concern, and by those whom it may not. */

const backend = await backendForFile();

const PERSONAS = ['client', 'owner', 'stranger', 'admin', 'service', 'expired', 'anonymous'] as const;
type Persona = (typeof PERSONAS)[number];

/** What each is answered: `ok`, or the code of the refusal. */
type Verdicts = Readonly<Record<Persona, string>>;

/** A place in which the client has said something, and what the personas show. */
type Ground = {
  readonly scene: Scene;
  /** Another booking of the two, where no admin has been. */
  readonly quietBookingId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly tokens: Readonly<Record<Persona, string | undefined>>;
};

let ground: Ground;
beforeAll(async () => {
  const scene = await newScene(backend);
  const { client, owner, stranger, bookingId } = scene;
  const opened = await client.get(`/messaging/conversations/booking/${bookingId}`);
  const { conversation } = opened.body.data as { readonly conversation: { readonly _id: string } };
  const path = `/messaging/conversations/${conversation._id}/messages`;
  const sent = await client.post(path, { content: 'Hello' });
  const { message } = sent.body.data as { readonly message: { readonly _id: string } };
  const exp = Math.floor(backend.now() / 1000) + EXPIRES_S;
  ground = {
    scene,
    quietBookingId: await newBooking(backend, scene),
    conversationId: conversation._id,
    messageId: message._id,
    tokens: {
      client: client.token,
      owner: owner.token,
      stranger: stranger.token,
      admin: await backend.token({ sub: `admin-${randomUUID()}`, name: 'Ada', role: 'admin' }),
      service: await backend.token({ sub: `service-${randomUUID()}`, name: 'Platform', role: 'service' }),
      expired: await backend.token({ sub: client.userId, exp }),
      anonymous: undefined,
    },
  };
});

/** Long enough to open the devices that are then to be expired, in seconds. */
const EXPIRES_S = 4;

const NOBODY = { expired: 'AUTHENTICATION_FAILED', anonymous: 'AUTHENTICATION_FAILED' } as const;
const anybody: Verdicts = {
  client: 'ok',
  owner: 'ok',
  stranger: 'ok',
  admin: 'ok',
  service: 'ok',
  ...NOBODY,
};
const parties = (refusal: string, admin = refusal): Verdicts => ({
  ...{ client: 'ok', owner: 'ok', stranger: refusal, admin, service: refusal },
  ...NOBODY,
});
const author = (refusal: string, outside: string, admin = outside): Verdicts => ({
  ...{ client: 'ok', owner: refusal, stranger: outside, admin, service: outside },
  ...NOBODY,
});
const nobodyBut = (one: Persona, refusal: string): Verdicts => {
  const refused = Object.fromEntries(PERSONAS.map((persona) => [persona, refusal])) as Verdicts;
  return { ...refused, [one]: 'ok', ...NOBODY };
};

type Row = readonly [event: string, payload: (ground: Ground) => unknown, verdicts: Verdicts];

const inRoom = ({ conversationId }: Ground) => ({ conversationId });
const toOwner = (name: string) => (here: Ground) => ({
  [name]: here.scene.owner.userId,
  content: 'x',
  isTyping: true,
});
const unknownNotification = () => 'nothing';
const none = (code: string): Verdicts => ({
  ...{ client: code, owner: code, stranger: code, admin: code, service: code },
  ...NOBODY,
});

const INBOX: readonly Row[] = [
  ['notification:read', unknownNotification, none('NOT_FOUND')],
  ['notifications:read-all', () => undefined, anybody],
];

/** By dialect: every event that it serves, in an order in which each finds what it needs. */
const GRID: Readonly<Record<DialectName, readonly Row[]>> = {
  booking: [
    ['joinBooking', ({ scene }) => scene.bookingId, parties('UNAUTHORIZED')],
    ['sendMessage', ({ scene }) => ({ bookingId: scene.bookingId, content: 'x' }), parties('UNAUTHORIZED')],
    ['typing', ({ scene }) => ({ bookingId: scene.bookingId, isTyping: false }), parties('UNAUTHORIZED')],
    ['markAsRead', ({ messageId }) => ({ messageIds: [messageId] }), parties('UNAUTHORIZED')],
    ['leaveBooking', ({ scene }) => scene.bookingId, anybody],
    ...INBOX,
  ],
  conversation: [
    ['join:conversation', inRoom, parties('NOT_FOUND')],
    ['message:send', (here) => ({ ...inRoom(here), content: 'x' }), parties('NOT_FOUND')],
    ['typing:start', inRoom, parties('NOT_FOUND')],
    ['typing:stop', inRoom, parties('NOT_FOUND')],
    ['messages:read', inRoom, parties('NOT_FOUND')],
    ['message:react', ({ messageId }) => ({ messageId, emoji: '👍' }), parties('NOT_FOUND')],
    ['message:edit', ({ messageId }) => ({ messageId, content: 'y' }), author('UNAUTHORIZED', 'NOT_FOUND')],
    ['conversation:get-online-users', inRoom, parties('NOT_FOUND')],
    ['user:get-status', ({ scene }) => scene.owner.userId, anybody],
    ['users:get-status', ({ scene }) => [scene.owner.userId], anybody],
    ['leave:conversation', inRoom, anybody],
    ...INBOX,
  ],
  direct: [
    ['send_message', toOwner('receiverId'), { ...anybody, owner: 'NOT_FOUND' }],
    ['typing_start', toOwner('receiverId'), { ...anybody, owner: 'NOT_FOUND' }],
    ['typing_stop', toOwner('receiverId'), { ...anybody, owner: 'NOT_FOUND' }],
    [
      'mark_message_read',
      ({ messageId }) => ({ messageId }),
      { ...parties('UNAUTHORIZED'), client: 'UNAUTHORIZED' },
    ],
    ['get_message_history', ({ scene }) => ({ otherUserId: scene.owner.userId }), anybody],
    ['get_unread_count', () => undefined, anybody],
    ...INBOX,
  ],
  appointment: [
    ['message:send', toOwner('recipientId'), { ...anybody, owner: 'NOT_FOUND' }],
    ['message:typing', toOwner('recipientId'), { ...anybody, owner: 'NOT_FOUND' }],
    ['message:read', ({ messageId }) => ({ messageId }), parties('UNAUTHORIZED')],
    ...INBOX,
  ],
  support: [
    ['admin_broadcast', () => ({ message: 'x' }), nobodyBut('admin', 'UNAUTHORIZED')],
    ['typing_start', inRoom, parties('UNAUTHORIZED', 'ok')],
    ['typing_stop', inRoom, parties('UNAUTHORIZED', 'ok')],
    ['join_conversation', inRoom, parties('UNAUTHORIZED', 'ok')],
    ['send_message', (here) => ({ ...inRoom(here), content: 'x' }), parties('UNAUTHORIZED', 'ok')],
    ['leave_conversation', inRoom, anybody],
    ...INBOX,
  ],
};

describe.each(Object.entries(GRID) as readonly [DialectName, readonly Row[]][])('%s', (dialect, rows) => {
  let devices: Readonly<Record<Persona, NativeClient>>;
  beforeAll(async () => {
    devices = await openDevices(dialect);
  });

  test('has no event that is not in this grid', () => {
    // Deletion comes last of all, in a test of its own.
    const served = [...dialectNamed(dialect).events.keys()].filter((name) => name !== 'message:delete');
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(served));
  });

  test.each(rows)('%s is for whom it concerns', async (name, payload, verdicts) => {
    const found: Record<string, string> = {};
    for (const persona of PERSONAS) found[persona] = await verdict(devices[persona], name, payload(ground));
    expect(found).toEqual(verdicts);
  });
});

async function openDevices(dialect: DialectName): Promise<Readonly<Record<Persona, NativeClient>>> {
  const exp = Math.floor(backend.now() / 1000) + EXPIRES_S;
  const expired = await backend.token({ sub: ground.scene.client.userId, exp });
  const tokens = { ...ground.tokens, expired };
  const opened = await Promise.all(
    PERSONAS.map(async (persona) => {
      const token = tokens[persona];
      const device = await openNative(backend.webSocketUrl, {
        dialect,
        ...(token !== undefined && { token }),
      });
      if (typeof device === 'number') throw new Error(`${persona} was refused with ${device}.`);
      return [persona, device] as const;
    }),
  );
  await pause(Math.max(0, exp * 1000 - backend.now()) + 100);
  return Object.fromEntries(opened) as Readonly<Record<Persona, NativeClient>>;
}

/** `ok`, or the code of the refusal, which the acknowledgement and the `error` event both tell. */
async function verdict(device: NativeClient, name: string, payload: unknown): Promise<string> {
  const reply = (await device.request(name, payload)) as {
    readonly ok?: boolean;
    readonly error?: { readonly code: string };
  };
  if (reply.error === undefined) return 'ok';
  expect(await device.next('error')).toEqual(reply.error);
  return reply.error.code;
}

describe('what is not the caller’s', () => {
  test('is answered in conversation as what does not exist', async () => {
    const { stranger } = ground.scene;
    const device = await stranger.connect({ token: stranger.token, dialect: 'conversation' });
    const absent = { conversationId: 'c0000000000000000000000' };
    for (const name of [
      'join:conversation',
      'typing:start',
      'messages:read',
      'conversation:get-online-users',
    ]) {
      const [foreign, missing] = [
        await device.request(name, inRoom(ground)),
        await device.request(name, absent),
      ];
      expect(foreign).toEqual(missing);
    }
    for (const name of ['message:edit', 'message:delete', 'message:react']) {
      const about = (messageId: string) => ({ messageId, content: 'x', emoji: 'x' });
      const foreign = await device.request(name, about(ground.messageId));
      expect(foreign).toEqual(await device.request(name, about(`${absent.conversationId}.1`)));
    }
  });

  test('is answered in booking, direct and appointment as what does not exist, where it is a message', async () => {
    const { stranger } = ground.scene;
    const absent = 'c0000000000000000000000.1';
    for (const [dialect, name, about] of [
      ['booking', 'markAsRead', (messageId: string) => ({ messageIds: [messageId] })],
      ['direct', 'mark_message_read', (messageId: string) => ({ messageId })],
      ['appointment', 'message:read', (messageId: string) => ({ messageId })],
    ] as const) {
      const device = await stranger.connect({ token: stranger.token, dialect });
      const foreign = await device.request(name, about(ground.messageId));
      expect(foreign).toEqual(await device.request(name, about(absent)));
    }
  });
});

type Route = readonly [
  method: string,
  path: (ground: Ground) => string,
  body: unknown,
  statuses: Readonly<Record<Persona, number>>,
];

const GONE = { expired: 401, anonymous: 401 } as const;
const all = { ...{ client: 200, owner: 200, stranger: 200, admin: 200, service: 200 }, ...GONE };
const both = { ...all, stranger: 403, admin: 403, service: 403 };
const desk = { ...both, admin: 200 };
const backendOnly = { ...all, client: 403, owner: 403, stranger: 403, admin: 403 };
const said = (one: Readonly<Record<Persona, number>>) =>
  Object.fromEntries(
    Object.entries(one).map(([persona, status]) => [persona, status === 200 ? 201 : status]),
  ) as Readonly<Record<Persona, number>>;

const ROUTES: readonly Route[] = [
  ['GET', ({ quietBookingId }) => `/api/messages/booking/${quietBookingId}`, undefined, both],
  ['GET', () => '/api/messages/my-conversations', undefined, all],
  [
    'GET',
    ({ scene }) => `/api/messages/business/${scene.businessId}/conversations`,
    undefined,
    { ...both, client: 403 },
  ],
  ['GET', () => '/api/messages/unread-count', undefined, all],
  ['GET', () => '/api/notifications', undefined, all],
  ['GET', () => '/messaging/conversations', undefined, all],
  ['GET', ({ scene }) => `/messaging/conversations/booking/${scene.bookingId}`, undefined, desk],
  ['GET', ({ conversationId }) => `/messaging/conversations/${conversationId}/messages`, undefined, desk],
  ['PUT', ({ conversationId }) => `/messaging/conversations/${conversationId}/read`, undefined, desk],
  ['PATCH', ({ conversationId }) => `/messaging/conversations/${conversationId}`, { title: 'x' }, desk],
  ['PUT', ({ messageId }) => `/messaging/messages/${messageId}/reactions/x`, undefined, desk],
  ['DELETE', ({ messageId }) => `/messaging/messages/${messageId}/reactions/x`, undefined, desk],
  ['PATCH', ({ messageId }) => `/messaging/messages/${messageId}`, { content: 'z' }, { ...both, owner: 403 }],
  [
    'POST',
    ({ conversationId }) => `/messaging/conversations/${conversationId}/messages`,
    { content: 'x' },
    said(desk),
  ],
  ['PUT', () => '/api/server/users/somebody', { name: 'Somebody' }, backendOnly],
];

test.each(ROUTES)('%s %s is for whom it concerns', async (method, path, body, statuses) => {
  const found: Record<string, number> = {};
  for (const persona of PERSONAS) {
    const token = persona === 'expired' ? await expiredToken() : ground.tokens[persona];
    const answer = await call(backend, method, path(ground), {
      ...(token !== undefined && { token }),
      ...(body !== undefined && { body }),
    });
    found[persona] = answer.status;
  }
  expect(found).toEqual(statuses);
});

async function expiredToken(): Promise<string> {
  return backend.token({ sub: ground.scene.client.userId, exp: Math.floor(backend.now() / 1000) - 1 });
}
