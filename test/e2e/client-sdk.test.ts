import { describe, expect, test, vi } from 'vitest';
import type { Client, ConversationName, ConversationStore, DialectName } from '../../client/index.ts';
import { newPerson, newScene, type Person, platformOf } from '../support/booking-scene.ts';
import { newTeam } from '../support/conversation-scene.ts';
import { A_TIME } from '../support/documented.ts';
import { contents, openClient, until, watch } from '../support/sdk-client.ts';
import { backendForFile } from '../support/stack.ts';

/** The client for frontends, over the real wire. */

const backend = await backendForFile();

/** Two people who talk to each other in a dialect, and what each calls their conversation. */
type Pair = readonly [
  { readonly person: Person; readonly name: ConversationName },
  { readonly person: Person; readonly name: ConversationName },
];

async function pairOfBooking(): Promise<Pair> {
  const { bookingId, client, owner } = await newScene(backend);
  return [
    { person: client, name: { bookingId } },
    { person: owner, name: { bookingId } },
  ];
}

async function pairOfTeam(): Promise<Pair> {
  const { conversationId, ann, ben } = await newTeam(backend);
  return [
    { person: ann, name: { conversationId } },
    { person: ben, name: { conversationId } },
  ];
}

async function pairOfUsers(): Promise<Pair> {
  const [ann, ben] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Ben')];
  return [
    { person: ann, name: { userId: ben.userId } },
    { person: ben, name: { userId: ann.userId } },
  ];
}

const PAIRS: Readonly<Record<DialectName, () => Promise<Pair>>> = {
  booking: pairOfBooking,
  conversation: pairOfTeam,
  direct: pairOfUsers,
  appointment: pairOfUsers,
  support: pairOfTeam,
};

function entered(store: ConversationStore): Promise<void> {
  return until(store, ({ isLoading, error }) => expect({ isLoading, error }).toEqual({ isLoading: false }));
}

async function chat(dialect: DialectName) {
  const [one, other] = await PAIRS[dialect]();
  const [ann, ben] = [
    openClient(backend, one.person, { dialect }),
    openClient(backend, other.person, { dialect }),
  ];
  const [anns, bens] = [ann.client.conversation(one.name), ben.client.conversation(other.name)];
  watch(anns);
  watch(bens);
  for (const store of [anns, bens]) await entered(store);
  return { ann, ben, anns, bens, one, other };
}

describe.each(Object.keys(PAIRS) as DialectName[])('in the words of %s', (dialect) => {
  test('two people talk, see what was read, then and later, and who is writing', async () => {
    const { anns, bens, ann, ben, one, other } = await chat(dialect);
    const sent = await anns.send({ content: 'hello' });
    expect(sent).toMatchObject({
      content: 'hello',
      seq: 1,
      status: 'sent',
      sender: { userId: one.person.userId },
    });
    await until(bens, (state) => expect(contents(state)).toEqual(['hello']));
    const answer = bens.send({ content: 'hi' });
    expect(contents(bens.getSnapshot())).toEqual(['hello', 'hi']);
    expect(bens.getSnapshot().messages.at(-1)).toMatchObject({ status: 'sending' });
    await answer;
    await until(anns, (state) => expect(contents(state)).toEqual(['hello', 'hi']));
    await bens.markRead();
    await until(anns, ({ messages }) => expect(messages[0]?.isRead).toBe(true));
    const later = openClient(backend, one.person, { dialect }).client.conversation(one.name);
    watch(later);
    const readBy = [{ userId: other.person.userId, readAt: A_TIME }];
    await until(later, ({ messages }) => expect(messages).toMatchObject([{ isRead: true, readBy }, {}]));
    bens.setTyping(true);
    await until(anns, ({ typing }) => expect(typing).toEqual([other.person.userId]));
    bens.setTyping(false);
    await until(anns, ({ typing }) => expect(typing).toEqual([]));
    expect(anns.getSnapshot().messages.every(({ status }) => status === 'sent')).toBe(true);
    expect([ann.errors, ben.errors]).toEqual([[], []]);
  });
});

