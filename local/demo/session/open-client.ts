import { type Client, createClient } from '../../../client/index.ts';
import type { DemoConfig, DemoPerson } from '../../demo-config.ts';
import { FrameLog } from '../drawer/frame-log.ts';
import { tappedWebSocket } from '../drawer/tapped-web-socket.ts';
import { freshToken } from './load-config.ts';

/** The client of somebody who is signed in, and what goes over its wire. */
export type OpenedClient = {
  readonly client: Client<'conversation'>;
  readonly frames: FrameLog;
  readonly close: () => void;
};

/** Connects as one of the sample people. What could not be sent waits in the browser, so that a reload loses nothing. */
export function openClient({ userId }: DemoPerson, { webSocketUrl }: DemoConfig): OpenedClient {
  const frames = new FrameLog();
  const client = createClient({
    url: webSocketUrl,
    apiUrl: location.origin,
    dialect: 'conversation',
    getToken: () => freshToken(userId),
    storage: localStorage,
    platform: { WebSocket: tappedWebSocket(frames) },
  });
  return { client, frames, close: () => client.close() };
}
