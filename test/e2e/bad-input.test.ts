import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { badEvents, EVENTS } from '../support/bad-payloads.ts';
import { newScene, platformOf, refused, say } from '../support/booking-scene.ts';
import { backendForFile } from '../support/stack.ts';

const backend = await backendForFile();
const INVALID = refused('INVALID_PAYLOAD');
const KIB = 1024;

/** A booking with a message in it, both sides on a device that has joined, and all that is stored by then. */
async function quietRoom() {
  const scene = await newScene(backend);
  const { bookingId } = scene;
  const ben = await scene.owner.enter(bookingId);
  const { _id: messageId } = await say(ben, bookingId, 'hello');
  await ben.next('newMessage');
  const ann = await scene.client.enter(bookingId);
  const before = await backend.rows();
  /** Nothing was stored, nobody else heard of it, and the device is as good as before. */
  const expectUnharmed = async () => {
    await backend.settled(ann, ben);
    expect(await backend.rows()).toEqual(before);
    expect(ben.unawaited).toEqual([]);
    expect(await scene.client.history(bookingId)).toHaveLength(1);
    const message = await say(ann, bookingId, 'still here');
    expect(await ben.next('newMessage')).toEqual(message);
  };
  return { ...scene, ann, ben, messageId, expectUnharmed };
}

describe('a frame that is no event', () => {
  test('is answered with an error and forgotten', async () => {
    const { ann, expectUnharmed } = await quietRoom();
    for (const frame of [
      '',
      ' ',
      'hello',
      '{',
      '{"action":"sendMessage"',
      'null',
      'true',
      '42',
      '2',
      '40',
      '42["sendMessage",{}]',
      '"sendMessage"',
      '[]',
      '[{"action":"sendMessage"}]',
      '{}',
      '{"data":{}}',
      '{"action":null}',
      '{"action":7}',
      '{"action":["sendMessage"]}',
      '{"action":{"sendMessage":1}}',
      '{"__proto__":{"action":"sendMessage"}}',
      '\ufeff{}',
      '['.repeat(15_000),
      `{"a":${'['.repeat(7_000)}${']'.repeat(7_000)}}`,
    ]) {
      ann.raw(frame);
      expect(await ann.next('error'), frame.slice(0, 40)).toEqual(INVALID.error);
    }
    await expectUnharmed();
  });

  test('names an action that is none', async () => {
    const { ann, expectUnharmed } = await quietRoom();
    for (const action of [
      'unheardOf',
      'SendMessage',
      'sendMessage ',
      '',
      '$default',
      '$connect',
      '$disconnect',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'connection',
      'newMessage',
      'x'.repeat(10_000),
    ]) {
      expect(await ann.request(action, {}), action.slice(0, 40)).toEqual(INVALID);
      expect(await ann.next('error')).toEqual(INVALID.error);
    }
    await expectUnharmed();
  });

  test('asks for an answer, or brings arguments, in a way that is none', async () => {
    const { ann, bookingId, expectUnharmed } = await quietRoom();
    const ids = ['"1"', '-1', '1.5', '1e300', 'null', '[]', '{}', 'true', '""'];
    const lists = ['null', '{}', '"x"', '7'];
    for (const rest of [...ids.map((id) => `"id":${id}`), ...lists.map((args) => `"args":${args}`)]) {
      ann.raw(`{"action":"joinBooking","data":"${bookingId}",${rest}}`);
      expect(await ann.next('error'), rest).toEqual(INVALID.error);
    }
    await backend.settled(ann);
    expect(ann.frames.filter((frame) => frame.includes('"reply"'))).toHaveLength(1);
    await expectUnharmed();
  });
});

describe('a frame that the gateway does not take', () => {
  test.each([
    ['of 33 KB', 'x'.repeat(33 * KIB), 1009],
    ['of 129 KB', 'x'.repeat(129 * KIB), 1009],
    ['of bytes', Buffer.from('{"action":"joinBooking"}'), 1003],
  ])('%s ends the connection, and a new one is as good as ever', async (_, frame, code) => {
    const { ann, ben, bookingId, client } = await quietRoom();
    ann.raw(frame);
    expect(await ann.closed).toMatchObject({ code });
    const again = await client.enter(bookingId);
    const message = await say(again, bookingId, 'back');
    expect(await ben.next('newMessage')).toEqual(message);
    expect(await client.history(bookingId)).toHaveLength(2);
  });

  test('ends at 32 KB: a frame of that size is answered', async () => {
    const { ann, bookingId, expectUnharmed } = await quietRoom();
    const data = { bookingId, content: '' };
    const frame = (content: string) =>
      JSON.stringify({ action: 'sendMessage', data: { ...data, content }, id: 9 });
    ann.raw(frame('x'.repeat(32 * KIB - frame('').length)));
    expect(await ann.reply(9)).toEqual(INVALID);
    await expectUnharmed();
  });
});

describe('a payload with something wrong', () => {
  test('is refused whatever is wrong, in every field of every event', async () => {
    const { ann, bookingId, messageId, expectUnharmed } = await quietRoom();
    for (const { action, data, what } of badEvents({ bookingId, messageId })) {
      expect(await ann.request(action, data), what).toEqual(INVALID);
      expect(await ann.next('error'), what).toEqual(INVALID.error);
    }
    await expectUnharmed();
  });

  test('is refused whatever JSON it is', async () => {
    const { ann, expectUnharmed } = await quietRoom();
    const event = fc.tuple(fc.oneof(fc.constantFrom(...EVENTS, 'authenticate'), fc.string()), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(event, async ([action, data]) => {
        const answer = await ann.request(action, data);
        const isLeave = action === 'leaveBooking' && (answer as { ok: boolean }).ok;
        if (!isLeave)
          expect(answer).toEqual(
            refused(
              expect.stringMatching(/^(INVALID_PAYLOAD|NOT_FOUND|UNAUTHORIZED|AUTHENTICATION_FAILED)$/),
            ),
          );
      }),
      { numRuns: 150 },
    );
    await expectUnharmed();
  });
});

describe('an id', () => {
  const ODD = [
    'CONV#x',
    'x#LOG#000000000001',
    '__proto__',
    'constructor',
    '../x',
    '%00',
    ' ',
    '👾',
    'x'.repeat(128),
  ];

  test('that is odd but may be one is not found', async () => {
    const { ann, expectUnharmed } = await quietRoom();
    for (const bookingId of ODD) {
      for (const action of ['joinBooking', 'sendMessage', 'typing']) {
        const answer = await ann.request(action, { bookingId, content: 'x', isTyping: true });
        expect(answer, bookingId).toEqual(refused('NOT_FOUND', 'Booking not found'));
      }
    }
    await expectUnharmed();
  });

  test('with a # in it names one booking, and no other', async () => {
    const { ann, ben, businessId, client, bookingId } = await quietRoom();
    const odd = `${bookingId}#LOG#000000000001`;
    const platform = await platformOf(backend);
    await platform.put(`bookings/${encodeURIComponent(odd)}`, { clientId: client.userId, businessId });
    await ben.request('joinBooking', odd);
    const message = await say(ann, odd, 'in the odd one', { clientMessageId: 'a#b' });
    expect(await ben.next('newMessage')).toEqual(message);
    expect(await ben.request('markAsRead', { messageIds: [message._id] })).toMatchObject({ ok: true });
    expect(await client.history(encodeURIComponent(odd))).toMatchObject([{ booking: odd, isRead: true }]);
    expect(await client.history(bookingId)).toMatchObject([{ content: 'hello' }]);
  });
});
