import { openPacket } from '../socket-io/raw-client.ts';
import type { MemoryServer } from './memory-server.ts';
import { talkByRequests } from './network-talk.ts';
import { PRELUDES, type State, type Talk, verdictOf } from './verdict.ts';

/** A session on a WebSocket. */
export async function webSocketTalk(server: MemoryServer, state: State): Promise<Talk> {
  const connectionId = await server.open();
  let heard = 0;
  const talk: Talk = {
    tell: async (packet) => {
      await server.frame(connectionId, packet);
      const frames = server.gateway.framesOf(connectionId).slice(heard);
      heard += frames.length;
      return server.gateway.cutOff.includes(connectionId) ? 'closed' : verdictOf(frames);
    },
    end: () => server.sockets.ended(connectionId),
  };
  for (const packet of PRELUDES[state]) await talk.tell(packet);
  return talk;
}

/** A session on HTTP long-polling. */
export async function pollingTalk(server: MemoryServer, state: State): Promise<Talk> {
  const { body } = await server.request('GET', { EIO: '4', transport: 'polling' });
  const query = { EIO: '4', transport: 'polling', sid: openPacket(body).sid };
  const requests = {
    post: (payload: string) => server.request('POST', query, payload),
    poll: () => server.request('GET', query),
  };
  return talkByRequests(requests, state);
}
