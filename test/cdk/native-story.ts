import { expect, it, vi } from 'vitest';
import { disconnect, nativeClients, request, runTasks, tokenFor } from './policed-clients.ts';
import { type Scene, said } from './scene.ts';

const A_MINUTE = 60_000;
const TYPING = { bookingId: 'default', isTyping: true };
const OK = expect.objectContaining({ ok: true });

/** The platform, the REST API, and devices on the native wire. */
export function tellNativeStory(scene: Scene): void {
  const clients = () => nativeClients(scene.functions);

  it('the platform introduces its businesses and bookings', async () => {
    const { functions, service } = scene;
    const put = (path: string, body: object) =>
      request(functions, service, ['PUT', `/api/server/${path}`], body);
    await put('users/dan', { name: 'Dan' });
    await put('businesses/salon', { name: 'Salon', ownerId: 'ben' });
    for (const booking of ['default', 'join', 'send', 'typing', 'http', 'gone', 'polling', 'socket.io']) {
      await put(`bookings/${booking}`, { clientId: 'ann', businessId: 'salon' });
    }
  });

  it('people connect, with a token and without', async () => {
    const { connect, frame } = clients();
    await connect('ben', scene.ben);
    await connect('stranger');
    const renewed = await tokenFor('ann', { name: 'Ann', email: 'ann@example.com' });
    await connect('ann', scene.ann);
    expect(await frame('authenticate', 'ann', 'authenticate', renewed)).toEqual(OK);
    expect(await frame('default', 'ann', 'authenticate', renewed)).toEqual(OK);
  });

  it.each([
    ['default', 'joinBooking', 'default'],
    ['join-booking', 'joinBooking', 'join'],
    ['send-message', 'sendMessage', said('send')],
    ['typing', 'typing', { bookingId: 'typing', isTyping: true }],
  ])('the first to come opens the conversation: %s', async (entry, action, data) => {
    expect(await clients().frame(entry, 'ann', action, data)).toEqual(OK);
  });

  it('they carry a conversation on, and read it over HTTP', async () => {
    const { functions, ann, ben } = scene;
    const { frame } = clients();
    expect(await frame('default', 'ben', 'joinBooking', 'default')).toEqual(OK);
    const { message } = await frame('default', 'ann', 'sendMessage', said('default'));
    expect(await frame('mark-as-read', 'ben', 'markAsRead', { messageIds: [message._id] })).toEqual(OK);
    expect(await frame('leave-booking', 'ann', 'leaveBooking', 'join')).toEqual(OK);
    await request(functions, ann, ['GET', '/api/messages/booking/http']);
    await request(functions, ann, ['GET', '/api/messages/my-conversations']);
    await request(functions, ben, ['GET', '/api/messages/business/salon/conversations']);
  });

  it.each([
    ['authenticate', 'authenticate', 'not a token'],
    ['default', 'unheard-of', null],
    ['join-booking', 'joinBooking', 'default'],
    ['leave-booking', 'leaveBooking', 'default'],
    ['mark-as-read', 'markAsRead', { messageIds: [] }],
    ['send-message', 'sendMessage', said('default')],
    ['typing', 'typing', TYPING],
  ])(
    'a sender that is gone before the answer is forgotten, and types no more: %s',
    async (entry, action, data) => {
      // By now no function remembers whose name is which.
      vi.setSystemTime(Date.now() + A_MINUTE);
      const connectionId = `ann-at-${entry}`;
      const { connect, frame } = clients();
      await connect(connectionId, scene.ann);
      expect(await frame('default', connectionId, 'typing', TYPING)).toEqual(OK);
      scene.functions.drop(connectionId);
      await frame(entry, connectionId, action, data);
    },
  );

  it('one that leaves while typing types no more', async () => {
    const { connect, frame } = clients();
    await connect('ann-leaving', scene.ann);
    expect(await frame('default', 'ann-leaving', 'typing', TYPING)).toEqual(OK);
    await disconnect(scene.functions, 'ann-leaving');
  });

  it('a receiver that is gone is forgotten by the HTTP API too', async () => {
    const { frame } = clients();
    const { message } = await frame('default', 'ann', 'sendMessage', said('default'));
    expect(await frame('default', 'ben', 'typing', TYPING)).toEqual(OK);
    scene.functions.drop('ben');
    const read = { messageIds: [message._id] };
    await request(scene.functions, scene.ben, ['POST', '/api/messages/mark-read'], read);
  });

  it('the platform moves an appointment, and both sides are reminded of it', async () => {
    const { functions, service } = scene;
    const { connect } = clients();
    await connect('ann-reminded', scene.ann, 'appointment');
    functions.taken('ann-reminded');
    const put = ['PUT', '/api/server/bookings/dated'] as const;
    const booked = { clientId: 'ann', businessId: 'salon' };
    for (const days of [2, 3]) {
      const startTime = new Date(Date.now() + days * 24 * 60 * A_MINUTE).toISOString();
      await request(functions, service, put, { ...booked, startTime });
    }
    await runTasks(functions, 'remind');
    const heard = functions.taken('ann-reminded').map((frame) => JSON.parse(frame).event);
    expect(heard).toEqual(['appointment:updated', ...Array(3).fill('appointment:reminder')]);
    await request(functions, service, ['DELETE', put[1]]);
  });

  it('the platform forgets, and the tasks put things in order', async () => {
    const { functions, service } = scene;
    const handedOver = { name: 'Salon', ownerId: 'cat' };
    await request(functions, service, ['PUT', '/api/server/businesses/salon'], handedOver);
    await request(functions, service, ['DELETE', '/api/server/bookings/join']);
    vi.setSystemTime(Date.now() + A_MINUTE);
    await runTasks(functions);
  });
}
