import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Conversation, type Head, lastSeq } from './conversation.ts';
import { conversationIdOf, enterConversation, enterWith } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import type { ConversationId } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { messagesBetween } from './read-history.ts';

type ReadBefore = CommandOf<'read-before'>;

/**
 * The messages before a place of a conversation's log. Two users who have said nothing yet have none: reading does not
 * open their conversation.
 *
 * @throws Fault `receiver-not-found` for a user whom nobody knows, and `conversation-not-found` for whatever is not
 *   there, or not the caller's.
 */
export async function readBefore(
  ports: Ports,
  caller: Caller,
  command: ReadBefore,
): Promise<Outcome<'read-before'>> {
  const { to } = command;
  const head = await findRoom(ports, caller, to).catch(tellNothing);
  if (!head) return { reply: { ...NOTHING_SAID, conversationId: pairIdOf(caller, to) }, deliveries: [] };
  const last = lastSeq(head);
  const end = Math.min(command.before ?? last + 1, last + 1);
  const messages = await messagesBetween(ports, head, Math.max(1, end - command.limit), end - 1);
  return { reply: { ...namesOf(head.conversation), messages, lastSeq: last }, deliveries: [] };
}

function namesOf(conversation: Conversation) {
  const { id: conversationId, kind } = conversation;
  return { conversationId, ...(kind === 'booking' && { bookingId: conversation.bookingId }) };
}

const NOT_THEIRS: ReadonlySet<string> = new Set([
  'booking-not-found',
  'business-not-found',
  'not-a-party',
  'not-a-participant',
]);

function tellNothing(thrown: unknown): never {
  if (thrown instanceof Fault && NOT_THEIRS.has(thrown.reason)) throw new Fault('conversation-not-found');
  throw thrown;
}

const NOTHING_SAID = { messages: [], lastSeq: 0 } as const;

/** Undefined for two users who have said nothing to each other. */
async function findRoom(ports: Ports, caller: Caller, to: ReadBefore['to']): Promise<Head | undefined> {
  if (!('userId' in to)) return (await enterConversation(ports, caller, to)).head;
  const { userId, conversationId } = to;
  const named = conversationId === undefined ? undefined : await ports.log.head(conversationId);
  if (named) return (await enterWith(ports, caller, to, named)).head;
  const pair = { userId };
  const [profile, found] = await Promise.all([
    ports.directory.profile(userId),
    ports.log.head(pairIdOf(caller, pair)),
  ]);
  if (!profile || userId === caller.userId) throw new Fault('receiver-not-found');
  return found && (await enterWith(ports, caller, pair, found)).head;
}

function pairIdOf(caller: Caller, to: ReadBefore['to']): ConversationId {
  return conversationIdOf(caller, 'userId' in to ? { userId: to.userId } : to);
}
