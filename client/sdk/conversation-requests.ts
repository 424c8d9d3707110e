import { given, placeOf, type Room, type Said, type Speech } from '../dialects/speech.ts';
import { type Asking, ask } from './ask.ts';
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

type History = {
  readonly conversationId: string;
  readonly messages: readonly { readonly data: unknown }[];
  readonly lastSeq: number;
  readonly hasMore: boolean;
};

/** A page of history, the newest or the one before a place, and the conversation's id. */
export async function readPage(
  requests: Requests,
  room: Room,
  { before, limit = PAGE }: { readonly before?: number; readonly limit?: number } = {},
): Promise<Page & { readonly conversationId: string }> {
  const { connection, speech } = requests;
  const payload = { ...nameOf(room), limit, ...given('before', before) };
  const { data } = await ask(connection, { action: 'parley:history', payload });
  const { messages, ...page } = data as History;
  return { ...page, messages: messages.map((one) => speech.message(one.data as never)) };
}

/**
 * Has the device hear what is said in a conversation.
 *
 * @param after up to where it is known.
 * @returns up to where it must be known for nothing to be missed, and messages of that which came along.
 */
export async function enterRoom(
  { connection, speech }: Requests,
  room: Room & { readonly conversationId: string },
  after: number,
): Promise<{ readonly upTo: number; readonly events: readonly ResumedEvent[] }> {
  if (speech.enter) {
    const { seq = 0 } = await ask(connection, speech.enter(room));
    return { upTo: seq, events: [] };
  }
  const payload = { joined: { [room.conversationId]: after } };
  // A device that hears all hears this one too: where it cannot be told what is said at this moment, that is later.
  const answer = await ask(connection, { action: 'parley:resume', payload }).catch(() => undefined);
  const { events = [], positions = {} } = (answer?.data ?? {}) as Resumed;
  return { upTo: positions[room.conversationId] ?? after, events };
}

/** An event as `parley:resume` tells it. */
export type ResumedEvent = { readonly event: string; readonly data?: unknown };

type Resumed = {
  readonly events?: readonly ResumedEvent[];
  readonly positions?: Readonly<Record<string, number>>;
};

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

/** History is asked for by one name. */
function nameOf({ conversationId, bookingId, userId }: Room): Room {
  if (conversationId !== undefined) return { conversationId };
  return bookingId === undefined ? given('userId', userId) : { bookingId };
}

/** Whether this message is somebody else's, and not read by the user yet as far as it says. */
export function isUnreadBy(userId: string | undefined, { sender, readBy, isRead }: ChatMessage): boolean {
  if (sender.userId === userId) return false;
  return readBy.length > 0 ? readBy.every((reader) => reader.userId !== userId) : !isRead;
}
