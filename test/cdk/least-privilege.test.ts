import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { functionsIn } from './functions-in.ts';
import { PolicedFunctions, tokenFor } from './policed-functions.ts';
import { synthesize } from './synthesize.ts';

/*
 * Every function does all that it can do, with the policy that the template gives it: what is missing there fails the
 * story, what is too much is never asked for.
 */

const deployed = functionsIn(synthesize());
const logged = vi.fn();
let functions: PolicedFunctions;
let ann: string;
let ben: string;
let service: string;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(console, 'error').mockImplementation(logged);
  functions = await PolicedFunctions.start(deployed);
  ann = await tokenFor('ann', { name: 'Ann' });
  ben = await tokenFor('ben', { name: 'Ben' });
  service = await tokenFor('platform', { name: 'Platform', role: 'service' });
});

afterAll(() => {
  functions.close();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const A_MINUTE = 60_000;
const TYPING = { bookingId: 'default', isTyping: true };
const OK = expect.objectContaining({ ok: true });

it('the platform introduces its businesses and bookings', async () => {
  await functions.request(service, 'PUT', '/api/server/users/dan', { name: 'Dan' });
  await functions.request(service, 'PUT', '/api/server/businesses/salon', { name: 'Salon', ownerId: 'ben' });
  for (const booking of ['default', 'join', 'send', 'typing', 'http', 'gone']) {
    const body = { clientId: 'ann', businessId: 'salon' };
    await functions.request(service, 'PUT', `/api/server/bookings/${booking}`, body);
  }
});

it('people connect, with a token and without', async () => {
  await functions.connect('ben', ben);
  await functions.connect('stranger');
  const renewed = await tokenFor('ann', { name: 'Ann', email: 'ann@example.com' });
  await functions.connect('ann', ann);
  expect(await functions.frame('authenticate', 'ann', 'authenticate', renewed)).toEqual(OK);
  expect(await functions.frame('default', 'ann', 'authenticate', renewed)).toEqual(OK);
});

it.each([
  ['default', 'joinBooking', 'default'],
  ['join-booking', 'joinBooking', 'join'],
  ['send-message', 'sendMessage', said('send')],
  ['typing', 'typing', { bookingId: 'typing', isTyping: true }],
])('the first to come opens the conversation: %s', async (entry, action, data) => {
  expect(await functions.frame(entry, 'ann', action, data)).toEqual(OK);
});

it('they carry a conversation on, and read it over HTTP', async () => {
  expect(await functions.frame('default', 'ben', 'joinBooking', 'default')).toEqual(OK);
  const { message } = await functions.frame('default', 'ann', 'sendMessage', said('default'));
  expect(await functions.frame('mark-as-read', 'ben', 'markAsRead', { messageIds: [message._id] })).toEqual(
    OK,
  );
  expect(await functions.frame('leave-booking', 'ann', 'leaveBooking', 'join')).toEqual(OK);
  await functions.request(ann, 'GET', '/api/messages/booking/http');
  await functions.request(ann, 'GET', '/api/messages/my-conversations');
  await functions.request(ben, 'GET', '/api/messages/business/salon/conversations');
});

it.each([
  ['authenticate', 'authenticate', 'not a token'],
  ['default', 'unheard-of', null],
  ['join-booking', 'joinBooking', 'default'],
  ['leave-booking', 'leaveBooking', 'default'],
  ['mark-as-read', 'markAsRead', { messageIds: [] }],
  ['send-message', 'sendMessage', said('default')],
  ['typing', 'typing', { bookingId: 'default', isTyping: true }],
])(
  'a sender that is gone before the answer is forgotten, and types no more: %s',
  async (entry, action, data) => {
    const connectionId = `ann-at-${entry}`;
    await functions.connect(connectionId, ann);
    expect(await functions.frame('default', connectionId, 'typing', TYPING)).toEqual(OK);
    functions.drop(connectionId);
    await functions.frame(entry, connectionId, action, data);
  },
);

it('one that leaves while typing types no more', async () => {
  await functions.connect('ann-leaving', ann);
  expect(await functions.frame('default', 'ann-leaving', 'typing', TYPING)).toEqual(OK);
  await functions.disconnect('ann-leaving');
});

it('a receiver that is gone is forgotten by the HTTP API too', async () => {
  const { message } = await functions.frame('default', 'ann', 'sendMessage', said('default'));
  expect(await functions.frame('default', 'ben', 'typing', TYPING)).toEqual(OK);
  functions.drop('ben');
  await functions.request(ben, 'POST', '/api/messages/mark-read', { messageIds: [message._id] });
});

it('the platform forgets, and the tasks put things in order', async () => {
  await functions.request(service, 'PUT', '/api/server/businesses/salon', { name: 'Salon', ownerId: 'cat' });
  await functions.request(service, 'DELETE', '/api/server/bookings/join');
  vi.setSystemTime(Date.now() + A_MINUTE);
  await functions.runTasks();
});

it('nothing of this was denied', () => {
  expect(logged.mock.calls).toEqual([]);
});

it.each(deployed.map(({ entry }) => entry))('nothing more than this is allowed to %s', (entry) => {
  const { asked, allowed } = functions.actionsOf(entry);
  // Whoever pushes may meet more receivers than it can serve, and leaves them to the queue; not so in this story.
  const unused = [...allowed].filter((action) => !asked.has(action) && action !== 'sqs:SendMessage');
  expect(unused).toEqual([]);
});

function said(bookingId: string) {
  return { bookingId, content: 'Hello', clientMessageId: randomUUID() };
}
