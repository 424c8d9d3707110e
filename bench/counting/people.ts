import { randomBytes } from 'node:crypto';
import { mintToken } from '../../local/mint-token.ts';
import { NativeClient } from '../native-client.ts';
import type { Deployment } from './deployment.ts';

export type Person = { readonly userId: string; readonly name: string; readonly token: string };

/** A booking between a client and the owner of a business. */
export type Parties = {
  readonly client: Person;
  readonly owner: Person;
  readonly businessId: string;
  readonly bookingId: string;
};

const TOKEN_HOURS = 24;

/** An id as booking.md shows them: 24 hexadecimal digits. */
export function newId(): string {
  return randomBytes(12).toString('hex');
}

/** Somebody of whom nothing is known but what their token says. */
export async function meet({ jwtSecret }: Deployment, name: string, role?: string): Promise<Person> {
  const userId = newId();
  const claims = { sub: userId, name, ...(role !== undefined && { role }) };
  return { userId, name, token: await mintToken(claims, { secret: jwtSecret }, TOKEN_HOURS) };
}

/** Somebody of whom the platform has told. */
async function introduce(deployment: Deployment, name: string): Promise<Person> {
  const person = await meet(deployment, name);
  const email = `${name.replace(' ', '.').toLowerCase()}@example.com`;
  await deployment.ports.directory.saveProfile({ userId: person.userId, name, email, source: 'platform' });
  return person;
}

/** Two people and the booking they will talk about. */
export async function arrange(deployment: Deployment): Promise<Parties> {
  const [client, owner] = await Promise.all([
    introduce(deployment, 'Ann Archer'),
    introduce(deployment, 'Ben Barber'),
  ]);
  const businessId = newId();
  await deployment.ports.directory.saveBusiness({
    businessId,
    name: 'Ben’s Barbershop',
    ownerId: owner.userId,
  });
  const parties = { client, owner, businessId };
  return { ...parties, bookingId: await book(deployment, parties) };
}

/** One more booking of this client at this business. */
export async function book(
  { ports }: Deployment,
  { client, businessId }: Pick<Parties, 'client' | 'businessId'>,
): Promise<string> {
  const bookingId = newId();
  const title = 'Haircut and beard trim';
  await ports.directory.saveBooking({ bookingId, clientId: client.userId, businessId, title });
  return bookingId;
}

/** A device of this person, which speaks this dialect. */
export function connect({ gateway }: Deployment, { token }: Person, dialect?: string): Promise<NativeClient> {
  return NativeClient.connect(gateway.webSocketUrl, token, dialect);
}

/** Sends an event that must be acknowledged. @throws Error when it was refused. */
export async function ask<Reply extends object>(
  device: NativeClient,
  action: string,
  data: unknown,
): Promise<Reply> {
  const reply = (await device.request(action, data)) as Reply & { readonly ok: boolean };
  if (!reply.ok) throw new Error(`${action} was refused: ${JSON.stringify(reply)}`);
  return reply;
}
