import fc from 'fast-check';
import type { Caller } from '../../lambdas/core/connection.ts';
import type { Message } from '../../lambdas/core/conversation.ts';
import { Fault, toFault } from '../../lambdas/core/fault.ts';
import type { MessageId, UserId } from '../../lambdas/core/ids.ts';
import { Breakdown } from '../fakes/faulty-ports.ts';
import type { Chat } from './chat.ts';
import { bookingIn } from './told-model.ts';

/** Devices that all act at once, each doing one thing after the other, and what came of it. */

export const BOOKING = 'haircut';
export const OTHER_BOOKING = 'massage';
export const BUSINESS = 'salon';
export const CLIENT = 'ann';
export const OWNER = 'ben';
export const STRANGER = 'cat';

/** What a device does next; a `twice` send is tapped again before the first try has been answered. */
export type Deed =
  | { readonly kind: 'send'; readonly key?: string; readonly twice: boolean }
  | { readonly kind: 'read'; readonly picks: readonly number[] }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'join' | 'leave' | 'count' | 'browse' };

/** A thing done, from one moment to another of the run. */
type Span = { readonly from: number; readonly to: number };
export type Sent = Span & {
  readonly userId: UserId;
  readonly device: string;
  readonly content: string;
  readonly key: string | undefined;
  /** The message, or how the send was refused. */
  readonly message?: Message;
  readonly refusal?: Fault['reason'];
  /** Whether a try has ended with nobody knowing what came of it. */
  readonly isDoubtful: boolean;
};
export type Read = Span & {
  readonly userId: UserId;
  readonly ids: readonly MessageId[];
  readonly isDone: boolean;
};
export type Counted = Span & { readonly userId: UserId; readonly unread: number };
export type Stay = {
  readonly device: string;
  readonly userId: UserId;
  /** How many messages the history held that was loaded after the join was answered. */
  readonly seen: number;
  readonly until?: number;
};
export type Browsed = Span & { readonly userId: UserId; readonly messages: readonly Message[] };

export type Witness = {
  moment: number;
  readonly sends: Sent[];
  readonly reads: Read[];
  readonly counts: Counted[];
  readonly stays: Stay[];
  readonly browsed: Browsed[];
};

const TRIES = 4;

export const newWitness = (): Witness => ({
  moment: 0,
  sends: [],
  reads: [],
  counts: [],
  stays: [],
  browsed: [],
});

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { kind: fc.constant('send' as const), key: fc.constantFrom('k1', 'k2'), twice: fc.boolean() },
      { requiredKeys: ['kind', 'twice'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      picks: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 4_000 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('join', 'join', 'leave', 'count', 'browse') }) },
);

/** What each device does, by its name. */
export type Plan = Readonly<Record<string, readonly Deed[]>>;

export function plans(maxDeeds: number): fc.Arbitrary<Plan> {
  const deeds = fc.array(deed, { maxLength: maxDeeds, size: 'max' });
  return fc.record({ 'ann/1': deeds, 'ann/2': deeds, 'ben/1': deeds, 'ben/2': deeds, 'cat/1': deeds });
}

/** What the platform tells before anybody acts. */
export async function prepare(chat: Chat): Promise<void> {
  const salon = { businessId: BUSINESS, name: 'Salon', ownerId: OWNER };
  await chat.book({ bookingId: BOOKING, clientId: CLIENT, businessId: BUSINESS }, salon);
  await chat.book({ bookingId: OTHER_BOOKING, clientId: STRANGER, businessId: BUSINESS }, salon);
}

/** Lets every device carry out its part of the plan, all at once. */
export async function act(chat: Chat, plan: Plan, witness: Witness): Promise<void> {
  const parts = Object.entries(plan).map(async ([name, deeds]) => {
    const userId = name.split('/')[0] ?? '';
    const caller = await untilDone(() => chat.connect(userId, name));
    const device = new ActingDevice(chat, witness, caller);
    for (const deed of deeds) await device.do(deed);
  });
  await Promise.all(parts);
}

/** One device of the crowd. */
class ActingDevice {
  readonly #chat: Chat;
  readonly #witness: Witness;
  readonly #caller: Caller & { readonly connectionId: string };
  readonly #known = new Set<MessageId>();
  #sent = 0;
  #stay: Stay | undefined;

  constructor(chat: Chat, witness: Witness, caller: Caller) {
    this.#chat = chat;
    this.#witness = witness;
    this.#caller = { ...caller, connectionId: caller.connectionId ?? '' };
  }

  /** A stranger tries everything and is let in nowhere. */
  async do(deed: Deed): Promise<void> {
    if (deed.kind === 'pass') return this.#chat.ground.clock.pass(deed.ms);
    if (this.#caller.userId !== STRANGER) return this.#doAs(deed);
    await this.#doAs(deed).then(
      () => Promise.reject(new Error(`a stranger was let in: ${deed.kind}`)),
      (thrown: unknown) => {
        const { reason } = toFault(thrown);
        const isExpected = reason === 'not-a-party' || reason === 'internal';
        if (!isExpected) throw thrown;
      },
    );
  }

