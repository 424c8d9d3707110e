import type { WebSocket } from 'ws';
import type { Budget, Tally } from '../counting/tally.ts';
import { nextMessage, SEND, SETTLED, say, type Talk } from './count-web-socket.ts';
import { PollingDevice } from './polling-device.ts';
import { end } from './stock-client.ts';

const A_MINUTE = 61_000;
const STEADY: Budget = { writeUnits: 0 };

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
  await countUpgraded(tally, talk, webSocket);
  await end(deployment, () => webSocket.close());
}

/** The same device on the WebSocket that has taken over, which has another name than its session. */
async function countUpgraded(tally: Tally, talk: Talk, webSocket: WebSocket): Promise<void> {
  const ask = (name: string, ...args: readonly unknown[]) => PollingDevice.askOver(webSocket, name, ...args);
  const { bookingId } = talk.parties;
  await ask('joinBooking', bookingId);
  talk.deployment.clock.pass(SETTLED);
  await ask('sendMessage', nextMessage(talk));
  await tally.count('upgraded: send', () => ask('sendMessage', nextMessage(talk)), SEND);
  const stopTyping = () => ask('typing', { bookingId, isTyping: false });
  await tally.count('upgraded: an answer, and nothing else', stopTyping, STEADY);
}
