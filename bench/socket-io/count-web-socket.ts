import type { Socket } from 'socket.io-client';
import type { Deployment } from '../counting/deployment.ts';
import { arrange, newId, type Parties } from '../counting/people.ts';
import type { Budget, Tally } from '../counting/tally.ts';
import { connected, emit, end, openStockClient } from './stock-client.ts';

/** A conversation whose owner is on a WebSocket. */
export type Talk = { readonly deployment: Deployment; readonly parties: Parties; readonly owner: Socket };

/** As on the native wire. */
export const SEND: Budget = { roundTripsBeforePush: 2, writeUnits: 1, readUnits: 2 };
const SEND_ONCE: Budget = { ...SEND, writeUnits: 2 };

const SAYS = 'Hi, I would like to confirm my appointment time.';
/** Enough that the head is as long as it gets. */
const WARM_UP = 12;
const MISSED = 3;
const TWO_SECONDS = 2_000;
/** Push lists are read strongly consistent for a while after a join. */
export const SETTLED = 11_000;
/** A function believes for so long what it remembers of a session, and lists are told of activity as often. */
const A_MINUTE = 61_000;

/** Opens the conversation. */
export async function openTalk(deployment: Deployment): Promise<Talk> {
  const parties = await arrange(deployment);
  const owner = await openStockClient(deployment, parties.owner);
  await emit(owner, 'joinBooking', parties.bookingId);
  return { deployment, parties, owner };
}

/** What an unmodified client on a WebSocket costs, in the order in which its life goes. */
export async function countWebSocket(tally: Tally, talk: Talk): Promise<void> {
  const { deployment, parties } = talk;
  const client = await tally.count('connect', () => openStockClient(deployment, parties.client));
  await tally.count('join', () => emit(client, 'joinBooking', parties.bookingId));
  deployment.clock.pass(SETTLED);
  for (let n = 0; n < WARM_UP; n += 1) await say(talk, n % 2 === 0 ? client : talk.owner);
  await countSends(tally, talk, client);
  await countRecovery(tally, talk, client);
  await end(deployment, () => client.disconnect());
  const other = await openStockClient(deployment, parties.client);
  await tally.count('disconnect', () => end(deployment, () => other.disconnect()));
}

async function countSends(tally: Tally, talk: Talk, client: Socket): Promise<void> {
  const clientMessageId = newId();
  await tally.count('send', () => say(talk, client), SEND);
  await tally.count('send with clientMessageId', () => say(talk, client, { clientMessageId }), SEND_ONCE);
  talk.deployment.clock.pass(A_MINUTE);
  await say(talk, talk.owner);
  await tally.count('send: the first in a minute that this function hears', () => say(talk, client));
}

async function countRecovery(tally: Tally, talk: Talk, client: Socket): Promise<void> {
  const { gateway } = talk.deployment;
  const [connectionId = ''] = gateway.connections().slice(-1);
  const { id } = client;
  await tally.count('connection lost: kept for recovery', () =>
    end(talk.deployment, () => gateway.cut(connectionId)),
  );
  for (let n = 0; n < MISSED; n += 1) await say(talk, talk.owner);
  await tally.count(`recover: connect with ${MISSED} missed messages`, async () => {
    const told = hears(client, MISSED);
    client.connect();
    await Promise.all([connected(client), told]);
  });
  if (!client.recovered || client.id !== id) throw new Error('The connection was not recovered.');
}

/** Resolves when so many messages have arrived. */
function hears(client: Socket, count: number): Promise<void> {
  let heard = 0;
  return new Promise((resolve) => {
    client.on('newMessage', () => {
      heard += 1;
      if (heard === count) resolve();
    });
  });
}

/** Says something, two seconds after what was said before. */
export async function say(talk: Talk, device: Socket, more: object = {}): Promise<void> {
  await emit(device, 'sendMessage', { ...nextMessage(talk), ...more });
}

/** What is said next, two seconds after what was said before. */
export function nextMessage({ deployment, parties }: Talk): object {
  deployment.clock.pass(TWO_SECONDS);
  return { bookingId: parties.bookingId, content: SAYS };
}
