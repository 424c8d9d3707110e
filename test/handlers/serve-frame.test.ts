import { describe, expect, test, vi } from 'vitest';
import type { Caller, Connection } from '../../lambdas/core/connection.ts';
import type { Message } from '../../lambdas/core/conversation.ts';
import type { Tokens } from '../../lambdas/core/identify-user.ts';
import { answerPing } from '../../lambdas/handlers/answer-ping.ts';
import { countingAlong } from '../../lambdas/handlers/counting-along.ts';
import { knownConnections } from '../../lambdas/handlers/known-connections.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { serveFrame } from '../../lambdas/handlers/serve-frame.ts';
import { VERBS } from '../../lambdas/handlers/verbs.ts';
import { message } from '../dialects/scene.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryLogbook } from '../fakes/memory-logbook.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

const BOOKING = { bookingId: 'b1', clientId: 'ann', businessId: 'salon' };
const INTERNAL = { code: 'INTERNAL', message: 'Internal error' };
const refusedFrames = (id: number) => [
  JSON.stringify({ event: 'error', data: { message: INTERNAL.message, code: INTERNAL.code } }),
  JSON.stringify({
    reply: id,
    data: { ok: false, error: { message: INTERNAL.message, code: INTERNAL.code } },
  }),
];

/** The functions behind the routes, with Ann's device in the room of her booking. */
async function serving(tokens?: Tokens) {
  let broken: string | undefined;
  const turn = async (call: string) => {
    if (call === broken) throw new Error(`${call}: the table is on fire`);
  };
  const { ports, clock } = memoryPorts({ turn });
  const [gateway, log] = [memoryGateway(), memoryLogbook()];
  const caller: Caller & { readonly connectionId: string } = {
    userId: 'ann',
    name: 'Ann',
    dialect: 'booking',
    expiresAt: clock.now() + 3_600_000,
    connectionId: 'phone',
  };
  const connection: Connection = { connectionId: 'phone', wire: 'native', dialect: 'booking', caller };
  await ports.directory.saveBusiness({ businessId: 'salon', name: 'Salon', ownerId: 'ben' });
  await ports.directory.saveBooking(BOOKING);
  await ports.connections.open(connection, clock.now());
  const outbox = createOutbox({ ports, gateway, log });
  const known = knownConnections(ports.connections);
  const messaging = { ports, outbox, known, defaultDialect: 'booking', log } as const;
  const abilities = { verbs: VERBS, ...(tokens && { tokens }) };
  const serve = (frame: object) => serveFrame(messaging, abilities, 'phone', JSON.stringify(frame));
  await serve({ action: 'joinBooking', data: 'b1' });
  return {
    serve,
    log,
    frames: () => gateway.framesOf('phone'),
    gatewayFrames: (connectionId: string) => gateway.framesOf(connectionId),
    breakDown: (call: string | undefined) => {
      broken = call;
    },
    ports,
    connection,
    messaging,
  };
}

