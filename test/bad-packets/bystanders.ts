import { expect } from 'vitest';
import { openPacket } from '../socket-io/raw-client.ts';
import type { MemoryServer } from './memory-server.ts';

/** Sessions that share a store with what is tried, and that nobody else's words may touch. */
export type Bystanders = {
  /** What others may know of them: the ids of their sockets, connections and WebSocket sessions. */
  readonly known: readonly string[];
  readonly keys: ReadonlySet<string>;
  /** Nothing is stored of them, or has been said to them, but what was before. */
  readonly expectUntouched: () => void;
  /** They are served as ever. */
  readonly expectServed: () => Promise<void>;
};

const POLLING = { EIO: '4', transport: 'polling' };

/** One on a WebSocket, one on HTTP long-polling with mail, and one on its way from there to a WebSocket. */
export async function letStandBy(server: MemoryServer): Promise<Bystanders> {
  const socket = await server.open();
  await server.frame(socket, '40');
  await server.frame(socket, '40/custom');
  const polling = await joinPolling(server);
  const moving = await joinPolling(server);
  const probe = await server.link(moving.sid);
  await server.frame(probe, '2probe');
  const keys = [socket, `polling-${polling.sid}`, `polling-${moving.sid}`, probe];
  const before = keys.map((key) => stateOf(server, key));
  return {
    known: [
      ...keys.flatMap((key) => socketIdsOf(server, key)),
      socket,
      probe,
      server.rows.row(socket)?.sid ?? '',
    ],
    keys: new Set(keys),
    expectUntouched: () => expect(keys.map((key) => stateOf(server, key))).toEqual(before),
    expectServed: async () => {
      await server.frame(socket, '427["message-with-ack","ws"]');
      expect(server.gateway.framesOf(socket).at(-1)).toBe('437["ws"]');
      await polling.post('427["message-with-ack","polling"]');
      expect((await polling.poll()).endsWith('\x1e437["polling"]')).toBe(true);
      await server.frame(probe, '5');
      await server.frame(probe, '427["message-with-ack","moved"]');
      expect(server.gateway.framesOf(probe).at(-1)).toBe('437["moved"]');
    },
  };
}

/** What is stored of a session or a WebSocket, how much was said to it, and whether it was cut off. */
function stateOf({ rows, gateway }: MemoryServer, key: string) {
  return {
    row: rows.all.get(key),
    said: gateway.framesOf(key).length,
    isCutOff: gateway.cutOff.includes(key),
  };
}

function socketIdsOf({ rows }: MemoryServer, key: string): readonly string[] {
  return Object.values(rows.row(key)?.sockets ?? {}).map(({ sid }) => sid);
}

/** A session whose mailbox still holds what it was told when it joined. */
async function joinPolling(server: MemoryServer) {
  const { sid } = openPacket((await server.request('GET', POLLING)).body);
  const query = { ...POLLING, sid };
  const post = async (body: string) => {
    expect(await server.request('POST', query, body)).toMatchObject({ status: 200 });
  };
  await post('40');
  return { sid, post, poll: async () => (await server.request('GET', query)).body };
}
