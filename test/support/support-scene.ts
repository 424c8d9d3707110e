import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { newScene, type Person, type Reachable, type Scene } from './booking-scene.ts';
import { A_MESSAGE_ID, A_TIME } from './documented.ts';
import { type Answer, call } from './rest.ts';
import { openStock, type StockClient } from './stock-client.ts';

/** A message as support.md shows it. */
export type SupportMessage = { readonly _id: string; readonly [field: string]: unknown };

/** A booking whose conversation is open, and an admin of the support desk. */
export type Desk = Scene & { readonly conversationId: string; readonly admin: Admin };

export type Admin = { readonly userId: string; readonly name: string; readonly token: string };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An admin: nobody's role but the token's says so. */
async function newAdmin(backend: Reachable): Promise<Admin> {
  const userId = `ada-${randomUUID()}`;
  return { userId, name: 'Ada', token: await backend.token({ sub: userId, name: 'Ada', role: 'admin' }) };
}

export async function newDesk(backend: Reachable): Promise<Desk> {
  const [scene, admin] = await Promise.all([newScene(backend), newAdmin(backend)]);
  const answer = await scene.client.get(`/messaging/conversations/booking/${scene.bookingId}`);
  const { conversation } = answer.body.data as { readonly conversation: { readonly _id: string } };
  return { ...scene, admin, conversationId: conversation._id };
}

/** Calls a route below `/messaging` in somebody's name. */
export function ask(
  backend: Pick<Reachable, 'url'>,
  { token }: Pick<Person, 'token'>,
  ...[method, path, body]: readonly [method: Method, path: string, body?: unknown]
): Promise<Answer> {
  return call(backend, method, `/messaging${path}`, { token, ...(body !== undefined && { body }) });
}

/** A new device that has joined a conversation. */
export async function join(
  backend: Reachable,
  person: Pick<Person, 'token'>,
  conversationId: string,
): Promise<StockClient> {
  const device = await openStock(backend, person);
  expect(await device.request('join_conversation', conversationId)).toEqual({ ok: true, conversationId });
  return device;
}

/** A message as the Messages Collection has it, new and with nothing but text. */
export function documentedMessage(
  { conversationId }: Pick<Desk, 'conversationId'>,
  { userId, name, email }: Pick<Person, 'userId' | 'name'> & { readonly email?: string },
  content: string,
) {
  return {
    _id: A_MESSAGE_ID,
    conversation: conversationId,
    sender: { _id: userId, name, ...(email !== undefined && { email }), role: 'customer' },
    content,
    messageType: 'text',
    attachments: [],
    readBy: [],
    replyTo: null,
    reactions: [],
    isDeleted: false,
    deletedAt: null,
    isEdited: false,
    editedAt: null,
    createdAt: A_TIME,
    updatedAt: A_TIME,
  };
}

/** What is said of a message where a conversation is shown in a list. */
export function lastMessageOf(message: SupportMessage) {
  const { _id, content, messageType, createdAt } = message;
  const { _id: sender } = message.sender as { readonly _id: string };
  return { _id, content, sender, messageType, timestamp: createdAt };
}