  async #doAs(deed: Exclude<Deed, { readonly kind: 'pass' }>): Promise<void> {
    switch (deed.kind) {
      case 'send': {
        this.#sent += 1;
        const content = `${this.#caller.connectionId} says ${this.#sent}`;
        const tries = deed.twice && deed.key !== undefined ? 2 : 1;
        await Promise.all(Array.from({ length: tries }, () => this.#send(content, deed.key)));
        return;
      }
      case 'read':
        return this.#read(deed.picks);
      case 'join':
        return this.#join();
      case 'leave':
        return this.#leave();
      case 'count':
        return this.#count();
      case 'browse':
        return this.#browse();
    }
  }

  async #send(content: string, key: string | undefined): Promise<void> {
    const { userId, connectionId: device } = this.#caller;
    const sent = { userId, device, content, key, from: this.#tick() };
    const outcome = await this.#try(key === undefined ? 1 : TRIES, () =>
      this.#chat.send(this.#caller, BOOKING, content, key),
    );
    const { value: message, ...rest } = outcome;
    if (userId === STRANGER && !message) throw new Fault('not-a-party');
    if (message) this.#known.add(message.id);
    this.#witness.sends.push({ ...sent, ...rest, to: this.#tick(), ...(message && { message }) });
  }

  async #read(picks: readonly number[]): Promise<void> {
    const { userId } = this.#caller;
    const known = [...this.#known, ...this.#chat.heard(this.#caller.connectionId).map(({ _id }) => _id)];
    const ids = picks.flatMap((pick) => known[pick % Math.max(1, known.length)] ?? []);
    if (userId === STRANGER)
      return void (await this.#chat.page(this.#caller, BOOKING, { number: 1, limit: 1 }));
    const from = this.#tick();
    const { value } = await this.#try(TRIES, () => this.#chat.read(this.#caller, ids));
    this.#witness.reads.push({ userId, ids, from, to: this.#tick(), isDone: value !== undefined });
  }

  async #join(): Promise<void> {
    await untilDone(() => this.#chat.join(this.#caller, BOOKING));
    if (this.#stay) return;
    const messages = await untilDone(() => this.#chat.history(this.#caller, BOOKING, 3));
    for (const { id } of messages) this.#known.add(id);
    const { userId, connectionId: device } = this.#caller;
    this.#stay = { device, userId, seen: messages.length };
    this.#witness.stays.push(this.#stay);
  }

  async #leave(): Promise<void> {
    if (this.#caller.userId === STRANGER) throw new Fault('not-a-party');
    const stay = this.#stay;
    if (stay) {
      const { stays } = this.#witness;
      stays[stays.indexOf(stay)] = { ...stay, until: this.#tick() };
    }
    this.#stay = undefined;
    await untilDone(() => this.#chat.leave(this.#caller, BOOKING));
  }

  async #count(): Promise<void> {
    const { userId } = this.#caller;
    const from = this.#tick();
    const listed = await untilDone(() => this.#chat.list(this.#caller, userId === CLIENT ? [] : [BUSINESS]));
    const found = listed.find(({ conversation }) => bookingIn(conversation) === BOOKING);
    if (found) this.#witness.counts.push({ userId, unread: found.unreadCount, from, to: this.#tick() });
  }

  async #browse(): Promise<void> {
    const { userId } = this.#caller;
    const from = this.#tick();
    const messages = await untilDone(() => this.#catchUp());
    for (const { id } of messages) this.#known.add(id);
    this.#witness.browsed.push({ userId, messages, from, to: this.#tick() });
  }

  /** The last page, then all that came after it. */
  async #catchUp(): Promise<readonly Message[]> {
    const page = await this.#chat.page(this.#caller, BOOKING, { number: 1, limit: 2 });
    const messages = [...page.messages];
    for (let hasMore = messages.length > 0; hasMore; ) {
      const last = messages.at(-1)?.id ?? '';
      const next = await this.#chat.after(this.#caller, BOOKING, last, 2);
      messages.push(...next.messages);
      hasMore = next.hasMore;
    }
    return messages;
  }

  /** As a client does: what ends in `internal` is tried again; a refusal is final. */
  async #try<T>(
    tries: number,
    attempt: () => Promise<T>,
  ): Promise<{ value?: T; refusal?: Fault['reason']; isDoubtful: boolean }> {
    let isDoubtful = false;
    for (let left = tries; left > 0; left -= 1) {
      try {
        return { value: await attempt(), isDoubtful };
      } catch (thrown) {
        const { reason, cause } = toFault(thrown);
        if (reason !== 'internal') return { refusal: reason, isDoubtful };
        if (!(cause instanceof Breakdown)) throw thrown;
        isDoubtful = true;
      }
    }
    return { isDoubtful };
  }

  #tick(): number {
    this.#witness.moment += 1;
    return this.#witness.moment;
  }
}

async function untilDone<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const { reason, cause } = toFault(thrown);
      if (reason !== 'busy' && !(reason === 'internal' && cause instanceof Breakdown)) throw thrown;
    }
  }
}
