import { describe, expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { connect, newScene, type Person } from '../support/booking-scene.ts';
import { platformSdk } from '../support/conversation-scene.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';
import { StockDevice } from '../support/stock-device.ts';
import { type Device, DIALECTS, type Place, tongueOf } from './tongues.ts';

/* Typing shows on all of the other side's devices, and ends in every way it can, whatever is spoken on whichever wire. */

const backend = await backendForFile();
const parley = platformSdk(backend);

const WIRES = ['native', 'socket.io'] as const;
type Wire = (typeof WIRES)[number];

/** Typing ends by itself between 8 and 12 s after the last word of it. */
const OVER_MS = 12_500;

/** How a device leaves, where the dialect knows rooms. */
const LEAVING: { readonly [K in DialectName]?: (place: Place) => readonly [string, unknown] } = {
  booking: ({ room }) => ['leaveBooking', room],
  conversation: ({ conversationId }) => ['leave:conversation', conversationId],
  support: ({ conversationId }) => ['leave_conversation', conversationId],
};

type Opened = { readonly device: Device; readonly close: () => unknown };

async function open({ token }: Person, dialect: DialectName, wire: Wire): Promise<Opened> {
  if (wire === 'native') {
    const device = await connect(backend, { token, dialect });
    return { device, close: () => device.close() };
  }
  const { socket } = await openStock(backend, { token }, { auth: { token, dialect } });
  return { device: new StockDevice(socket), close: () => socket.disconnect() };
}

/** Ann on one device, and Ben on one of each wire, in the conversation where they speak to each other. */
async function together(dialect: DialectName, wire: Wire) {
  const { client: ann, owner: ben, bookingId } = await newScene(backend);
  const tongue = tongueOf(dialect);
  const participants = [ann, ben].map(({ userId }) => ({ userId }));
  const of = tongue.isPersonal ? { participants } : { participants, bookingId };
  const { id } = await parley.openConversation(of);
  const place = { room: tongue.isPersonal ? id : bookingId, conversationId: id };
  const typist = await open(ann, dialect, wire);
  const watchers = await Promise.all(WIRES.map(async (each) => (await open(ben, dialect, each)).device));
  for (const device of [typist.device, ...watchers]) await tongue.enter(device, place);
  const expectShown = async (isTyping: boolean) => {
    for (const device of watchers) {
      expect(await tongue.hearTyping(device)).toEqual({ userId: ann.userId, isTyping });
    }
  };
  const begin = async () => {
    await tongue.type(typist.device, place, ben.userId);
    await expectShown(true);
  };
  return { typist, place, tongue, to: ben.userId, begin, expectShown };
}

describe.each(DIALECTS)('typing in %s', (dialect) => {
  test.each(WIRES)('on the %s wire shows on all of the other side’s devices until it ends', async (wire) => {
    const { typist, place, tongue, to, begin, expectShown } = await together(dialect, wire);
    await begin();
    await backend.pass(OVER_MS);
    await expectShown(false);

    await begin();
    await tongue.say(typist.device, place, to, 'done');
    await expectShown(false);
    // What follows from a send, once everybody has been told, may still forget that its device types.
    await backend.settled();

    const leaving = LEAVING[dialect]?.(place);
    if (leaving) {
      await begin();
      await typist.device.request(...leaving);
      await expectShown(false);
    }

    await begin();
    await typist.close();
    await expectShown(false);
  });
});
