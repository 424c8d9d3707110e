import { membersAudience } from './audience.ts';
import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq } from './conversation.ts';
import { describeEntry } from './describe-message.ts';
import { enterConversation } from './enter-conversation.ts';
import { Fault } from './fault.ts';
import { type MessageId, placeOf, type UserId } from './ids.ts';
import type { Afterwards, Outcome } from './outcome.ts';
import type { Amendment, Ports } from './ports.ts';
import type { SignalOf } from './signals.ts';
import { isSupportAdmin } from './support-rights.ts';
import { tellAgain } from './tell-again.ts';
import { wantsUpdates } from './tell-update.ts';

/** Reactions that one user may leave on one message. */
const MOST_REACTIONS = 20;
/** Different reactions on one message, whoever left them: word of it must fit what API Gateway posts, 128 KB. */
const MOST_ON_MESSAGE = 200;

/**
 * Replaces a message's text, in its place.
 *
 * @throws Fault as `enterConversation`, `message-not-found` (also for a deleted one), `not-the-author`.
 */
export async function editMessage(
  ports: Ports,
  caller: Caller,
  { messageId, content }: CommandOf<'edit-message'>,
): Promise<Outcome<'edit-message'>> {
  const { head, entry } = await find(ports, caller, messageId);
  if (entry.senderId !== caller.userId) throw new Fault('not-the-author');
  if (entry.deletedAt !== undefined) throw new Fault('message-not-found');
  const at = ports.clock.now();
  const edited = await amend(ports, head, entry.seq, { kind: 'edit', by: caller.userId, content, at });
  const message = await describeEntry(ports, head, edited);
  return { reply: { message }, ...(await tellMembers(ports, head, { kind: 'message-edited', message })) };
}

/**
 * Takes a message back: its content is gone, its place is kept. An admin of the support desk may do so in each
 * conversation that it serves. Doing it again changes nothing.
 *
 * @throws Fault as `enterConversation`, `message-not-found`, `not-the-author`.
 */
export async function deleteMessage(
  ports: Ports,
  caller: Caller,
  { messageId }: CommandOf<'delete-message'>,
): Promise<Outcome<'delete-message'>> {
  const { head, entry } = await find(ports, caller, messageId);
  const isOwn = entry.senderId === caller.userId;
  if (!isOwn && !isSupportAdmin(caller)) throw new Fault('not-the-author');
  return deleteEntry(ports, head, entry, caller.userId);
}

/** Takes a message back, whoever asks; `deletedBy` is told to the members. What is gone already is told to nobody. */
export async function deleteEntry(
  ports: Ports,
  head: Head,
  entry: Entry,
  deletedBy: UserId,
): Promise<Outcome<'delete-message'>> {
  if (entry.deletedAt !== undefined) {
    return { reply: { message: await describeEntry(ports, head, entry) }, deliveries: [] };
  }
  const deleted = await amend(ports, head, entry.seq, { kind: 'delete', at: ports.clock.now() });
  const message = await describeEntry(ports, head, deleted);
  const signal = { kind: 'message-deleted', message, deletedBy } as const;
  return { reply: { message }, ...(await tellMembers(ports, head, signal)) };
}

/**
 * Leaves a reaction on a message, or takes it back. Doing so again changes nothing, and nobody is told.
 *
 * @throws Fault as `enterConversation`, `message-not-found` (also for a deleted one), `payload-invalid` for too many.
 */
export async function reactToMessage(
  ports: Ports,
  caller: Caller,
  { messageId, emoji, isSet }: CommandOf<'react-to-message'>,
): Promise<Outcome<'react-to-message'>> {
  const { head, entry } = await find(ports, caller, messageId);
  if (entry.deletedAt !== undefined) throw new Fault('message-not-found');
  const { userId } = caller;
  const own = (entry.reactions ?? []).filter((reaction) => reaction.userId === userId);
  if (own.some((reaction) => reaction.emoji === emoji) === isSet) {
    return { reply: { message: await describeEntry(ports, head, entry) }, deliveries: [] };
  }
  const isFull = own.length >= MOST_REACTIONS || (entry.reactions?.length ?? 0) >= MOST_ON_MESSAGE;
  if (isSet && isFull) throw new Fault('payload-invalid', 'too many reactions');
  const at = ports.clock.now();
  const reacted = await amend(ports, head, entry.seq, {
    ...(isSet ? { kind: 'react', at } : { kind: 'unreact' }),
    by: userId,
    emoji,
  });
  const message = await describeEntry(ports, head, reacted);
  const signal = { kind: 'message-reacted', message, userId, emoji, isSet, at } as const;
  const audience = await membersAudience(ports, head);
  return {
    reply: { message },
    deliveries: [audience.address(signal)],
    afterwards: (tell) => tellAgain(ports, message, tell),
  };
}

/** A message by its id, for someone who may see it. An admin who changes something takes part from then on. */
async function find(
  ports: Ports,
  caller: Caller,
  messageId: MessageId,
): Promise<{ readonly head: Head; readonly entry: Entry }> {
  const place = placeOf(messageId);
  if (!place) throw new Fault('message-not-found');
  const { conversationId, seq } = place;
  const { head } = await enterConversation(ports, caller, { conversationId }, 'take-part').catch(hideAbsence);
  return { head, entry: await entryAt(ports, head, seq) };
}

/** The entry at a place of a conversation. @throws Fault `message-not-found` */
export async function entryAt(ports: Ports, head: Head, seq: number): Promise<Entry> {
  if (seq > lastSeq(head)) throw new Fault('message-not-found');
  const inHead = head.entries.find((entry) => entry.seq === seq);
  const [entry] = inHead ? [inHead] : await ports.log.entriesAt(head.conversation.id, [seq]);
  if (!entry) throw new Fault('message-not-found');
  return entry;
}

function hideAbsence(thrown: unknown): never {
  const isAbsent = thrown instanceof Fault && thrown.reason === 'conversation-not-found';
  throw isAbsent ? new Fault('message-not-found') : thrown;
}

async function amend(ports: Ports, head: Head, seq: number, amendment: Amendment): Promise<Entry> {
  const amended = await ports.log.amend(head.conversation.id, seq, amendment);
  // Somebody else has deleted it since it was read.
  if (amended === 'refused') throw new Fault('message-not-found');
  return amended;
}

/** Lists that show the message as the last one change with it. */
async function tellMembers(
  ports: Ports,
  head: Head,
  signal: SignalOf<'message-edited' | 'message-deleted'>,
): Promise<Pick<Outcome<'edit-message'>, 'deliveries' | 'afterwards'>> {
  const audience = await membersAudience(ports, head);
  const deliveries = [audience.address(signal)];
  const { seq, conversation } = signal.message;
  const isListed = seq === lastSeq(head) && (audience.isLarge || wantsUpdates(audience.devices));
  const afterwards: Afterwards = async (tell) => {
    if (isListed) await ports.tasks.enqueue({ kind: 'tell-update', conversationId: conversation.id });
    await tellAgain(ports, signal.message, tell);
  };
  return { deliveries, afterwards };
}
