import fc from 'fast-check';
import { expect } from 'vitest';
import { type BookingId, conversationOfBooking, messageIdOf, type UserId } from '../../lambdas/core/ids.ts';
import {
  forgetBooking,
  forgetBusiness,
  saveBooking,
  saveBusiness,
} from '../../lambdas/core/keep-directory.ts';
import type { Chat } from './chat.ts';
import { edit, react, remove } from './told-changes.ts';
import {
  ADMIN,
  BUSINESS,
  bookingOf,
  expectLists,
  isLimited,
  membersOf,
  noteSaid,
  refusalOf,
  seenAs,
  shownAs,
  type Told,
} from './told-model.ts';
import {
  type Act,
  anySlot,
  BOOKINGS,
  bookingId,
  DESK,
  pick,
  placed,
  SLOTS,
  type Step,
  slot,
  step,
  VOICES,
} from './told-step.ts';

/** What people and the platform do, one after the other, each compared with the plain model. */

const CLIENTS = ['ann', 'cat', 'dan'] as const;
const OWNERS = ['ben', 'eve'] as const;
/** Beyond any lag of an eventually consistent read. */
const SETTLED_MS = 10_000;

/** What a party may do and others may not; who is let in opens the conversation. */
function entering(bookingId: BookingId, attempt: Act, whenLetIn: Act): Act {
  return async (told, chat, device) => {
    const reason = refusalOf(told, device.userId, bookingId);
    if (reason) return expect(attempt(told, chat, device)).rejects.toMatchObject({ reason });
    Object.assign(bookingOf(told, bookingId), { hasBegun: true, isOpen: true });
    await whenLetIn(told, chat, device);
  };
}

const send = fc
  .record({ slot, bookingId, key: fc.option(fc.constantFrom('k1', 'k2', 'k3'), { nil: undefined }) })
  .map(({ slot, bookingId, key }) => {
    const say: Act = async (told, chat, { caller }) => {
      await chat.send(caller, bookingId, `${bookingId} ${told.count}`, key);
    };
    const act = entering(bookingId, say, async (told, chat, { userId, caller }) => {
      told.count += 1;
      const { said } = bookingOf(told, bookingId);
      const content = `${bookingId} ${told.count}`;
      const at = chat.ground.clock.now();
      const first = said.find(
        ({ sender, key: known }) => key !== undefined && sender === userId && known === key,
      );
      const isRefused = !first && isLimited(told, userId, bookingId, at);
      const answer = chat.send(caller, bookingId, content, key);
      if (isRefused) return expect(answer).rejects.toMatchObject({ reason: 'rate-limited' });
      const message = await answer;
      const expected = first ?? noteSaid(told, bookingId, { sender: userId, content, key, at });
      expect(shownAs(message)).toEqual(seenAs(told, bookingId, expected));
    });
    return step(`${slot} sends in ${bookingId}${key ? ` as ${key}` : ''}`, slot, act);
  });

const picks = fc.record({ mostly: bookingId, few: fc.array(pick, { minLength: 1, maxLength: 6 }) }).map(
  ({ mostly, few }) =>
    (told: Told) =>
      few.map((one) => placed(told, mostly, one)),
);

const read = fc.record({ slot, picks }).map(({ slot, picks }) =>
  step(`${slot} reads`, slot, async (told, chat, device) => {
    const { userId, caller } = device;
    const picked = picks(told);
    const ids = picked.map(([booking, seq]) => messageIdOf(conversationOfBooking(booking), seq));
    const found = picked.map(([booking, seq]) => bookingOf(told, booking).said[seq - 1]);
    const mayRead = picked.every(
      ([booking], index) =>
        found[index] && bookingOf(told, booking).isOpen && membersOf(told, booking).includes(userId),
    );
    if (!mayRead) return expect(chat.read(caller, ids)).rejects.toMatchObject({ reason: 'not-a-party' });
    const others = ids.filter((_, index) => found[index]?.sender !== userId);
    expect(new Set(await chat.read(caller, ids))).toEqual(new Set(others));
    for (const [index, [booking]] of picked.entries()) {
      const { read } = bookingOf(told, booking);
      const id = ids[index] ?? '';
      if (others.includes(id)) read.set(userId, new Set(read.get(userId)).add(id));
    }
  }),
);

const page = fc
  .record({ slot, bookingId, number: fc.integer({ min: 1, max: 5 }), limit: fc.integer({ min: 1, max: 8 }) })
  .map(({ slot, bookingId, number, limit }) => {
    const open: Act = async (_, chat, { caller }) =>
      void (await chat.page(caller, bookingId, { number, limit }));
    const act = entering(bookingId, open, async (told, chat, { caller }) => {
      const { said } = bookingOf(told, bookingId);
      const end = said.length - (number - 1) * limit;
      const expected = end > 0 ? said.slice(Math.max(0, end - limit), end) : [];
      const found = await chat.page(caller, bookingId, { number, limit });
      expect(found.messages.map(shownAs)).toEqual(expected.map((one) => seenAs(told, bookingId, one)));
      expect(found).toMatchObject({ total: said.length, hasMore: end > limit });
    });
    return step(`${slot} opens page ${number} of ${limit} of ${bookingId}`, slot, act);
  });

