import { conversationOfBooking } from '../../lambdas/core/ids.ts';
import type { Ports } from '../../lambdas/core/ports.ts';
import { UNREAD } from '../../lambdas/core/read-state.ts';
import type { Deployment } from './deployment.ts';
import { arrange, book, type Parties } from './people.ts';
import { callRoute } from './rest.ts';
import type { Tally } from './tally.ts';

const PAGE = 50;
const PAGES = 50;
const LISTED = 20;
const EACH = 12;
const UNREAD_OF_EACH = 3;
const SAYS = 'Hi, I would like to confirm my appointment time.';
/** Rows being written at once. */
const AT_ONCE = 50;

/** What the REST routes that read cost. */
export async function countLists(tally: Tally): Promise<void> {
  const { deployment } = tally;
  const parties = await arrange(deployment);
  await converse(deployment, parties, PAGE * PAGES);
  const history = `/api/messages/booking/${parties.bookingId}?limit=${PAGE}`;
  const get = (path: string, token: string) => () => callRoute<object>(deployment, { path, token });
  // Names are remembered for a while: whichever page is read first reads them.
  await get(history, parties.client.token)();
  await tally.count(`history, page 1 of ${PAGE} messages`, get(`${history}&page=1`, parties.client.token));
  await tally.count(`history, page ${PAGES}`, get(`${history}&page=${PAGES}`, parties.client.token));
  const busy = await arrange(deployment);
  for (let n = 0; n < LISTED; n += 1) {
    await converse(deployment, { ...busy, bookingId: await book(deployment, busy) }, EACH);
  }
  await tally.count(
    `list of ${LISTED} own conversations`,
    get('/api/messages/my-conversations', busy.client.token),
  );
  const business = `/api/messages/business/${busy.businessId}/conversations`;
  await tally.count(`list of a business’s ${LISTED} conversations`, get(business, busy.owner.token));
}

/** Fills a conversation without going through the functions. All but the last few messages are read. */
export async function converse(
  { ports, clock }: Deployment,
  parties: Parties,
  messages: number,
): Promise<void> {
  const { bookingId, businessId, client, owner } = parties;
  const booking = { bookingId, businessId, clientId: client.userId, title: 'Haircut and beard trim' };
  await ports.conversations.open(booking, { businessId, name: 'Barber', ownerId: owner.userId }, clock.now());
  const id = conversationOfBooking(bookingId);
  for (let from = 1; from <= messages; from += AT_ONCE) {
    const run = Array.from({ length: Math.min(AT_ONCE, messages - from + 1) }, (_, index) => from + index);
    await Promise.all(
      run.map((seq) => ports.log.append(id, entryAt(parties, ports, seq, clock.now()), undefined)),
    );
  }
  const read = { ...UNREAD, upTo: messages - UNREAD_OF_EACH, at: clock.now(), version: 1 };
  await Promise.all([client, owner].map(({ userId }) => ports.log.saveRead(id, userId, read)));
}

function entryAt({ client, owner }: Parties, ports: Ports, seq: number, createdAt: number) {
  const [senderId, role] = seq % 2 ? [client.userId, 'client' as const] : [owner.userId, 'business' as const];
  return { seq, senderId, role, content: SAYS, createdAt, nonce: ports.nonce() };
}
