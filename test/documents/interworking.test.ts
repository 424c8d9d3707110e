import { describe, expect, test } from 'vitest';
import type { DialectName } from '../../lambdas/core/connection.ts';
import { type Device, DIALECTS, type Place, tongueOf } from '../e2e/tongues.ts';
import { connected, type Options, openClient, upgraded } from '../socket-io/stock-clients.ts';
import { newScene, type Person } from '../support/booking-scene.ts';
import { localBackend } from '../support/stack.ts';
import { StockDevice } from '../support/stock-device.ts';

/** An unmodified Socket.IO client and a device on the native wire, in the same conversation. */

const backend = await localBackend();

const WAYS: Readonly<Record<string, Options>> = {
  'its default options': {},
  'WebSocket alone': { transports: ['websocket'] },
  'HTTP long-polling alone': { transports: ['polling'] },
};

type Speaker = { readonly person: Person; readonly device: Device };

/** Somebody at an unmodified client, on the transport that it comes to. */
async function atStockClient(person: Person, dialect: DialectName, options: Options): Promise<Speaker> {
  const socket = openClient(backend.url, {
    auth: { token: person.token, dialect },
    forceNew: true,
    ...options,
  });
  const device = new StockDevice(socket);
  await connected(socket);
  if (!options.transports) await upgraded(socket);
  return { person, device };
}

/** The booking's conversation, which dialects call by its id or the booking's. */
async function placeOf(person: Person, bookingId: string): Promise<Place> {
  const { body } = await person.get(`/messaging/conversations/booking/${bookingId}`);
  const { conversation } = body.data as { readonly conversation: { readonly _id: string } };
  return { room: bookingId, conversationId: conversation._id };
}

describe.each(DIALECTS)('in %s', (dialect) => {
  const tongue = tongueOf(dialect);

  /** A reader hears of what it has read itself, too. */
  const hearsOfReading = async (device: Device, id: string) => {
    while (!(await tongue.hearReceipt(device)).includes(id));
  };

  test.each(Object.entries(WAYS))(
    'a client with %s, and a native one',
    { timeout: 120_000 },
    async (_, options) => {
      const { client, owner, bookingId } = await newScene(backend);
      const place = await placeOf(client, bookingId);
      const ann = await atStockClient(client, dialect, options);
      const ben = { person: owner, device: await owner.connect({ token: owner.token, dialect }) };
      for (const { device } of [ann, ben]) await tongue.enter(device, place);
      for (const [one, other] of [
        [ann, ben],
        [ben, ann],
      ] as const) {
        const content = `from ${one.person.name}`;
        const id = await tongue.say(one.device, place, other.person.userId, content);
        expect(await tongue.hear(other.device)).toEqual({ id, content, senderId: one.person.userId });
        await tongue.type(one.device, place, other.person.userId);
        expect(await tongue.hearTyping(other.device)).toEqual({ userId: one.person.userId, isTyping: true });
        if (!tongue.read) continue;
        await tongue.read(other.device, id, place);
        await hearsOfReading(one.device, id);
      }
    },
  );
});
