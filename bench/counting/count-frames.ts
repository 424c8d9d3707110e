import type { NativeClient } from '../native-client.ts';
import { arrange, ask, connect, meet, newId, type Parties } from './people.ts';
import type { Budget, Tally } from './tally.ts';

type Talk = {
  readonly tally: Tally;
  readonly parties: Parties;
  readonly client: NativeClient;
  readonly owner: NativeClient;
  /** Ids of all messages so far. */
  readonly said: string[];
};

const SEND: Budget = { roundTripsBeforePush: 2, writeUnits: 1, readUnits: 2 };
const SEND_ONCE: Budget = { ...SEND, writeUnits: 2 };
const RECEIPT: Budget = { writeUnits: 1 };
const STEADY_TYPING: Budget = { writeUnits: 0 };

const SAYS = 'Hi, I would like to confirm my appointment time.';
/** Enough that the head is as long as it gets. */
const WARM_UP = 12;
const SECOND = 1_000;
/** Push lists are read strongly consistent for a while after a join, and lists are told of activity once a minute. */
const SETTLED = 11 * SECOND;
const MINUTE = 61 * SECOND;
const REFRESH = 3 * SECOND;

/** What the frames of a conversation of two cost, in the order in which a conversation goes; the booking is returned. */
export async function countFrames(tally: Tally): Promise<Parties> {
  const talk = await countArrivals(tally);
  await warmUp(talk);
  await countSends(talk);
  await countRareSends(talk);
  await countReceipts(talk);
  await countTyping(talk);
  await countEnds(talk);
  return talk.parties;
}

async function countArrivals(tally: Tally): Promise<Talk> {
  const { deployment } = tally;
  const parties = await arrange(deployment);
  const { bookingId } = parties;
  const stranger = await meet(deployment, 'Cat Carter');
  await tally.count('connect: somebody new, of whom the token tells', () => connect(deployment, stranger));
  const owner = await connect(deployment, parties.owner);
  const open = () => ask(owner, 'joinBooking', bookingId);
  await tally.count('join: the first of a booking opens its conversation', open);
  const client = await tally.count('connect', () => connect(deployment, parties.client));
  await tally.count('join', () => ask(client, 'joinBooking', bookingId));
  return { tally, parties, client, owner, said: [] };
}

async function warmUp(talk: Talk): Promise<void> {
  talk.tally.deployment.clock.pass(SETTLED);
  for (let n = 0; n < WARM_UP; n += 1) await say(talk, n % 2 === 0 ? talk.client : talk.owner);
}

async function countSends(talk: Talk): Promise<void> {
  const { tally, client } = talk;
  const clientMessageId = newId();
  await tally.count('send', () => say(talk, client), SEND);
  await tally.count('send with clientMessageId', () => say(talk, client, { clientMessageId }), SEND_ONCE);
  await tally.count('send: a repeat', () => say(talk, client, { clientMessageId }));
}

async function countRareSends(talk: Talk): Promise<void> {
  const { tally, parties, client, owner } = talk;
  const { deployment } = tally;
  deployment.clock.pass(MINUTE);
  await tally.count('send: the first in a minute, which the lists are told of', () => say(talk, owner));
  const device = await connect(deployment, parties.client);
  await ask(device, 'joinBooking', parties.bookingId);
  await tally.count('send: right after somebody joined', () => say(talk, client));
  deployment.clock.pass(SETTLED);
  await tally.count('send: the first that this function hears of a connection', () => say(talk, device));
  await device.close();
}

async function countReceipts(talk: Talk): Promise<void> {
  const { tally, client, owner, said } = talk;
  const markRead = (messageIds: readonly string[]) => () => ask(owner, 'markAsRead', { messageIds });
  await say(talk, client);
  await markRead(said)();
  await say(talk, client);
  await tally.count('receipt for one message', markRead(said.slice(-1)), RECEIPT);
  for (let n = 0; n < 3; n += 1) await say(talk, client);
  await tally.count('receipt for three messages', markRead(said.slice(-3)), RECEIPT);
  await tally.count('receipt: a repeat', markRead(said.slice(-3)), RECEIPT);
}

async function countTyping({ tally, parties: { bookingId }, client }: Talk): Promise<void> {
  const { deployment } = tally;
  const type = (isTyping: boolean) => ask(client, 'typing', { bookingId, isTyping });
  const refresh = () => {
    deployment.clock.pass(REFRESH);
    return type(true);
  };
  await type(false);
  await tally.count('typing begins', () => type(true));
  await tally.count('typing: the first refresh', refresh);
  await tally.count('typing: a refresh within 4 s of the last write', refresh, STEADY_TYPING);
  await tally.count('typing for a minute: 20 refreshes', async () => {
    for (let n = 0; n < 20; n += 1) await refresh();
  });
  await tally.count('typing stops', () => type(false));
}

async function countEnds({ tally, parties: { bookingId }, client, owner }: Talk): Promise<void> {
  await ask(owner, 'typing', { bookingId, isTyping: true });
  await tally.count('disconnect', () => leave(tally, client));
  await tally.count('disconnect while typing', () => leave(tally, owner));
}

/** Says something, two seconds after what was said before: nobody is that hasty. */
async function say({ tally, parties, said }: Talk, device: NativeClient, more: object = {}): Promise<void> {
  tally.deployment.clock.pass(2 * SECOND);
  const sending = { bookingId: parties.bookingId, content: SAYS, ...more };
  const { message } = await ask<{ readonly message: { readonly _id: string } }>(
    device,
    'sendMessage',
    sending,
  );
  said.push(message._id);
}

/** Resolves when the gateway has noticed. */
async function leave({ deployment }: Tally, device: NativeClient): Promise<void> {
  const left = deployment.gateway.connections().length - 1;
  await device.close();
  while (deployment.gateway.connections().length > left) await new Promise(setImmediate);
}
