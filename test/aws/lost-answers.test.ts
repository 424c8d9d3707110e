import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { toFault } from '../../lambdas/core/fault.ts';
import { conversationOfBooking, messageIdOf } from '../../lambdas/core/ids.ts';
import { forgetBooking, saveBooking } from '../../lambdas/core/keep-directory.ts';
import { Chat, callerOf } from '../promises/chat.ts';
import { BOOKING, BUSINESS, CLIENT, OWNER, prepare } from '../promises/crowd.ts';
import { freshTable } from '../support/table.ts';
import { type Mishap, sufferMishaps } from './mishaps.ts';
import { portsOn } from './table-ports.ts';

/** Real requests by the thousand, all at once, on a machine that may be busy. */
const PATIENT = { timeout: 300_000 };

type Act = (chat: Chat) => Promise<unknown>;
/** What is done, after what has been done before. */
type Deed = { readonly before?: Act; readonly act: Act };

const ann = { ...callerOf(CLIENT), connectionId: 'ann/1' };
const ben = { ...callerOf(OWNER), connectionId: 'ben/1' };
const ID = conversationOfBooking(BOOKING);
const claim = { userId: CLIENT, conversationId: ID, clientMessageId: 'key' };
const booking = { bookingId: BOOKING, clientId: CLIENT, businessId: BUSINESS };

const say = (chat: Chat, count: number) => async () => {
  for (let said = 0; said < count; said += 1) await chat.send(ben, BOOKING, `${said}`);
};

const DEEDS: Readonly<Record<string, Deed>> = {
  'a send, the first of its conversation': { act: (chat) => chat.send(ann, BOOKING, 'hello') },
  'a send': {
    before: (chat) => chat.send(ben, BOOKING, 'hi'),
    act: (chat) => chat.send(ann, BOOKING, 'hello'),
  },
  'a send with a clientMessageId': {
    before: (chat) => chat.send(ben, BOOKING, 'hi'),
    act: (chat) => chat.send(ann, BOOKING, 'hello', 'key'),
  },
  'a send that is repeated': {
    before: (chat) => chat.send(ann, BOOKING, 'hello', 'key').then(say(chat, 9)),
    act: (chat) => chat.send(ann, BOOKING, 'hello', 'key'),
  },
  'a send whose first try died before the log': {
    before: (chat) => chat.ports.claims.claim(claim, 'the dead', chat.ground.clock.now()),
    act: (chat) => chat.send(ann, BOOKING, 'hello', 'key'),
  },
  'a send that is refused': {
    before: (chat) => say(chat, 10)(),
    act: (chat) => chat.send(ben, BOOKING, 'hello', 'key'),
  },
  'a send that tells the lists': {
    before: async (chat) => {
      await chat.send(ben, BOOKING, 'hi');
      chat.ground.clock.pass(60_000);
    },
    act: (chat) => chat.send(ann, BOOKING, 'hello'),
  },
  'a join after a message': {
    before: (chat) => chat.send(ben, BOOKING, 'hi'),
    act: (chat) => chat.join(ann, BOOKING),
  },
  'a leave': { act: (chat) => chat.leave(ben, BOOKING) },
  'a receipt': {
    before: (chat) => say(chat, 3)(),
    act: (chat) => chat.read(ann, [messageIdOf(ID, 1), messageIdOf(ID, 3)]),
  },
  typing: { act: (chat) => chat.type(ann, BOOKING) },
  'a connection': { act: (chat) => chat.connect(CLIENT, 'ann/2') },
  'a new token': {
    act: (chat) =>
      chat.ports.connections.renew(
        { connectionId: 'ann/1', wire: 'native', dialect: 'booking', caller: { ...ann, expiresAt: 77 } },
        chat.ground.clock.now(),
      ),
  },
  'the end of a connection': { act: (chat) => chat.drop(ben) },
  'a booking that changes hands': { act: ({ ports }) => saveBooking(ports, { ...booking, clientId: 'cat' }) },
  'a booking that is forgotten': { act: ({ ports }) => forgetBooking(ports, BOOKING) },
  'a list': { before: (chat) => say(chat, 3)(), act: (chat) => chat.list(ann, []) },
  'a page of history': { before: (chat) => say(chat, 9)(), act: (chat) => chat.history(ann, BOOKING, 4) },
};

/** What a deed comes to: its answer, what Ben hears, what is stored, and how many requests it took. */
async function outcomeOf({ before, act }: Deed, mishapOf: (nth: number) => Mishap | undefined) {
  const place = await freshTable();
  const table: Table = { ...connectTable(place), name: place.tableName };
  const mishaps = sufferMishaps(table.client);
  try {
    const chat = new Chat(portsOn(table));
    await prepare(chat);
    await chat.connect(CLIENT, 'ann/1');
    await chat.connect(OWNER, 'ben/1');
    await chat.join(ben, BOOKING);
    await before?.(chat);
    Object.assign(mishaps, { count: 0, of: mishapOf });
    const answer = await act(chat).catch((thrown: unknown) => toFault(thrown).reason);
    const requests = mishaps.count;
    mishaps.of = () => undefined;
    const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
    return { requests, outcome: { answer, heard: chat.gateway.framesOf('ben/1'), rows: inOrder(Items) } };
  } finally {
    table.client.destroy();
  }
}

function inOrder(rows: readonly Record<string, unknown>[]): readonly unknown[] {
  const keyOf = ({ pk, sk }: Record<string, unknown>) => `${pk} ${sk}`;
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

test.concurrent.each(Object.entries(DEEDS))(
  '%s comes to the same whichever answer is lost',
  PATIENT,
  async (_, deed) => {
    const calm = await outcomeOf(deed, () => undefined);
    expect(calm.requests).toBeGreaterThan(0);
    for (let unlucky = 0; unlucky < calm.requests; unlucky += 1) {
      const { outcome } = await outcomeOf(deed, (nth) => (nth === unlucky ? 'lost' : undefined));
      expect(outcome).toEqual(calm.outcome);
    }
  },
);
