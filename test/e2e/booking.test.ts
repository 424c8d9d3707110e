import { describe, expect, test } from 'vitest';
import { newBooking, newScene, refused, say } from '../support/booking-scene.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const UNAUTHORIZED = refused('UNAUTHORIZED', 'Unauthorized');
const NOT_FOUND = refused('NOT_FOUND', 'Booking not found');
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('a message', () => {
  test('looks as documented, in the acknowledgement, in the event and in the history', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ann = await client.enter(bookingId);
    const ben = await owner.enter(bookingId);
    const content = 'Hi, I would like to confirm my appointment time.';
    const answer = await ann.request('sendMessage', { bookingId, content, senderType: 'client' });
    const message = {
      _id: expect.stringMatching(/./),
      booking: bookingId,
      sender: { _id: client.userId, name: 'Ann', email: 'ann@example.com' },
      senderType: 'client',
      content,
      isRead: false,
      createdAt: expect.stringMatching(ISO),
      updatedAt: expect.stringMatching(ISO),
    };
    expect(answer).toStrictEqual({ ok: true, message });
    const heard = await ben.next('newMessage');
    expect(heard).toStrictEqual(message);
    expect(await ann.next('newMessage')).toStrictEqual(heard);
    expect(await owner.history(bookingId)).toStrictEqual([heard]);
  });

  test('without a senderType speaks for the side that its sender is on', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ann = await client.connect();
    const ben = await owner.connect();
    expect(await say(ann, bookingId, 'from the client')).toMatchObject({ senderType: 'client' });
    expect(await say(ben, bookingId, 'from the salon')).toMatchObject({ senderType: 'business' });
  });

  test.each([
    ['client', 'business'],
    ['owner', 'client'],
  ] as const)('of the %s as %s is Unauthorized and nothing is stored', async (side, senderType) => {
    const scene = await newScene(backend);
    const { bookingId } = scene;
    const device = await scene[side].enter(bookingId);
    const before = await backend.rows();
    expect(await device.request('sendMessage', { bookingId, content: 'x', senderType })).toEqual(
      UNAUTHORIZED,
    );
    expect(await device.next('error')).toEqual({ code: 'UNAUTHORIZED', message: 'Unauthorized' });
    expect(await backend.rows()).toEqual(before);
    expect(await scene[side].history(bookingId)).toEqual([]);
  });

  test('from a device that did not ask for an answer is told by the event alone', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.enter(bookingId);
    const frames = ann.frames.length;
    ann.emit('sendMessage', { bookingId, content: 'no id' });
    await ann.next('newMessage');
    await backend.settled(ann);
    expect(ann.frames.length).toBe(frames + 1);
  });

  test.each([
    ['trimmed', '  \n hello \t ', 'hello'],
    ['neither escaped nor interpreted', '<b onclick="x()">&amp; {{1}} %s \\n</b>', undefined],
    ['kept with its tabs and newlines', 'one\n\ttwo', undefined],
    ['kept in any script', 'שלום 你好 👩‍👩‍👧‍👦 e\u0301 \u202e', undefined],
    ['as long as 2000 characters', '😀'.repeat(2000), undefined],
  ])('is %s', async (_, content, kept = content) => {
    const { bookingId, client, owner } = await newScene(backend);
    const ben = await owner.enter(bookingId);
    const ann = await client.connect();
    expect(await ann.request('sendMessage', { bookingId, content })).toMatchObject({
      message: { content: kept },
    });
    expect(await ben.next('newMessage')).toMatchObject({ content: kept });
    expect(await owner.history(bookingId)).toMatchObject([{ content: kept }]);
  });

  test('follows the ones before it, in the order of their acknowledgements', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const [ann, ben] = [await client.enter(bookingId), await owner.enter(bookingId)];
    for (const [device, text] of [
      [ann, 'one'],
      [ben, 'two'],
      [ann, 'three'],
      [ben, 'four'],
    ] as const) {
      await say(device, bookingId, text);
    }
    const contents = (messages: readonly { readonly content: string }[]) =>
      messages.map(({ content }) => content);
    expect(contents(await client.history(bookingId))).toEqual(['one', 'two', 'three', 'four']);
    await backend.settled(ann, ben);
    for (const device of [ann, ben]) {
      expect(device.heard.map(({ data }) => (data as { content: string }).content)).toEqual([
        'one',
        'two',
        'three',
        'four',
      ]);
    }
  });
});

