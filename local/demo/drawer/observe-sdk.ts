import { createClient } from '../../../client/index.ts';
import { quietly } from '../quietly.ts';
import type { Observe, Observer } from './observe.ts';
import { tappedWebSocket } from './tapped-web-socket.ts';

/** Over the SDK, in the dialect's own words. */
export function observeSdk({ webSocketUrl, getToken, dialect, log, connected }: Observe): Observer {
  const client = createClient({
    url: webSocketUrl,
    dialect,
    getToken,
    platform: { WebSocket: tappedWebSocket(log) },
  });
  client.connection.subscribe(() => {
    if (client.connection.getSnapshot().status === 'online') connected();
  });
  // Its types know the words of one dialect; here they are chosen while it runs.
  const request = client.request.bind(client) as (event: string, payload: unknown) => Promise<unknown>;
  return {
    emit: (event, payload) => quietly(request(event, payload)),
    close: () => client.close(),
  };
}
