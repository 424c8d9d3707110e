import type { Caller } from './connection.ts';
import {
  type Conversation,
  type ConversationStatus,
  type Head,
  type Message,
  memberOf,
  type Person,
  type Role,
} from './conversation.ts';
import { describeMessage, peopleBy, peopleIn } from './describe-message.ts';
import type { Business } from './directory.ts';
import { Fault } from './fault.ts';
import type { BusinessId, UserId } from './ids.ts';
import type { Listed, Page, Ports } from './ports.ts';
import { countUnread } from './unread.ts';

/** Somebody who takes part, as a list shows them. `joinedAt` in ms. */
export type Participant = { readonly person: Person; readonly role: Role; readonly joinedAt: number };

/** A conversation as a row of its member's list. */
export type Summary = {
  readonly conversation: Conversation;
  readonly business: Business | undefined;
  readonly members: readonly Participant[];
  readonly lastMessage: Message | undefined;
  /** Messages of others that the caller has not read. */
  readonly unreadCount: number;
  /** When something was last said, or else when the conversation was opened; ms. */
  readonly updatedAt: number;
};

export type SummaryPage = { readonly conversations: readonly Summary[]; readonly hasMore: boolean };

/** The conversations in which the caller is the client, latest activity first. */
export async function listOwnConversations(ports: Ports, caller: Caller, page: Page): Promise<SummaryPage> {
  return summarise(
    ports,
    caller.userId,
    page,
    await ports.conversations.ofUser(caller.userId, 'client', page),
  );
}

/** Rows of a list that are looked at together when it is filtered. */
const RUN = 50;
/** A filtered list ends here: what lies deeper is found by its own name. */
const DEEPEST = 2_000;

/**
 * The conversations in which the caller takes part, in whatever role, latest activity first; all, or those in a status.
 * A filtered page reads the conversations before it too.
 */
export async function listConversations(
  ports: Ports,
  caller: Caller,
  page: Page,
  status?: ConversationStatus,
): Promise<SummaryPage> {
  const { userId } = caller;
  if (status === undefined) {
    return summarise(ports, userId, page, await ports.conversations.ofUser(userId, undefined, page));
  }
  const wanted = page.number * page.limit + 1;
  const listed = await ports.conversations.ofUser(userId, undefined, { number: 1, limit: DEEPEST });
  const found: Listed[] = [];
  for (let from = 0; from < listed.length && found.length < wanted; from += RUN) {
    found.push(...(await thoseIn(ports, status, listed.slice(from, from + RUN))));
  }
  return summarise(ports, userId, page, found.slice((page.number - 1) * page.limit, wanted));
}

async function thoseIn(
  ports: Ports,
  status: ConversationStatus,
  listed: readonly Listed[],
): Promise<readonly Listed[]> {
  const heads = await Promise.all(listed.map(({ conversationId }) => ports.log.head(conversationId)));
  return listed.filter((_, index) => (heads[index]?.conversation.status ?? 'active') === status);
}

/** One conversation as a row of a list, for somebody who takes part or serves it. */
export async function summariseOne(ports: Ports, caller: Caller, head: Head): Promise<Summary> {
  return summaryOf(ports, caller.userId, head, await knownIn(ports, [head]));
}

/**
 * The conversations of a business, for its owner, latest activity first.
 *
 * @throws Fault `not-a-party` for anybody else, whether or not the business exists.
 */
export async function listBusinessConversations(
  ports: Ports,
  caller: Caller,
  businessId: BusinessId,
  page: Page,
): Promise<SummaryPage> {
  const business = await ports.directory.business(businessId);
  if (business?.ownerId !== caller.userId) throw new Fault('not-a-party');
  return summarise(ports, caller.userId, page, await ports.conversations.ofBusiness(businessId, page));
}

/** Rows come ordered to the minute; within the page the log's own times decide. */
async function summarise(
  ports: Ports,
  viewer: UserId,
  page: Page,
  listed: readonly Listed[],
): Promise<SummaryPage> {
  const rows = listed.slice(0, page.limit);
  const heads = await Promise.all(rows.map(({ conversationId }) => ports.log.head(conversationId)));
  const own = heads.filter(
    (head) => head !== undefined && memberOf(head, viewer) !== undefined && !isUnspoken(head),
  ) as readonly Head[];
  const known = await knownIn(ports, own);
  const summaries = await Promise.all(own.map((head) => summaryOf(ports, viewer, head, known)));
  const conversations = summaries.toSorted((a, b) => b.updatedAt - a.updatedAt);
  return { conversations, hasMore: listed.length > page.limit };
}

/** Who only looks at somebody, or begins to type, opens no conversation that a list should show. */
function isUnspoken({ conversation, entries }: Head): boolean {
  return conversation.kind === 'direct' && entries.length === 0;
}

function businessOf(conversation: Conversation): BusinessId | undefined {
  return conversation.kind === 'booking' ? conversation.businessId : undefined;
}

type Known = {
  readonly personBy: (userId: UserId) => Person;
  readonly businesses: ReadonlyMap<BusinessId, Business>;
};

async function knownIn(ports: Ports, heads: readonly Head[]): Promise<Known> {
  const userIds = new Set(
    heads.flatMap((head) => [
      ...head.members.map((member) => member.userId),
      ...peopleIn(head, head.entries.slice(0, 1)),
    ]),
  );
  const businessIds = new Set(heads.flatMap(({ conversation }) => businessOf(conversation) ?? []));
  const [profiles, businesses] = await Promise.all([
    ports.directory.profiles([...userIds]),
    ports.directory.businesses([...businessIds]),
  ]);
  return {
    personBy: peopleBy(profiles),
    businesses: new Map(businesses.map((one) => [one.businessId, one])),
  };
}

async function summaryOf(ports: Ports, viewer: UserId, head: Head, known: Known): Promise<Summary> {
  const { conversation, members, entries } = head;
  const [last] = entries;
  const self = memberOf(head, viewer);
  return {
    conversation,
    business: known.businesses.get(businessOf(conversation) ?? ''),
    members: members.map(({ userId, role, joinedAt }) => ({
      person: known.personBy(userId),
      role,
      joinedAt,
    })),
    lastMessage: last && describeMessage(head, last, known.personBy),
    unreadCount: self ? await countUnread(ports, head, self) : 0,
    updatedAt: last?.createdAt ?? conversation.createdAt,
  };
}
