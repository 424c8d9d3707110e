import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, TestRunner } from 'vitest';
import { type Credentials, type NativeClient, openNative } from './native-client.ts';
import { type Answer, call } from './rest.ts';
import type { Backend } from './stack.ts';

/** A message as booking.md shows it. */
export type Message = {
  readonly _id: string;
  readonly booking: string;
  readonly sender: { readonly _id: string; readonly name: string; readonly email?: string };
  readonly senderType: 'client' | 'business';
  readonly content: string;
  readonly isRead: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly clientMessageId?: string;
};

/** Someone who can open devices and call routes. */
export type Person = {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly token: string;
  /** A new device, closed when the test ends. */
  readonly connect: (credentials?: Credentials) => Promise<NativeClient>;
  /** A new device that has joined these bookings. */
  readonly enter: (...bookingIds: readonly string[]) => Promise<NativeClient>;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
  readonly put: (path: string, body?: unknown) => Promise<Answer>;
  /** The first page of a booking's history. */
  readonly history: (bookingId: string, query?: string) => Promise<readonly Message[]>;
};

/** The platform's own backend; it is never refused. */
export type Platform = {
  readonly put: (path: string, body: unknown) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
  readonly forget: (path: string) => Promise<Answer>;
};

/** A booking that nobody has opened yet, its two sides, and somebody whom it does not concern. */
export type Scene = {
  readonly bookingId: string;
  readonly businessId: string;
  readonly client: Person;
  readonly owner: Person;
  readonly stranger: Person;
};

/** What it takes to speak to a backend. */
export type Reachable = Pick<Backend, 'url' | 'webSocketUrl' | 'token'>;

/** Opens a device that is expected to be let in; it is closed when the test ends, or else with the backend. */
export async function connect(backend: Reachable, credentials: Credentials = {}): Promise<NativeClient> {
  const opened = await openNative(backend.webSocketUrl, credentials);
  if (typeof opened === 'number') throw new Error(`The handshake was refused with ${opened}.`);
  if (TestRunner.getCurrentTest()) onTestFinished(async () => void (await opened.close()));
  return opened;
}

/** The platform's backend, for the routes under `/api/server`. */
export async function platformOf(backend: Reachable): Promise<Platform> {
  const token = await backend.token({ sub: 'platform', role: 'service' });
  const granted = async (answer: Promise<Answer>) => {
    const { status, headers, body } = await answer;
    expect({ status, ...body }).toMatchObject({ success: true });
    return { status, headers, body };
  };
  return {
    put: (path, body) => granted(call(backend, 'PUT', `/api/server/${path}`, { token, body })),
    post: (path, body) => granted(call(backend, 'POST', `/api/server/${path}`, { token, body })),
    forget: (path) => granted(call(backend, 'DELETE', `/api/server/${path}`, { token })),
  };
}

/** Somebody the platform knows, and what it says of them besides. */
export async function newPerson(
  backend: Reachable,
  name: string,
  more: { readonly username?: string; readonly role?: string } = {},
): Promise<Person> {
  const userId = `${name.toLowerCase()}-${randomUUID()}`;
  const email = `${name.toLowerCase()}@example.com`;
  await (await platformOf(backend)).put(`users/${userId}`, { name, email, ...more });
  const token = await backend.token({ sub: userId });
  const get = (path: string) => call(backend, 'GET', path, { token });
  return {
    userId,
    name,
    email,
    token,
    get,
    post: (path, body) => call(backend, 'POST', path, { token, body }),
    put: (path, body) => call(backend, 'PUT', path, { token, body }),
    connect: (credentials = { token }) => connect(backend, credentials),
    enter: async (...bookingIds) => {
      const device = await connect(backend, { token });
      for (const bookingId of bookingIds) {
        expect(await device.request('joinBooking', bookingId)).toEqual({ ok: true, bookingId });
      }
      return device;
    },
    history: async (bookingId, query = '') => {
      const { status, body } = await get(`/api/messages/booking/${bookingId}${query}`);
      expect({ status, ...body }).toMatchObject({ status: 200, success: true });
      return (body.data as { readonly messages: readonly Message[] }).messages;
    },
  };
}

/** A booking with a client and a business of its own. */
export async function newScene(backend: Reachable): Promise<Scene> {
  const [client, owner, stranger] = await Promise.all([
    newPerson(backend, 'Ann'),
    newPerson(backend, 'Ben'),
    newPerson(backend, 'Mallory'),
  ]);
  const businessId = `business-${randomUUID()}`;
  const business = { name: 'Ben’s Barbershop', ownerId: owner.userId };
  const [bookingId] = await Promise.all([
    newBooking(backend, { client, businessId }),
    (await platformOf(backend)).put(`businesses/${businessId}`, business),
  ]);
  return { bookingId, businessId, client, owner, stranger };
}

/** One more booking of this client at this business. */
export async function newBooking(
  backend: Reachable,
  { client, businessId }: Pick<Scene, 'client' | 'businessId'>,
): Promise<string> {
  const bookingId = `booking-${randomUUID()}`;
  const booking = { clientId: client.userId, businessId, title: 'Haircut' };
  await (await platformOf(backend)).put(`bookings/${bookingId}`, booking);
  return bookingId;
}

/** Sends a message that is expected to be taken, and gives it as the acknowledgement has it. */
export async function say(
  device: NativeClient,
  bookingId: string,
  content: string,
  more: { readonly clientMessageId?: string; readonly senderType?: string } = {},
): Promise<Message> {
  const answer = await device.request('sendMessage', { bookingId, content, ...more });
  expect(answer).toMatchObject({ ok: true, message: { content } });
  return (answer as { readonly message: Message }).message;
}

/** The acknowledgement of a refused event. */
export const refused = (code: string, message: unknown = expect.any(String)) => ({
  ok: false,
  error: { code, message },
});