describe('who hears a message', () => {
  test('every device that has joined, the sender’s included, and no other', async () => {
    const { bookingId, client, owner, stranger } = await newScene(backend);
    const sender = await client.enter(bookingId);
    const joined = [
      sender,
      await client.enter(bookingId),
      await owner.enter(bookingId),
      await owner.enter(bookingId),
    ];
    const others = [await client.connect(), await owner.connect(), await stranger.connect()];
    const message = await say(sender, bookingId, 'hello');
    await backend.settled(...joined, ...others);
    for (const device of joined) expect(device.heard).toEqual([{ event: 'newMessage', data: message }]);
    for (const device of others) expect(device.heard).toEqual([]);
  });

  test('a device that joined twice hears it once', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.enter(bookingId, bookingId);
    await say(ann, bookingId, 'hello');
    await backend.settled(ann);
    expect(ann.heard).toHaveLength(1);
  });

  test('a device in the room of another booking does not', async () => {
    const scene = await newScene(backend);
    const other = await newBooking(backend, scene);
    const here = await scene.client.enter(other);
    await say(await scene.client.connect(), scene.bookingId, 'hello');
    await backend.settled(here);
    expect(here.heard).toEqual([]);
  });

  test('a sender who has not joined still reaches the room', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const ben = await owner.enter(bookingId);
    const ann = await client.connect();
    const message = await say(ann, bookingId, 'hello');
    expect(await ben.next('newMessage')).toEqual(message);
    await backend.settled(ann);
    expect(ann.heard).toEqual([]);
  });
});

describe('joinBooking and leaveBooking', () => {
  test.each([
    ['a string', (bookingId: string) => bookingId],
    ['an object', (bookingId: string) => ({ bookingId })],
  ])('take the id as %s', async (_, form) => {
    const { bookingId, client, owner } = await newScene(backend);
    const ann = await client.connect();
    expect(await ann.request('joinBooking', form(bookingId))).toEqual({ ok: true, bookingId });
    const ben = await owner.connect();
    await say(ben, bookingId, 'heard');
    expect(await ann.next('newMessage')).toMatchObject({ content: 'heard' });
    expect(await ann.request('leaveBooking', form(bookingId))).toEqual({ ok: true, bookingId });
    await say(ben, bookingId, 'not heard');
    await backend.settled(ben, ann);
    expect(ann.unawaited).toEqual([]);
  });

  test('take it as the first of several arguments', async () => {
    const { bookingId, client } = await newScene(backend);
    const ann = await client.connect();
    ann.raw(JSON.stringify({ action: 'joinBooking', args: [bookingId, 'ignored'], id: 7 }));
    expect(await ann.reply(7)).toEqual({ ok: true, bookingId });
  });

  test('leaving concerns the one device', async () => {
    const { bookingId, client } = await newScene(backend);
    const [leaving, staying] = [await client.enter(bookingId), await client.enter(bookingId)];
    await leaving.request('leaveBooking', bookingId);
    await say(staying, bookingId, 'hello');
    await staying.next('newMessage');
    await backend.settled(leaving);
    expect(leaving.heard).toEqual([]);
  });

  test('leaving what was never joined, or is not there, or is not one’s own succeeds and tells nothing', async () => {
    const { bookingId, client, stranger } = await newScene(backend);
    const mallory = await stranger.connect();
    for (const id of [bookingId, 'no-such-booking']) {
      expect(await mallory.request('leaveBooking', id)).toEqual({ ok: true, bookingId: id });
    }
    const ann = await client.connect();
    expect(await ann.request('leaveBooking', bookingId)).toEqual({ ok: true, bookingId });
  });

  test('two openers of one booking at once meet in one conversation', async () => {
    const { bookingId, client, owner } = await newScene(backend);
    const [ann, ben] = [await client.connect(), await owner.connect()];
    const answers = await Promise.all([
      ann.request('joinBooking', bookingId),
      ben.request('joinBooking', bookingId),
      client.get(`/api/messages/booking/${bookingId}`),
    ]);
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { status: 200 }]);
    const first = await say(ann, bookingId, 'one');
    expect(await ben.next('newMessage')).toEqual(first);
    await say(ben, bookingId, 'two');
    expect(await client.history(bookingId)).toMatchObject([{ content: 'one' }, { content: 'two' }]);
  });
});

describe('what is not there, and what is not one’s own', () => {
  test.each(['joinBooking', 'sendMessage', 'typing'])('%s tells the two apart', async (action) => {
    const { bookingId, client, stranger } = await newScene(backend);
    const ann = await client.enter(bookingId);
    const mallory = await stranger.connect();
    const before = await backend.rows();
    const payload = (id: string) => ({ bookingId: id, content: 'hello', isTyping: true });
    expect(await mallory.request(action, payload(bookingId))).toEqual(UNAUTHORIZED);
    expect(await mallory.request(action, payload('no-such-booking'))).toEqual(NOT_FOUND);
    await backend.settled(mallory, ann);
    expect(mallory.heard.map(({ event, data }) => [event, data])).toEqual([
      ['error', { code: 'UNAUTHORIZED', message: 'Unauthorized' }],
      ['error', { code: 'NOT_FOUND', message: 'Booking not found' }],
    ]);
    expect(ann.heard).toEqual([]);
    expect(await backend.rows()).toEqual(before);
  });

  test('a booking whose business the platform has not told of is not found', async () => {
    const { client } = await newScene(backend);
    const bookingId = await newBooking(backend, { client, businessId: 'no-such-business' });
    expect(await (await client.connect()).request('joinBooking', bookingId)).toEqual(NOT_FOUND);
  });
});
