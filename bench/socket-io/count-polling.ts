import { once } from 'node:events';
import type { Tally } from '../counting/tally.ts';
import { say, type Talk } from './count-web-socket.ts';
import { PollingDevice } from './polling-device.ts';
import { end } from './stock-client.ts';

const A_MINUTE = 61_000;

/** What a client on HTTP long-polling costs, until a WebSocket takes over. */
export async function countPolling(tally: Tally, talk: Talk): Promise<void> {
  const { deployment, parties, owner } = talk;
  const connect = () => PollingDevice.connect(deployment, parties.client);
  const device = await tally.count('polling: connect', connect);
  await tally.count('polling: join', () => device.ask('joinBooking', parties.bookingId));
  // The lists are told of activity once a minute: of this, and not again below.
  deployment.clock.pass(A_MINUTE);
  await say(talk, owner);
  await device.poll();
  await tally.count('polling: 20 s without mail', () => device.poll());
  await tally.count('polling: somebody else sends', () => say(talk, owner));
  await tally.count('polling: a poll with mail', () => device.poll());
  const webSocket = await tally.count('polling: upgrade to a WebSocket', () => device.upgrade());
  const told = once(webSocket, 'message');
  await say(talk, owner);
  await told;
  await end(deployment, () => webSocket.close());
}
