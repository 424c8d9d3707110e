import { expect, test } from 'vitest';
import { bookingOf, Street, watch } from './device.ts';
import { BOOKING, CONVERSATION } from './fake-backend.ts';

/** A conversation that goes by two names: that of its booking, and its own id. */

const byId = { conversationId: CONVERSATION };

const contents = ({ getSnapshot }: ReturnType<typeof bookingOf>) =>
  getSnapshot().messages.map(({ content, status }) => `${content} ${status}`);

test('a conversation that was asked for by one name is found by the other, once that is known', async () => {
  const street = new Street();
  const ann = street.client('ann');
  const store = bookingOf(ann);
  expect(ann.conversation({ conversationId: 'cBBBBBBBBBBBBBBBBBBBBBB' })).not.toBe(store);
  watch(store);
  await street.pass(1_000);
  expect(ann.conversation(byId)).toBe(store);
  expect(bookingOf(ann)).toBe(store);
});

test('a booking is known by its conversation’s id, once that was asked for', async () => {
  const street = new Street();
  const ann = street.client('ann');
  const store = ann.conversation(byId);
  watch(store);
  await street.pass(1_000);
  expect(bookingOf(ann)).toBe(store);
  const data = { bookingId: BOOKING, userId: 'ben', isTyping: true };
  street.backend.say('ann', JSON.stringify({ event: 'typing', data }));
  expect(store.getSnapshot().typing).toEqual(['ben']);
});

test('what waits to be sent is shown by either name, by whichever it was said', async () => {
  const street = new Street();
  street.backend.silent.add('sendMessage');
  const ann = street.client('ann');
  const stores = [bookingOf(ann), ann.conversation(byId)];
  for (const store of stores) watch(store);
  for (const store of stores) void store.send({ content: 'early' });
  await street.pass(1_000);
  for (const store of stores) expect(contents(store)).toEqual(['early sending', 'early sending']);
});

test('two stores of one conversation show the same, and it is left with the last of them', async () => {
  const street = new Street();
  const [ann, ben] = [street.client('ann'), street.client('ben')];
  watch(bookingOf(ben));
  const stores = [bookingOf(ann), ann.conversation(byId)] as const;
  const leave = stores.map((store) => store.subscribe(() => undefined));
  await street.pass(1_000);
  for (const store of stores) void store.send({ content: 'mine' });
  await street.pass(1_000);
  for (const store of stores) expect(contents(store)).toEqual(['mine sent', 'mine sent']);
  leave[0]?.();
  await street.pass(2_000);
  void bookingOf(ben).send({ content: 'hers' });
  await street.pass(1_000);
  expect(contents(stores[1])).toContain('hers sent');
  leave[1]?.();
  await street.pass(2_000);
  void bookingOf(ben).send({ content: 'unheard' });
  await street.pass(1_000);
  expect(contents(stores[1])).not.toContain('unheard sent');
});

test('what a name stood for is forgotten with the user who knew it', async () => {
  const street = new Street();
  const ann = street.client('ann');
  const store = bookingOf(ann);
  watch(store);
  await street.pass(1_000);
  street.backend.renamed.set('ann', 'eve');
  street.backend.silent.add('parley:history');
  street.backend.cut();
  await street.pass(10_000);
  expect(store.getSnapshot().conversationId).toBeUndefined();
  expect(ann.conversation(byId)).not.toBe(store);
});
