import { isMessage } from '../dialects/shapes.ts';
import { conversationIn, given, placeOf, type Room, type Said, type Speech } from '../dialects/speech.ts';
import { type Asking, ask } from './ask.ts';
import type { Entry } from './outbox-storage.ts';
import { ParleyError } from './parley-error.ts';
import type { Rest } from './rest.ts';
import type { Page } from './timeline.ts';
import type { ChatMessage } from './types.ts';

/** What is asked for in a conversation, in the dialect's words or over REST. */

export type Requests = {
  readonly connection: Asking;
  readonly speech: Speech;
  readonly rest: Rest | undefined;
};

const PAGE = 50;
/** Ids that may be named at once. */
const MOST_IDS = 100;
/** No message comes after it: nothing is to be told again. */
const LAST_SEQ = 999_999_999_999;

/** What a conversation is called, where it has been found. */
export type Names = { readonly conversationId: string; readonly bookingId?: string };

type History = Names & Omit<Page, 'messages'> & { readonly messages: readonly Shown[] };

/** A message, and who has read it, where the dialect does not say so. */
type Shown = { readonly data: unknown; readonly readBy?: ChatMessage['readBy'] };

/** A page of history, the newest or the one before a place, and the conversation's names. */
export async function readPage(
  requests: Requests,
  room: Room,
  { before, limit = PAGE }: { readonly before?: number; readonly limit?: number } = {},
): Promise<Page & Names> {
  const { connection, speech } = requests;
  const payload = { ...nameOf(room), limit, ...given('before', before) };
  const { messages, ...page } = (await ask(connection, { action: 'parley:history', payload })) as History;
  return { ...page, messages: messages.map((one) => messageIn(speech, one)) };
}

function messageIn(speech: Speech, { data, readBy }: Shown): ChatMessage {
  const told = speech.message(data as never);
  const message = readBy ? { ...told, readBy, isRead: readBy.length > 0 } : told;
  if (!isMessage(message)) throw new Error(`Message ${message.id} makes no sense.`);
  return message;
}

/**
 * Says a message. A conversation that is named otherwise is found first, in a dialect that names it by its own id.
 *
 * @param giveUp is handed a function that gives it up.
 * @returns the message as it is stored.
 * @throws ParleyError
 */
export async function sendMessage(
  requests: Requests,
  { room, draft, clientMessageId }: Entry,
  giveUp: (how: () => void) => void,
): Promise<ChatMessage> {
  const { connection, speech } = requests;
  const isNamed = !speech.isRich || room.conversationId !== undefined;
  const { conversationId } = isNamed ? room : await readPage(requests, room, { limit: 1 });
  const said = speech.send({ ...room, ...given('conversationId', conversationId) }, draft, clientMessageId);
  const reply = await ask(connection, said, giveUp);
  return speech.message((reply as { readonly message: never }).message);
}

/**
 * Has the device hear what happens in a conversation from now on: what has happened by then is in its history.
 *
 * @throws ParleyError, and Error before the id of the conversation is known.
 */
export async function enterRoom({ connection, speech }: Requests, room: Room): Promise<void> {
  if (speech.enter) {
    await ask(connection, speech.enter(room));
    return;
  }
  const payload = { joined: { [conversationIn(room)]: LAST_SEQ } };
  // A device that hears all hears this one too: where it cannot be told what is said at this moment, that is later.
  await ask(connection, { action: 'parley:resume', payload }).catch(() => undefined);
}

export async function leaveRoom({ connection, speech }: Requests, room: Room): Promise<void> {
  if (speech.leave) await ask(connection, speech.leave(room));
}

/** Marks these as read. @throws ParleyError */
export async function markRead(
  { connection, speech, rest }: Requests,
  room: Room & { readonly conversationId: string },
  messageIds: readonly string[],
): Promise<void> {
  if (!speech.read) {
    await routes(rest, speech)('PUT', `/messaging/conversations/${room.conversationId}/read`);
    return;
  }
  for (let from = 0; from < messageIds.length; from += MOST_IDS) {
    const said = speech.read(room, messageIds.slice(from, from + MOST_IDS));
    await Promise.all(said.map((one) => ask(connection, one)));
  }
}

export async function editMessage(requests: Requests, messageId: string, content: string): Promise<void> {
  await inWords(requests, requests.speech.edit?.(messageId, content), {
    method: 'PATCH',
    path: messagePath(messageId),
    body: { content },
  });
}

export async function removeMessage(requests: Requests, messageId: string): Promise<void> {
  await inWords(requests, requests.speech.remove?.(messageId), {
    method: 'DELETE',
    path: messagePath(messageId),
  });
}

export async function reactToMessage(
  requests: Requests,
  messageId: string,
  { emoji, isSet }: { readonly emoji: string; readonly isSet: boolean },
): Promise<void> {
  await inWords(requests, requests.speech.react?.(messageId, emoji, isSet), {
    method: isSet ? 'PUT' : 'DELETE',
    path: `${messagePath(messageId)}/reactions/${encodeURIComponent(emoji)}`,
  });
}

type Route = { readonly method: string; readonly path: string; readonly body?: unknown };

/** Says it, or where the dialect is one of routes, asks there. */
async function inWords(
  { connection, speech, rest }: Requests,
  said: Said | undefined,
  { method, path, body }: Route,
): Promise<void> {
  if (said) await ask(connection, said);
  else await routes(rest, speech)(method, path, body);
}

/** The dialect of routes is support. @throws ParleyError `UNSUPPORTED` in any other, and without an `apiUrl`. */
function routes(rest: Rest | undefined, { name }: Speech): Rest {
  if (name !== 'support') throw unsupported(name);
  if (!rest) throw new ParleyError('UNSUPPORTED', 'This takes an `apiUrl`, as it is asked for over REST.');
  return rest;
}

/** What a dialect has no word for. */
export function unsupported(dialect: string): ParleyError {
  return new ParleyError('UNSUPPORTED', `The ${dialect} dialect has no word for this.`);
}

/** @throws ParleyError `INVALID_PAYLOAD` for what is no id. */
function messagePath(messageId: string): string {
  try {
    const { conversationId, seq } = placeOf(messageId);
    return `/messaging/messages/${encodeURIComponent(conversationId)}.${seq}`;
  } catch (cause) {
    throw new ParleyError('INVALID_PAYLOAD', `No message id: ${messageId}`, { cause });
  }
}

/** History is asked for by one name: two users have one before anything is said, which opens their conversation. */
function nameOf({ conversationId, bookingId, userId }: Room): Room {
  if (userId !== undefined) return { userId };
  return conversationId === undefined ? given('bookingId', bookingId) : { conversationId };
}
