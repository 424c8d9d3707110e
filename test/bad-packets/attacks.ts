import fc from 'fast-check';
import { openPacket } from '../socket-io/raw-client.ts';
import type { MemoryServer } from './memory-server.ts';
import { anyPacket } from './packets.ts';
import { PRELUDES, STATES } from './verdict.ts';

/** Something that somebody without manners does; how many packets it took. */
export type Attack = (server: MemoryServer) => Promise<number>;

const state = fc.constantFrom(...STATES);
const packets = fc.array(anyPacket, { minLength: 4, maxLength: 16 });
const POLLING = { EIO: '4', transport: 'polling' };

/** Packets over a WebSocket: served one by one, or all at once as API Gateway may have them. */
const overWebSocket = fc.record({ state, packets, isAtOnce: fc.boolean() }).map(
  ({ state, packets, isAtOnce }): Attack =>
    async (server) => {
      const connectionId = await server.open();
      for (const packet of PRELUDES[state]) await server.frame(connectionId, packet);
      if (isAtOnce) await Promise.all(packets.map((packet) => server.frame(connectionId, packet)));
      else for (const packet of packets) await server.frame(connectionId, packet);
      await server.sockets.ended(connectionId);
      return packets.length;
    },
);

/** Payloads, each answered before the next or not, beside a poll that waits. */
const overPolling = fc
  .record({ state, packets, perPayload: fc.integer({ min: 1, max: 5 }), isAtOnce: fc.boolean() })
  .map(
    ({ state, packets, perPayload, isAtOnce }): Attack =>
      async (server) => {
        const { sid } = openPacket((await server.request('GET', POLLING)).body);
        const query = { ...POLLING, sid };
        await server.request('POST', query, PRELUDES[state].join('\x1e'));
        const post = (payload: readonly string[]) => server.request('POST', query, payload.join('\x1e'));
        const payloads = chunks(packets, perPayload);
        const posting = isAtOnce ? Promise.all(payloads.map(post)) : oneByOne(payloads, post);
        await Promise.all([server.request('GET', query), posting]);
        await server.sockets.end(`polling-${sid}`);
        return packets.length;
      },
  );

/** Packets over both transports of a session that may move from one to the other meanwhile. */
const whileMoving = fc
  .record({ state, packets, probing: fc.array(fc.constantFrom('2probe', '5', '2', '5x', '6')) })
  .map(
    ({ state, packets, probing }): Attack =>
      async (server) => {
        const { sid } = openPacket((await server.request('GET', POLLING)).body);
        const query = { ...POLLING, sid };
        await server.request('POST', query, PRELUDES[state].join('\x1e'));
        const [first, second] = [await server.link(sid), await server.link(sid)];
        const frames = [...probing, ...packets];
        await Promise.all([
          server.request('GET', query),
          ...frames.map((frame, at) => server.frame(at % 4 === 3 ? second : first, frame)),
          server.request('POST', query, packets.join('\x1e')),
        ]);
        await Promise.all([server.sockets.ended(first), server.sockets.ended(second)]);
        await server.sockets.end(`polling-${sid}`);
        return frames.length + packets.length;
      },
  );

/** Requests and WebSockets for sessions that are not there, or somebody else's by a word that everybody may know. */
const forOthers = (known: readonly string[]) => {
  const sid = fc.oneof(
    fc.constantFrom(
      ...known,
      ...known.map((id) => `polling-${id}`),
      '__proto__',
      'constructor',
      '\u0000',
      '../x',
    ),
    fc.string({ minLength: 1 }),
  );
  return fc.record({ sid, packets, method: fc.constantFrom('GET', 'POST', 'PUT') }).map(
    ({ sid, packets, method }): Attack =>
      async (server) => {
        await server.request(method, { ...POLLING, sid }, packets.join('\x1e'));
        const connectionId = await server.link(sid);
        for (const frame of ['2probe', '5', ...packets]) await server.frame(connectionId, frame);
        await server.sockets.ended(connectionId);
        return 2 * packets.length + 2;
      },
  );
};

/** Anything of all this. */
export function anyAttack(known: readonly string[]): fc.Arbitrary<Attack> {
  return fc.oneof(overWebSocket, overPolling, whileMoving, forOthers(known));
}

function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return list.flatMap((_, at) => (at % size === 0 ? [list.slice(at, at + size)] : []));
}

async function oneByOne<T>(list: readonly T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (const one of list) await act(one);
}
