import { beforeAll, describe, expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { dialectNamed } from '../../lambdas/dialects/registry.ts';
import { EXPIRES_S, type Ground, newGround, PERSONAS, type Persona } from '../support/ground.ts';
import { type NativeClient, openNative } from '../support/native-client.ts';
import { backendForFile } from '../support/stack.ts';

/* Every event, asked for by everybody whom it may concern, and by those whom it may not. */

const backend = await backendForFile();

/** What each is answered: `ok`, or the code of the refusal. */
type Verdicts = Readonly<Record<Persona, string>>;

let ground: Ground;
beforeAll(async () => {
  ground = await newGround(backend);
});

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

const INBOX: readonly Row[] = [
  ['notification:read', ({ notificationId }) => notificationId, nobodyBut('client', 'NOT_FOUND')],
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
    ['message:delete', ({ doomedId }) => doomedId, author('UNAUTHORIZED', 'NOT_FOUND')],
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
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(Object.keys(dialectNamed(dialect).events)));
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
  await backend.pass(EXPIRES_S * 1000 + 100);
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

describe.each(Object.keys(GRID) as readonly DialectName[])('authenticate in %s', (dialect) => {
  test('is for whoever the connection speaks for, or for anybody where it speaks for nobody yet', async () => {
    const { client, stranger } = ground.scene;
    const devices = await openDevices(dialect);
    const found: Record<string, string> = {};
    for (const persona of PERSONAS) {
      found[persona] = await verdict(devices[persona], 'authenticate', { token: client.token });
    }
    const foreign = 'UNAUTHORIZED';
    expect(found).toEqual({
      ...{ client: 'ok', expired: 'ok', anonymous: 'ok' },
      ...{ owner: foreign, stranger: foreign, admin: foreign, service: foreign },
    });
    expect(await verdict(devices.expired, 'notifications:read-all', undefined)).toBe('ok');
    expect(await verdict(devices.anonymous, 'authenticate', stranger.token)).toBe('UNAUTHORIZED');
  });
});
