import { expect } from 'vitest';
import { type ParleyServer, parleyServer } from '../../server/index.ts';
import { newPerson, type Person, type Reachable } from './booking-scene.ts';
import { unawaitedBy } from './documented.ts';
import { openStock, type StockClient } from './stock-client.ts';

/** A message as conversation.md shows it. */
export type Message = { readonly id: string; readonly content: string; readonly [field: string]: unknown };

/** Three people in a conversation, and one who is not. */
export type Team = {
  readonly conversationId: string;
  readonly ann: Person;
  readonly ben: Person;
  readonly cat: Person;
  readonly eve: Person;
};

/** The platform's backend, with the utilities of the document. */
export function platformSdk(backend: Reachable): ParleyServer {
  const token = () => backend.token({ sub: 'platform', role: 'service' });
  return parleyServer({ baseUrl: backend.url, token });
}

export async function newTeam(backend: Reachable): Promise<Team> {
  const [ann, ben, cat, eve] = await Promise.all([
    newPerson(backend, 'Ann'),
    newPerson(backend, 'Ben'),
    newPerson(backend, 'Cat'),
    newPerson(backend, 'Eve'),
  ]);
  const participants = [ann, ben, cat].map(({ userId }) => ({ userId }));
  const { id } = await platformSdk(backend).openConversation({ participants, title: 'Team' });
  return { conversationId: id, ann, ben, cat, eve };
}

/** A new device that has joined a conversation. */
export async function enter(
  backend: Reachable,
  person: Person,
  conversationId: string,
): Promise<StockClient> {
  const device = await openStock(backend, person);
  expect(await device.request('join:conversation', conversationId)).toEqual({ ok: true, conversationId });
  return device;
}

/** Sends a message that is expected to be taken, and gives it as the acknowledgement has it. */
export async function send(
  device: StockClient,
  conversationId: string,
  content: string,
  more: object = {},
): Promise<Message> {
  const answer = await device.request('message:send', { conversationId, content, ...more });
  expect(answer).toMatchObject({ ok: true, message: { content } });
  return (answer as { readonly message: Message }).message;
}

/** These devices have heard nothing but what was awaited, and who came while the scene was set. */
export function expectSilence(...devices: readonly StockClient[]): void {
  for (const device of devices) expect(unawaitedBy(device)).toEqual([]);
}
