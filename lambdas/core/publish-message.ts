import { membersAudience, recentJoin } from './audience.ts';
import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { type Entry, type Head, lastSeq, type Message } from './conversation.ts';
import { describeMessage, personOf } from './describe-message.ts';
import { type Entered, enterWith } from './enter-conversation.ts';
import { Fault, toFault } from './fault.ts';
import { conversationOfBooking } from './ids.ts';
import type { Outcome } from './outcome.ts';
import type { Claim, Ports } from './ports.ts';
import { pushedAt } from './push-order.ts';
import { refuseHaste } from './rate-limit.ts';
import type { Delivery } from './signals.ts';
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
};

/** Each round somebody's message was stored; who loses this often is told to try again. */
const APPEND_ATTEMPTS = 30;
const BACKOFF_MS = 15;
/** Lists may be this far behind the log. */
const TOUCH_EVERY_MS = 60_000;
/** How far apart the clocks of two functions may be; AWS keeps them within milliseconds. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * Stores a message as the conversation's next entry and tells the members.
 *
 * Warm, it costs one Query of the head (with the claim put in parallel), then one conditional Put (with the devices
 * read in parallel). A repeat of a `clientMessageId` by the same sender stores and tells nothing and answers with the
 * first message.
 *
 * @throws Fault `booking-not-found`, `not-a-party` (also for a `role` that is not the sender's), `rate-limited`, `busy`.
 */
export async function publishMessage(
  ports: Ports,
  caller: Caller,
  command: Publish,
): Promise<Outcome<'publish-message'>> {
  const attempt = { caller, command, nonce: ports.nonce(), begunAt: ports.clock.now() };
  const claim = claimOf(attempt);
  const [found, claimed] = await Promise.all([
    ports.log.head(conversationOfBooking(command.to.bookingId)),
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
  const entered = await enterWith(ports, attempt.caller, attempt.command.to, found);
  refuseForeignRole(entered, attempt.command);
  const first = await findFirst(ports, attempt, entered.head, claimedSince);
  if (first) return { reply: { message: messageOf(entered.head, first, attempt) }, deliveries: [] };
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
    if (first) return { reply: { message: messageOf(head, first, attempt) }, deliveries: [] };
  }
  throw new Fault('busy');
}

/** One try for the next place. The devices are read at the same time: a join that this misses makes the put fail. */
async function tryAppend(ports: Ports, attempt: Attempt, entered: Entered): Promise<Appended | undefined> {
  const { head } = entered;
  const entry = nextEntry(attempt, entered, ports.clock.now());
  const [placed, audience] = await Promise.all([
    ports.log.append(head.conversation.id, entry, head.knock),
    membersAudience(ports, head),
  ]);
  if (placed === 'taken') return undefined;
  const message = messageOf(head, entry, attempt);
  const stopped = endOfTyping(head, attempt.caller, audience.devices, ports.clock.now());
  return {
    message,
    deliveries: [...stopped, inOrder(audience.address({ kind: 'message-published', message }), head, entry)],
    wasTyping: stopped.length > 0,
  };
}

function inOrder(delivery: Delivery, { entries }: Head, entry: Entry): Delivery {
  const notBefore = pushedAt(entry, entries);
  return notBefore > entry.createdAt ? { ...delivery, notBefore } : delivery;
}

function nextEntry({ caller, command, nonce }: Attempt, { head, self }: Entered, now: number): Entry {
  const joinedAt = recentJoin(head, now);
  return {
    seq: lastSeq(head) + 1,
    senderId: caller.userId,
    role: self.role,
    content: command.content,
    createdAt: Math.max(now, head.entries[0]?.createdAt ?? 0),
    nonce,
    ...(command.clientMessageId !== undefined && { clientMessageId: command.clientMessageId }),
    ...(joinedAt !== undefined && { joinedAt }),
  };
}

function outcomeOf(
  ports: Ports,
  caller: Caller,
  head: Head,
  { message, deliveries, wasTyping }: Appended,
): Outcome<'publish-message'> {
  const { conversation, members } = head;
  const isDue = message.createdAt - conversation.touchedAt >= TOUCH_EVERY_MS;
  const afterwards = async () => {
    if (wasTyping) await forgetTyping(ports, caller);
    if (isDue) await ports.conversations.touch(conversation, members, message.createdAt);
  };
  return { reply: { message }, deliveries, ...((wasTyping || isDue) && { afterwards }) };
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

function messageOf(head: Head, entry: Entry, { caller }: Attempt): Message {
  return describeMessage(head, entry, personOf(caller));
}

function refuseForeignRole({ self }: Entered, { role }: Publish): void {
  if (role !== undefined && role !== self.role) throw new Fault('not-a-party');
}

function claimOf({ caller, command }: Attempt): Claim | undefined {
  const { clientMessageId } = command;
  if (clientMessageId === undefined) return undefined;
  const conversationId = conversationOfBooking(command.to.bookingId);
  return { userId: caller.userId, conversationId, clientMessageId };
}