describe.each(['booking', 'direct'] as const)('in the words of %s', (dialect) => {
  test('whose connections are cut again and again, nothing is lost, doubled or out of order', async () => {
    const { anns, bens, ann, ben, one } = await chat(dialect);
    // What is shown may be there before the room is joined, and only then every event is told.
    const inBooking = ann.client as unknown as Client<'booking'>;
    if ('bookingId' in one.name) await inBooking.request('joinBooking', one.name.bookingId);
    const told: string[] = [];
    ann.client.onAny((event, payload) => {
      const [, text] = /"content":"(b-\d)"/.exec(JSON.stringify(payload)) ?? [];
      if (text !== undefined && event === HEARD[dialect]) told.push(text);
    });
    const sending: Promise<unknown>[] = [];
    for (let n = 0; n < 8; n += 1) {
      sending.push(anns.send({ content: `a-${n}` }), bens.send({ content: `b-${n}` }));
      if (n % 3 === 1) ann.cut();
      if (n % 3 === 2) ben.cut();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await Promise.all(sending);
    for (const store of [anns, bens]) {
      await until(store, (state) => expect(contents(state)).toHaveLength(16));
      const { messages } = store.getSnapshot();
      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
      for (const side of ['a', 'b']) {
        const own = contents(store.getSnapshot()).filter((content) => content.startsWith(side));
        expect(own).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${side}-${n}`));
      }
    }
    await vi.waitFor(() => expect(told).toHaveLength(8), { timeout: 20_000 });
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => `b-${n}`));
  });
});

test('in the words of booking, who is writing is seen in a conversation that was asked for by its own id', async () => {
  const { anns, bens, one, other } = await chat('booking');
  const { conversationId = '' } = anns.getSnapshot();
  const { client } = openClient(backend, one.person, { dialect: 'booking' });
  const store = client.conversation({ conversationId });
  watch(store);
  await entered(store);
  await client.request('joinBooking', conversationId);
  bens.setTyping(true);
  await until(store, ({ typing }) => expect(typing).toEqual([other.person.userId]));
});

const HEARD = { booking: 'newMessage', direct: 'receive_message' } as const;

test.each(['booking', 'conversation', 'support'] as const)(
  'in the words of %s, a group sees who of it has read, and each reads for themselves',
  async (dialect) => {
    const { conversationId, ...people } = await newTeam(backend);
    const open = (person: Person) => openClient(backend, person, { dialect }).client;
    const storeOf = (client: ReturnType<typeof open>) => client.conversation({ conversationId });
    const { ann, ben, cat } = people;
    const [anns, bens, cats] = [storeOf(open(ann)), storeOf(open(ben)), storeOf(open(cat))];
    for (const store of [anns, bens, cats]) watch(store);
    for (const store of [anns, bens, cats]) await entered(store);
    await anns.send({ content: 'hello' });
    const isReadBy = async (store: typeof anns, readers: readonly Person[]) => {
      const readBy = readers.map(({ userId }) => ({ userId, readAt: A_TIME }));
      await until(store, ({ messages }) => expect(messages[0]?.readBy).toEqual(readBy));
    };
    await isReadBy(bens, []);
    await bens.markRead();
    for (const store of [anns, cats]) await isReadBy(store, [ben]);
    await cats.markRead();
    await isReadBy(anns, [ben, cat]);
  },
);

describe('the lists', () => {
  test('show conversations and what is unread in them, and stay true', async () => {
    const [one, other] = await pairOfTeam();
    const ann = openClient(backend, one.person, { dialect: 'conversation' });
    const ben = openClient(backend, other.person, { dialect: 'conversation' });
    watch(ann.client.conversations);
    const room = ben.client.conversation(other.name);
    watch(room);
    await room.send({ content: 'first' });
    await until(ann.client.conversations, ({ conversations, unreadCount }) => {
      expect(unreadCount).toBe(1);
      expect(conversations).toMatchObject([
        { ...one.name, title: 'Team', unreadCount: 1, lastMessage: { content: 'first' } },
      ]);
    });
    const anns = ann.client.conversation(one.name);
    watch(anns);
    await until(anns, (state) => expect(contents(state)).toEqual(['first']));
    await anns.markRead();
    await room.send({ content: 'second' });
    await until(ann.client.conversations, ({ conversations, unreadCount }) => {
      expect(unreadCount).toBe(1);
      expect(conversations[0]).toMatchObject({ lastMessage: { content: 'second' } });
    });
    expect([ann.errors, ben.errors]).toEqual([[], []]);
  });

  test('show what the platform told, now and before, and what was read of it', async () => {
    const ann = await newPerson(backend, 'Ann');
    const platform = await platformOf(backend);
    const tell = (title: string) =>
      platform.post('notifications', { userId: ann.userId, type: 'order', title, message: 'is ready' });
    await tell('before');
    const { client } = openClient(backend, ann, { dialect: 'booking' });
    watch(client.notifications);
    await until(client.connection, ({ status }) => expect(status).toBe('online'));
    await until(client.notifications, ({ unreadCount }) => expect(unreadCount).toBe(1));
    await tell('now');
    const titles = () => client.notifications.getSnapshot().notifications.map(({ title }) => title);
    await until(client.notifications, () => expect(titles()).toEqual(['now', 'before']));
    const [{ id } = { id: '' }] = client.notifications.getSnapshot().notifications;
    await client.notifications.markRead(id);
    expect(client.notifications.getSnapshot().unreadCount).toBe(1);
    await client.notifications.markAllRead();
    expect(client.notifications.getSnapshot()).toMatchObject({ unreadCount: 0 });
  });

  test('show who is online, and who has gone', async () => {
    const [one, other] = await pairOfTeam();
    const { client } = openClient(backend, one.person, { dialect: 'conversation' });
    const ben = openClient(backend, other.person, { dialect: 'conversation' });
    const store = client.presence.of([other.person.userId]);
    watch(store);
    await until(store, (state) => expect(state).toEqual({ [other.person.userId]: 'online' }));
    ben.client.close();
    await until(store, (state) => expect(state).toEqual({ [other.person.userId]: 'offline' }));
  });
});