const catchUp = fc
  .record({ slot, bookingId, since: fc.integer({ min: 1, max: 25 }), limit: fc.integer({ min: 1, max: 8 }) })
  .map(({ slot, bookingId, since, limit }) => {
    const id = messageIdOf(conversationOfBooking(bookingId), since);
    const ask: Act = async (_, chat, { caller }) => void (await chat.after(caller, bookingId, id, limit));
    const act = entering(bookingId, ask, async (told, chat, device) => {
      const { said } = bookingOf(told, bookingId);
      if (since > said.length) {
        return expect(ask(told, chat, device)).rejects.toMatchObject({ reason: 'payload-invalid' });
      }
      const expected = said.slice(since, since + limit);
      const found = await chat.after(device.caller, bookingId, id, limit);
      expect(found.messages.map(shownAs)).toEqual(expected.map((one) => seenAs(told, bookingId, one)));
      expect(found).toMatchObject({ total: said.length, hasMore: since + limit < said.length });
    });
    return step(`${slot} catches up in ${bookingId} after ${since}`, slot, act);
  });

const list = slot.map((slot) =>
  step(`${slot} opens the inbox`, slot, (told, chat, { caller }) => expectLists(told, chat, caller)),
);

const join = fc.record({ slot: anySlot, bookingId }).map(({ slot, bookingId }) => {
  const enter: Act = async (_, chat, { caller }) => void (await chat.join(caller, bookingId));
  const act = entering(bookingId, enter, async (told, chat, device) => {
    await enter(told, chat, device);
    device.joined.add(bookingId);
    if (device.userId === ADMIN) bookingOf(told, bookingId).admins.add(ADMIN);
  });
  return step(`${slot} joins ${bookingId}`, slot, act);
});

const leave = fc.record({ slot: anySlot, bookingId }).map(({ slot, bookingId }) =>
  step(`${slot} leaves ${bookingId}`, slot, async (_, chat, device) => {
    await chat.leave(device.caller, bookingId);
    device.joined.delete(bookingId);
    chat.ground.clock.pass(SETTLED_MS);
  }),
);

const reconnect = anySlot.map((slot) =>
  step(`${slot} reconnects`, slot, async (_, chat, device) => {
    await chat.drop(device.caller);
    device.connections += 1;
    device.caller = await chat.connect(device.userId, `${slot}/${device.connections}`, VOICES[slot]);
    device.joined.clear();
    device.heard = [];
  }),
);

const pass = fc
  .integer({ min: 0, max: 12_000 })
  .map((ms) => step(`${ms} ms pass`, 'ann/phone', async (_, chat) => chat.ground.clock.pass(ms)));

/** The platform's own steps: nobody's device takes part. */
const hand = fc
  .record({ bookingId, clientId: fc.constantFrom<UserId>(...CLIENTS) })
  .map(({ bookingId, clientId }) =>
    step(`the platform gives ${bookingId} to ${clientId}`, 'ann/phone', async (told, chat) => {
      const booking = bookingOf(told, bookingId);
      await saveBooking(chat.ports, { bookingId, clientId, businessId: BUSINESS });
      const isOpen = booking.isOpen || (booking.hasBegun && told.owner !== undefined);
      Object.assign(booking, { exists: true, client: clientId, isOpen });
    }),
  );

const sell = fc.option(fc.constantFrom<UserId>(...OWNERS), { nil: undefined, freq: 3 }).map((ownerId) =>
  step(`${ownerId ?? 'nobody'} owns the salon from now on`, 'ann/phone', async (told, chat) => {
    if (ownerId === undefined) await forgetBusiness(chat.ports, BUSINESS);
    else await saveBusiness(chat.ports, { businessId: BUSINESS, name: 'Salon', ownerId });
    told.owner = ownerId;
  }),
);

const forget = bookingId.map((bookingId) =>
  step(`the platform forgets ${bookingId}`, 'ann/phone', async (told, chat) => {
    await forgetBooking(chat.ports, bookingId);
    const booking = bookingOf(told, bookingId);
    Object.assign(booking, { exists: false, isOpen: false });
    booking.admins.clear();
  }),
);

/** Steps in the proportions in which they tell most. */
export const steps: fc.Arbitrary<Step>[] = [
  ...[send, send, send, send, send, read, read, page, catchUp, list, list, join, join],
  ...[edit, edit, remove, react, react, react],
  ...[leave, reconnect, pass, hand, sell, forget],
];

/** The booking platform as it is before anybody does anything, in the model and for real. */
export async function begin(chat: Chat): Promise<{ model: Told; real: Chat }> {
  const [owner] = OWNERS;
  const told: Told = { owner, count: 0, bookings: new Map(), devices: new Map() };
  await saveBusiness(chat.ports, { businessId: BUSINESS, name: 'Salon', ownerId: owner });
  for (const [index, bookingId] of BOOKINGS.entries()) {
    const client = CLIENTS[index] ?? CLIENTS[0];
    await saveBooking(chat.ports, { bookingId, clientId: client, businessId: BUSINESS });
    told.bookings.set(bookingId, {
      client,
      exists: true,
      hasBegun: false,
      isOpen: false,
      said: [],
      admins: new Set(),
      read: new Map(),
    });
  }
  for (const name of [...SLOTS, DESK]) {
    const userId = name.split('/')[0] ?? '';
    const caller = await chat.connect(userId, `${name}/0`, VOICES[name]);
    told.devices.set(name, { userId, caller, connections: 0, joined: new Set(), heard: [] });
  }
  return { model: told, real: chat };
}