describe('when something inside fails', () => {
  test.each(['log.head', 'log.append', 'claims.claim'])(
    'in %s, the client learns no more than that, and the log learns all',
    async (call) => {
      const { serve, frames, log, breakDown } = await serving();
      breakDown(call);
      const data = { bookingId: 'b1', content: 'hello', clientMessageId: 'm-1' };
      await serve({ action: 'sendMessage', data, id: 1 });
      expect(frames()).toEqual(refusedFrames(1));
      expect(log.errors).toMatchObject([
        { fields: { connectionId: 'phone', cause: { message: `${call}: the table is on fire` } } },
      ]);
      breakDown(undefined);
      await serve({ action: 'sendMessage', data, id: 2 });
      expect(frames().at(2)).toContain('"reply":2,"data":{"ok":true');
    },
  );

  test('before it is known who speaks, a frame that asks for an answer gets it too', async () => {
    const { frames, log, breakDown, ports, messaging } = await serving();
    const cold = { ...messaging, known: knownConnections(ports.connections) };
    breakDown('connections.find');
    await serveFrame(cold, { verbs: VERBS }, 'phone', '{"action":"joinBooking","data":"b1","id":5}');
    expect(frames()).toEqual(refusedFrames(5));
    await serveFrame(cold, { verbs: VERBS }, 'phone', '{"action":"parley:resume","id":6}');
    expect(frames().slice(2)).toEqual(refusedFrames(6).slice(1));
    expect(log.errors).toHaveLength(2);
  });

  test('after the answer, it is logged and not told as a failure of the event', async () => {
    const { serve, frames, log, breakDown } = await serving();
    await serve({ action: 'typing', data: { bookingId: 'b1', isTyping: true } });
    breakDown('connections.saveTyping');
    await serve({ action: 'sendMessage', data: { bookingId: 'b1', content: 'hello' }, id: 1 });
    expect(frames().filter((frame) => frame.includes('"error"'))).toEqual([]);
    expect(log.errors).toMatchObject([{ event: 'afterwards' }]);
  });

  test('in checking a token, it is not the token’s fault', async () => {
    const tokens = { verify: () => Promise.reject(new Error('no key set')) };
    const { serve, frames, log } = await serving(tokens);
    await serve({ action: 'authenticate', data: 'a token', id: 1 });
    expect(frames()).toEqual(refusedFrames(1));
    expect(log.errors).toMatchObject([{ fields: { cause: { message: 'no key set' } } }]);
  });

  test('a refusal that is the client’s own fault is not logged as an error', async () => {
    const { serve, frames, log } = await serving();
    await serve({ action: 'joinBooking', data: 'no-such-booking' });
    expect(frames()).toHaveLength(1);
    expect(log.errors).toEqual([]);
  });
});

test('an answer that no frame can hold is word that less must be asked for', async () => {
  const { ports, connection, messaging, gatewayFrames } = await serving();
  const speaksDirect = { connectionId: 'laptop', dialect: 'direct' } as const;
  const caller = { ...connection.caller, ...speaksDirect } as Caller & { readonly connectionId: string };
  await ports.connections.open({ ...connection, ...speaksDirect, caller }, 0);
  const messages = Array.from({ length: 50 }, () => ({ ...message, content: '€'.repeat(1_000) }));
  const ask = async (shown: readonly Message[], id: number) => {
    const history = { messages: shown, total: 50, hasMore: false };
    const verbs = { 'read-history': async () => ({ reply: { history }, deliveries: [] }) };
    const frame = { action: 'get_message_history', data: { otherUserId: 'ben' }, id };
    await serveFrame(messaging, { verbs }, 'laptop', JSON.stringify(frame));
  };
  const error = { message: 'The answer is too large, ask for less', code: 'INVALID_PAYLOAD' };
  await ask(messages, 1);
  expect(gatewayFrames('laptop')).toEqual([
    JSON.stringify({ event: 'error', data: error }),
    JSON.stringify({ reply: 1, data: { ok: false, error } }),
  ]);
  await ask(messages.slice(0, 25), 2);
  expect(gatewayFrames('laptop')).toHaveLength(4);
  expect(gatewayFrames('laptop')[2]).toContain('"event":"message_history"');
});

