import { membersAudience, recentJoin } from './audience.ts';
import type { CommandOf } from './commands.ts';
import { type Caller, originOf } from './connection.ts';
import { counterpartOf, type Entry, type Head, lastSeq, type Message, type Person } from './conversation.ts';
import { describeMessage, peopleBy } from './describe-message.ts';
import { conversationIdOf, type Entered, enterWith } from './enter-conversation.ts';
import { Fault, toFault } from './fault.ts';
import { placeOf, SYSTEM, type UserId } from './ids.ts';
import type { Outcome, Place } from './outcome.ts';
import type { Claim, Ports } from './ports.ts';
import { pushedAt } from './push-order.ts';
import { refuseHaste } from './rate-limit.ts';
import type { Delivery } from './signals.ts';
import { wantsUpdates } from './tell-update.ts';
import { endOfTyping, forgetTyping } from './typing-state.ts';

type Publish = CommandOf<'publish-message'>;
type Attempt = {
  readonly caller: Caller;
  readonly command: Publish;
  readonly nonce: string;
  readonly begunAt: number;
};
type Appended = {
  readonly message: Message;
  readonly deliveries: readonly Delivery[];
  readonly wasTyping: boolean;
  /** Whether there are devices that show how the conversation stands now. */
  readonly isListed: boolean;
};

/** Each round somebody's message was stored; who loses this often is told to try again. */
const APPEND_ATTEMPTS = 30;
const BACKOFF_MS = 15;
/** Lists may be this far behind the log. */
export const TOUCH_EVERY_MS = 60_000;
/** How far apart the clocks of two functions may be; AWS keeps them within milliseconds. */
export const CLOCKS_DIFFER_MS = 1_000;

/**
 * Stores a message as the conversation's next entry and tells the members.
 *
 * Warm, it costs one Query of the head (with the claim put in parallel), then one conditional Put (with the devices
 * read in parallel). A repeat of a `clientMessageId` by the same sender stores and tells nothing and answers with the
 * first message.
 *
 * @throws Fault as `enterConversation`, `not-a-party` for a `role` that is not the sender's, `conversation-closed`,
 *   `message-not-found` for what it answers, `rate-limited`, `busy`.
 */
export async function publishMessage(
  ports: Ports,
  caller: Caller,
  command: Publish,
): Promise<Outcome<'publish-message'>> {
  const attempt = { caller, command, nonce: ports.nonce(), begunAt: ports.clock.now() };
  const claim = claimOf(attempt);
  const [found, claimed] = await Promise.all([
    ports.log.head(conversationIdOf(caller, command.to)),
    claim && ports.claims.claim(claim, attempt.nonce, attempt.begunAt),
  ]);
  try {
    return await publishClaimed(ports, attempt, found, claimed?.since);
  } catch (thrown) {
    // Only who claimed first may give a claim up: a later attempt may be storing the message under it right now.
    const refused = claim && claimed?.since === undefined && toFault(thrown).code !== 'INTERNAL';
    if (refused) await ports.claims.release(claim, attempt.nonce);
    throw thrown;
  }
}

async function publishClaimed(
  ports: Ports,
  attempt: Attempt,
  found: Head | undefined,
  claimedSince: number | undefined,
): Promise<Outcome<'publish-message'>> {
  const entered = await enterWith(ports, attempt.caller, attempt.command.to, found, 'take-part');
  refuseForeignRole(entered, attempt.command);
  const first = await findFirst(ports, attempt, entered.head, claimedSince);
  if (first) return repeated(ports, attempt, entered.head, first);
  refuseUnfit(entered.head, attempt);
  const claim = claimOf(attempt);
  if (claim && claimedSince !== undefined) {
    await ports.claims.takeOver(claim, attempt.nonce, claimedSince, ports.clock.now());
  }
  return append(ports, attempt, entered);
}

async function append(ports: Ports, attempt: Attempt, entered: Entered): Promise<Outcome<'publish-message'>> {
  let { head } = entered;
  for (let round = 1; round <= APPEND_ATTEMPTS; round += 1) {
    await refuseHaste(ports, head, attempt.caller.userId);
    const appended = await tryAppend(ports, attempt, { ...entered, head });
    if (appended) return outcomeOf(ports, attempt.caller, head, appended);
    if (round > 1) await ports.clock.sleep(ports.random() * BACKOFF_MS * Math.min(round, 10));
    const lostSeq = lastSeq(head) + 1;
    ({ head } = await enterWith(
      ports,
      attempt.caller,
      attempt.command.to,
      await ports.log.head(head.conversation.id),
    ));
    const first = await findSince(ports, attempt, head, lostSeq);
    if (first) return repeated(ports, attempt, head, first);
  }
  throw new Fault('busy');
}

/** One try for the next place. The devices are read at the same time: a join that this misses makes the put fail. */
async function tryAppend(ports: Ports, attempt: Attempt, entered: Entered): Promise<Appended | undefined> {
  const { head } = entered;
  const entry = nextEntry(attempt, entered, ports.clock.now());
  const [placed, audience, personBy] = await Promise.all([
    ports.log.append(head.conversation.id, entry, head.knock),
    membersAudience(ports, head),
    partiesTo(ports, head, attempt.caller),
  ]);
  if (placed === 'taken') return undefined;
  const message = describeMessage(head, entry, personBy);
  const stopped = endOfTyping(head, attempt.caller, audience.devices, ports.clock.now());
  const { unheardBy: by } = entry;
  const signal = { kind: 'message-published', message, ...(by !== undefined && { by }) } as const;
  return {
    message,
    deliveries: [...stopped, inOrder(audience.address(signal), head, entry)],
    wasTyping: stopped.length > 0,
    isListed: audience.isLarge || wantsUpdates(audience.devices),
  };
}

