import { expect, test } from 'vitest';
import { conversationOfBooking, conversationOfPair } from '../../../lambdas/core/ids.ts';
import { tongueOf } from '../../e2e/tongues.ts';
import { shakyBackend } from '../../recovery/shaky-backend.ts';
import { connect, newScene, type Person } from '../../support/booking-scene.ts';
import { type Device, isReplaced, lastingToken, MINUTE_MS, openDevice, passTime, settled } from './device.ts';

/* API Gateway ends every connection after two hours, however busy it is. */

const backend = await shakyBackend();

/** Moments later connections are replaced. */
const NEARLY_MS = 104.9 * MINUTE_MS;
/** So much passes while people speak: few enough messages are said in it, and an answer does not come too late. */
const STEP_MS = 3_000;
/** Far more of these than it takes. */
const MOST_STEPS = 100;

type Message = { readonly _id: string; readonly content: string; readonly sender: { readonly _id: string } };

const RECEIPT = 'messagesMarkedAsRead';

/** Somebody in a booking: a device that is to be replaced, what was said on it, and whose messages were read there. */
class Talker {
  readonly device: Device;
  readonly said: string[] = [];
  readonly #bookingId: string;
  readonly #name: string;
  readonly #read = new Set<string>();

  constructor(device: Device, name: string, bookingId: string) {
    this.device = device;
    this.#name = name;
    this.#bookingId = bookingId;
  }

  heard(event: string): readonly unknown[] {
    return this.device.heard.filter(({ name }) => name === event).map(({ args: [payload] }) => payload);
  }

  get messages(): readonly Message[] {
    return this.heard('newMessage') as readonly Message[];
  }

  /** Does what people do in a chat, all at once; the answers. */
  talk(round: number): readonly Promise<unknown>[] {
    const isTyping = round % 2 === 0;
    return [
      this.#say(`${this.#name} ${round}`),
      this.#say(`${this.#name} ${round} again`),
      this.device.request('typing', { bookingId: this.#bookingId, isTyping }),
      ...this.#readNext(),
    ];
  }

  #say(content: string): Promise<unknown> {
    this.said.push(content);
    return this.device.request('sendMessage', { bookingId: this.#bookingId, content });
  }

  /** Each once, so that no two receipts are the same. */
  #readNext(): readonly Promise<unknown>[] {
    const isNew = ({ _id, content }: Message) => !this.#read.has(_id) && !this.said.includes(content);
    const next = this.messages.find(isNew);
    if (!next) return [];
    this.#read.add(next._id);
    return [this.device.request('markAsRead', { messageIds: [next._id] })];
  }
}

/** Another device of somebody's, which is not replaced: what it hears is what there is to hear. */
async function openWitness({ userId }: Person, bookingId: string) {
  const device = await connect(backend, { token: await lastingToken(backend, userId) });
  expect(await device.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  const heard = (name: string) => device.heard.filter(({ event }) => event === name).map(({ data }) => data);
  return { heard, flushed: () => device.flushed() };
}

function idsOf(receipts: readonly unknown[]): readonly string[] {
  return receipts.flatMap((receipt) => (receipt as { readonly messageIds: readonly string[] }).messageIds);
}

test('two people talk on while the connections of both are replaced', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const ann = new Talker(await openDevice(backend, client, { seed: 1 }), 'Ann', bookingId);
  const ben = new Talker(await openDevice(backend, owner, { seed: 2 }), 'Ben', bookingId);
  for (const { device } of [ann, ben])
    expect(await device.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  await passTime(backend, NEARLY_MS, ann.device, ben.device);
  const [anns, bens] = [await openWitness(client, bookingId), await openWitness(owner, bookingId)];
  for (let [round, after] = [1, 0]; round < MOST_STEPS && after < 3; round += 1) {
    const asked = [...ann.talk(round), ...ben.talk(round)];
    backend.clock.leap(STEP_MS);
    for (const answer of await Promise.all(asked)) expect(answer).toMatchObject({ ok: true });
    if (isReplaced(ann.device) && isReplaced(ben.device)) after += 1;
  }
  const { log } = backend.stack.functions.ports;
  const stored = (await log.range(conversationOfBooking(bookingId), 1, 1_000)).map(({ content }) => content);
  for (const { said } of [ann, ben]) expect(stored.filter((content) => said.includes(content))).toEqual(said);
  await settled(backend);
  for (const [talker, witness] of [
    [ann, anns],
    [ben, bens],
  ] as const) {
    await expect.poll(() => talker.messages.map(({ content }) => content)).toEqual(stored);
    await Promise.all([talker.device.request('ping'), witness.flushed()]);
    expect(idsOf(talker.heard(RECEIPT)).toSorted()).toEqual(idsOf(witness.heard(RECEIPT)).toSorted());
    // It is only a hint: one that comes just when the old connection is let go may be lost.
    expect(talker.heard('typing').length).toBeLessThanOrEqual(witness.heard('typing').length);
    expect(talker.device.changes.map(({ kind }) => kind)).toEqual(['open']);
  }
});

test.each([
  ['booking', ['newMessage']],
  ['conversation', ['message:new']],
  ['direct', ['receive_message', 'message_notification']],
  ['appointment', ['message:received']],
  ['support', ['new_message', 'conversation_updated']],
] as const)(
  'who says and hears nothing for hours hears the first word after them, in %s',
  async (dialect, told) => {
    const { bookingId, client, owner } = await newScene(backend);
    // Whoever comes first opens it.
    await client.enter(bookingId);
    const { isPersonal, enter, say } = tongueOf(dialect);
    const [annsId, bensId] = [client.userId, owner.userId];
    const conversationId = isPersonal ? conversationOfPair(annsId, bensId) : conversationOfBooking(bookingId);
    const place = { room: bookingId, conversationId };
    const ann = await openDevice(backend, client, { seed: 1, dialect });
    const ben = await openDevice(backend, owner, { seed: 2, dialect });
    for (const device of [ann, ben]) await enter(device, place);
    await passTime(backend, MINUTE_MS, ann, ben);
    const before = ben.heard.length;
    await passTime(backend, NEARLY_MS, ann, ben);
    for (let step = 0; step < MOST_STEPS && !(isReplaced(ann) && isReplaced(ben)); step += 1)
      await passTime(backend, STEP_MS, ann, ben);
    await passTime(backend, 60 * MINUTE_MS, ann, ben);
    await say(ann, place, bensId, 'Still there?');
    await expect.poll(() => ben.heard.slice(before).map(({ name }) => name)).toEqual(told);
    for (const { changes } of [ann, ben]) expect(changes.map(({ kind }) => kind)).toEqual(['open']);
  },
);