describe('a client that counts along', () => {
  /** The same with Ann's second device, which asked for offsets. */
  async function counting() {
    const scene = await serving();
    const { ports, connection, messaging, gatewayFrames } = scene;
    const caller = { ...connection.caller, connectionId: 'laptop' } as Caller & {
      readonly connectionId: string;
    };
    await ports.connections.open({ ...connection, connectionId: 'laptop', offsets: true, caller }, 0);
    const ask = (frame: object) =>
      serveFrame(messaging, countingAlong({ verbs: VERBS }), 'laptop', JSON.stringify(frame));
    const frames = () => gatewayFrames('laptop').map((frame) => JSON.parse(frame) as Record<string, unknown>);
    return { ...scene, ask, laptop: frames };
  }

  test('learns with each message, and each reply about one log, which place that is', async () => {
    const { ask, serve, laptop, frames } = await counting();
    await ask({ action: 'joinBooking', data: 'b1', id: 1 });
    await ask({ action: 'sendMessage', data: { bookingId: 'b1', content: 'one' }, id: 2 });
    await serve({ action: 'sendMessage', data: { bookingId: 'b1', content: 'two' }, id: 3 });
    await ask({ action: 'joinBooking', data: 'b1', id: 4 });
    await ask({ action: 'typing', data: { bookingId: 'b1', isTyping: true }, id: 5 });
    const [{ offset } = {}] = laptop();
    const id = String(offset).replace(/\.0$/, '');
    expect(laptop()).toMatchObject([
      { reply: 1, offset: `${id}.0` },
      { reply: 2, offset: `${id}.1` },
      { event: 'newMessage', offset: `${id}.1` },
      { event: 'newMessage', offset: `${id}.2` },
      { reply: 4, offset: `${id}.2` },
      { reply: 5, data: { ok: true } },
    ]);
    expect(laptop().at(-1)).not.toHaveProperty('offset');
    // Plain clients are sent what they always were.
    expect(frames().filter((frame) => frame.includes('offset'))).toEqual([]);
  });

  test('learns of a repeat which place its first had', async () => {
    const { ask, laptop } = await counting();
    const data = { bookingId: 'b1', content: 'one', clientMessageId: 'm' };
    await ask({ action: 'sendMessage', data, id: 1 });
    await ask({ action: 'sendMessage', data, id: 2 });
    expect(laptop().map(({ offset }) => offset)).toEqual([laptop()[0]?.offset, laptop()[0]?.offset]);
  });

  test('is refused a resumption or a page in words that say nothing of what exists', async () => {
    const { ask, laptop } = await counting();
    await ask({ action: 'parley:history', data: { bookingId: 'nowhere' }, id: 1 });
    const error = { code: 'NOT_FOUND', message: 'Conversation not found' };
    expect(laptop()).toEqual([{ reply: 1, data: { ok: false, error } }]);
  });

  test('is told of a refusal by an event only where it waits for no answer', async () => {
    const { ask, laptop } = await counting();
    const error = { code: 'INVALID_PAYLOAD', message: expect.any(String) };
    for (const action of ['parley:resume', 'parley:unheard-of']) {
      await ask({ action, data: { joined: 7 }, id: 1 });
      await ask({ action, data: { joined: 7 } });
    }
    const told = [
      { reply: 1, data: { ok: false, error } },
      { event: 'error', data: error },
    ];
    expect(laptop()).toEqual([...told, ...told]);
  });
});

test('a ping is answered with the time, and nothing is read or written for it', async () => {
  const { messaging, gatewayFrames, log } = await serving();
  const untouched = (name: string) => () => Promise.reject(new Error(name));
  const connections = { ...messaging.ports.connections, find: untouched('find') };
  const ports = { ...messaging.ports, connections, log: {} as never };
  const ping = (body: string) => answerPing({ ...messaging, ports }, 'desk', body);
  expect(await ping('{"action":"ping","id":9}')).toBe(true);
  expect(await ping('{"action":"ping"}')).toBe(true);
  expect(await ping('{"action":"typing","id":9}')).toBe(false);
  const at = new Date(messaging.ports.clock.now()).toISOString();
  expect(gatewayFrames('desk')).toEqual([JSON.stringify({ reply: 9, data: { ok: true, at } })]);
  expect(log.errors).toEqual([]);
});

describe('a function', () => {
  test('does only what it carries', async () => {
    const { frames, messaging } = await serving();
    const frame = '{"action":"sendMessage","data":{"bookingId":"b1","content":"x"}}';
    await serveFrame(messaging, { verbs: {} }, 'phone', frame);
    await serveFrame(messaging, { verbs: VERBS }, 'phone', '{"action":"authenticate","data":"token"}');
    const error = '{"event":"error","data":{"message":"Unknown event","code":"INVALID_PAYLOAD"}}';
    expect(frames()).toEqual([error, error]);
  });

  test('reads who speaks once, and again when the token that it knows has run out', async () => {
    const { ports, connection, messaging } = await serving();
    const find = vi.fn(ports.connections.find);
    const known = knownConnections({ find });
    const serve = () =>
      serveFrame({ ...messaging, known }, { verbs: VERBS }, 'phone', '{"action":"leaveBooking","data":"b1"}');
    await serve();
    await serve();
    expect(find).toHaveBeenCalledTimes(1);
    const now = ports.clock.now();
    if (!connection.caller) throw new Error('Ann has authenticated.');
    const renewed = { ...connection.caller, expiresAt: now + 7_200_000 };
    await ports.connections.renew({ ...connection, caller: renewed }, now);
    await ports.clock.sleep(3_600_000);
    await serve();
    await serve();
    expect(find).toHaveBeenCalledTimes(2);
  });
});