function inOrder(delivery: Delivery, { entries }: Head, entry: Entry): Delivery {
  const notBefore = pushedAt(entry, entries);
  return notBefore > entry.createdAt ? { ...delivery, notBefore } : delivery;
}

function nextEntry({ caller, command, nonce }: Attempt, { head, self }: Entered, now: number): Entry {
  const joinedAt = recentJoin(head, now);
  const unheardBy = command.echo === 'elsewhere' ? originOf(caller) : undefined;
  return {
    seq: lastSeq(head) + 1,
    senderId: caller.userId,
    role: self.role,
    content: command.content,
    createdAt: Math.max(now, head.entries[0]?.createdAt ?? 0),
    nonce,
    ...formOf(caller, command),
    ...(unheardBy !== undefined && { unheardBy }),
    ...(command.clientMessageId !== undefined && { clientMessageId: command.clientMessageId }),
    ...(joinedAt !== undefined && { joinedAt }),
  };
}

/** What a message is besides its text; what it need not say is left out. */
function formOf(
  { userId }: Caller,
  { type, attachments, replyTo }: Publish,
): Pick<Entry, 'type' | 'attachments' | 'replyTo'> {
  const place = replyTo === undefined ? undefined : placeOf(replyTo);
  return {
    ...(userId === SYSTEM ? { type: 'system' } : type !== undefined && type !== 'text' && { type }),
    ...(attachments !== undefined && attachments.length > 0 && { attachments }),
    ...(place && { replyTo: place.seq }),
  };
}

/** @throws Fault `conversation-closed`, `message-not-found`. */
function refuseUnfit({ conversation, entries }: Head, { caller, command: { replyTo } }: Attempt): void {
  if (conversation.status === 'closed' && caller.userId !== SYSTEM) throw new Fault('conversation-closed');
  if (replyTo === undefined) return;
  const place = placeOf(replyTo);
  const isHere = place?.conversationId === conversation.id && place.seq <= (entries[0]?.seq ?? 0);
  if (!isHere) throw new Fault('message-not-found');
}

function outcomeOf(
  ports: Ports,
  caller: Caller,
  head: Head,
  { message, deliveries, wasTyping, isListed }: Appended,
): Outcome<'publish-message'> {
  const { conversation, members } = head;
  const isDue = message.createdAt - conversation.touchedAt >= TOUCH_EVERY_MS;
  const afterwards = async () => {
    if (isListed) await ports.tasks.enqueue({ kind: 'tell-update', conversationId: conversation.id });
    if (wasTyping) await forgetTyping(ports, caller);
    if (isDue) await ports.conversations.touch(conversation, members, message.createdAt);
  };
  const later = (wasTyping || isDue || isListed) && { afterwards };
  return { reply: { message }, deliveries, place: placeIn(message), ...later };
}

/**
 * The first message that this attempt repeats, if there is one: from the head back to when it was first claimed. An
 * attempt that claimed first itself may have been overtaken too, where its head was read late.
 */
async function findFirst(
  ports: Ports,
  attempt: Attempt,
  head: Head,
  claimedSince: number | undefined,
): Promise<Entry | undefined> {
  if (attempt.command.clientMessageId === undefined) return undefined;
  const earliest = (claimedSince ?? attempt.begunAt) - CLOCKS_DIFFER_MS;
  let entries = head.entries;
  for (;;) {
    const repeat = entries.find((entry) => isSame(entry, attempt));
    const oldest = entries.at(-1);
    if (repeat || !oldest || oldest.seq === 1 || oldest.createdAt < earliest) return repeat;
    const page = await ports.log.range(head.conversation.id, Math.max(1, oldest.seq - 100), oldest.seq - 1);
    entries = page.toReversed();
  }
}

/** The same among what was stored since this attempt last looked. */
async function findSince(
  ports: Ports,
  attempt: Attempt,
  head: Head,
  from: number,
): Promise<Entry | undefined> {
  if (attempt.command.clientMessageId === undefined) return undefined;
  const seen = head.entries.find((entry) => isSame(entry, attempt));
  const oldest = head.entries.at(-1)?.seq ?? 0;
  if (seen || oldest <= from) return seen;
  const missed = await ports.log.range(head.conversation.id, from, oldest - 1);
  return missed.find((entry) => isSame(entry, attempt));
}

function isSame({ senderId, clientMessageId }: Entry, { caller, command }: Attempt): boolean {
  return senderId === caller.userId && clientMessageId === command.clientMessageId;
}

async function repeated(
  ports: Ports,
  { caller }: Attempt,
  head: Head,
  first: Entry,
): Promise<Outcome<'publish-message'>> {
  const personBy = await partiesTo(ports, head, caller);
  const message = describeMessage(head, first, personBy);
  return { reply: { message }, deliveries: [], place: placeIn(message) };
}

function placeIn({ conversation, seq }: Message): Place {
  return { conversationId: conversation.id, seq };
}

/** Who speaks and who is spoken to. That a name cannot be read is no reason to fail what is stored. */
async function partiesTo(ports: Ports, head: Head, caller: Caller): Promise<(userId: UserId) => Person> {
  const counterpart = counterpartOf(head, caller.userId);
  const others = counterpart ? await ports.directory.profiles([counterpart.userId]).catch(() => []) : [];
  return peopleBy([...others, caller]);
}

function refuseForeignRole({ self }: Entered, { role }: Publish): void {
  if (role !== undefined && role !== self.role) throw new Fault('not-a-party');
}

function claimOf({ caller, command }: Attempt): Claim | undefined {
  const { clientMessageId } = command;
  if (clientMessageId === undefined) return undefined;
  const conversationId = conversationIdOf(caller, command.to);
  return { userId: caller.userId, conversationId, clientMessageId };
}
