import { closeConnection } from '../../lambdas/core/close-connection.ts';
import type { CommandOf, ReplyOf, VerbName } from '../../lambdas/core/commands.ts';
import type { Caller } from '../../lambdas/core/connection.ts';
import type { Message, Role } from '../../lambdas/core/conversation.ts';
import type { Booking, Business } from '../../lambdas/core/directory.ts';
import { endTyping } from '../../lambdas/core/end-typing.ts';
import type { BookingId, BusinessId, MessageId, UserId } from '../../lambdas/core/ids.ts';
import { joinConversation } from '../../lambdas/core/join-conversation.ts';
import { handOverBusiness, saveBooking, saveBusiness } from '../../lambdas/core/keep-directory.ts';
import { leaveConversation } from '../../lambdas/core/leave-conversation.ts';
import {
  listBusinessConversations,
  listOwnConversations,
  type Summary,
} from '../../lambdas/core/list-conversations.ts';
import { markRead } from '../../lambdas/core/mark-read.ts';
import type { Verb } from '../../lambdas/core/outcome.ts';
import type { Page, Ports, Task } from '../../lambdas/core/ports.ts';
import { publishMessage } from '../../lambdas/core/publish-message.ts';
import { readAfter, readHistory } from '../../lambdas/core/read-history.ts';
import { setTyping } from '../../lambdas/core/set-typing.ts';
import type { Delivery } from '../../lambdas/core/signals.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { type MemoryGateway, memoryGateway } from '../fakes/memory-gateway.ts';
import { type MemoryLogbook, memoryLogbook } from '../fakes/memory-logbook.ts';
import type { QueuedTask } from '../fakes/memory-ports.ts';
import type { VirtualClock } from '../fakes/virtual-clock.ts';

/** The ports that a chat runs on, and what the test holds in its hands of them. */
export type Ground = { readonly ports: Ports; readonly clock: VirtualClock; readonly queue: QueuedTask[] };

/** A `newMessage` as its device heard it. */
export type Heard = { readonly _id: MessageId; readonly booking: BookingId; readonly content: string };

/** How a device speaks, and for whom. @default `booking`, for somebody without a role */
export type Voice = Partial<Pick<Caller, 'dialect' | 'role'>>;

const FOR_EVER = 9e15;

/** People who chat: every verb with all that follows from it, down to the frames that devices hear. */
export class Chat {
  readonly ground: Ground;
  readonly gateway: MemoryGateway;
  readonly logbook: MemoryLogbook = memoryLogbook();
  /** The messages that were told from the queue, as their receivers could not be read when they were stored. */
  readonly toldLate = new Set<MessageId>();
  readonly #outbox: ReturnType<typeof createOutbox>;

  constructor(ground: Ground, gateway = memoryGateway()) {
    this.ground = ground;
    this.gateway = gateway;
    this.#outbox = createOutbox({ ports: ground.ports, gateway, log: this.logbook });
  }

  get ports(): Ports {
    return this.ground.ports;
  }

  /** What the platform says of a booking and its business. */
  async book(booking: Booking, business: Business): Promise<void> {
    await saveBusiness(this.ports, business);
    await saveBooking(this.ports, booking);
  }

  /** A device's connection, from now on. */
  async connect(userId: UserId, connectionId: string, voice: Voice = {}): Promise<Caller> {
    const caller = { ...callerOf(userId), ...voice, connectionId };
    const connection = { connectionId, wire: 'native', dialect: caller.dialect, caller } as const;
    await this.ports.connections.open(connection, this.ground.clock.now());
    return caller;
  }

  /** The end of a device's connection. */
  async drop({ connectionId = '' }: Caller): Promise<void> {
    await this.deliver(await closeConnection(this.ports, connectionId, 'left'));
  }

  join(caller: Caller, bookingId: BookingId): Promise<unknown> {
    return this.do(joinConversation, caller, { to: { bookingId } });
  }

  leave(caller: Caller, bookingId: BookingId): Promise<unknown> {
    return this.do(leaveConversation, caller, { to: { bookingId } });
  }

  async send(
    caller: Caller,
    bookingId: BookingId,
    content: string,
    clientMessageId?: string,
    role?: Role,
  ): Promise<Message> {
    const command = {
      to: { bookingId },
      content,
      ...(clientMessageId !== undefined && { clientMessageId }),
      ...(role && { role }),
    };
    return (await this.do(publishMessage, caller, command)).message;
  }

  async read(caller: Caller, messageIds: readonly MessageId[]): Promise<readonly MessageId[]> {
    return (await this.do(markRead, caller, { messageIds })).messageIds;
  }

  type(caller: Caller, bookingId: BookingId, isTyping = true): Promise<unknown> {
    return this.do(setTyping, caller, { to: { bookingId }, isTyping });
  }

  page(caller: Caller, bookingId: BookingId, page: Page) {
    return readHistory(this.ports, caller, { bookingId }, page);
  }

  after(caller: Caller, bookingId: BookingId, messageId: MessageId, limit: number) {
    return readAfter(this.ports, caller, { bookingId }, { messageId, limit });
  }

  /** The whole history, page by page, oldest first. */
  async history(caller: Caller, bookingId: BookingId, limit = 100): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for (let number = 1; ; number += 1) {
      const page = await this.page(caller, bookingId, { number, limit });
      messages.unshift(...page.messages);
      if (!page.hasMore) return messages;
    }
  }

  /** The caller's conversations, as client and as owner of these businesses. */
  async list(caller: Caller, businessIds: readonly BusinessId[]): Promise<readonly Summary[]> {
    const page = { number: 1, limit: 50 };
    const lists = await Promise.all([
      listOwnConversations(this.ports, caller, page),
      ...businessIds.map((id) => listBusinessConversations(this.ports, caller, id, page)),
    ]);
    return lists.flatMap(({ conversations }) => conversations);
  }

  /** Does the tasks that are due by now, and what they lead to. */
  async work(): Promise<void> {
    const { queue, clock } = this.ground;
    for (;;) {
      const due = queue.findIndex(({ dueAt }) => dueAt <= clock.now());
      const [next] = due < 0 ? [] : queue.splice(due, 1);
      if (!next) return;
      await this.#perform(next.task);
    }
  }

  /** The messages that were pushed to a connection, in this order. */
  heard(connectionId: string): readonly Heard[] {
    return this.events(connectionId, 'newMessage') as readonly Heard[];
  }

  /** The payloads of these events that were pushed to a connection, in this order. */
  events(connectionId: string, name: string): readonly unknown[] {
    return this.gateway
      .framesOf(connectionId)
      .map((frame) => JSON.parse(frame) as { readonly event: string; readonly data: unknown })
      .filter(({ event }) => event === name)
      .map(({ data }) => data);
  }

  /** As a handler does it: the verb, then what others are told, then the upkeep. */
  async do<K extends VerbName>(verb: Verb<K>, caller: Caller, command: CommandOf<K>): Promise<ReplyOf<K>> {
    const { reply, deliveries, afterwards } = await verb(this.ports, caller, command);
    await this.deliver(deliveries);
    await afterwards?.((words) => this.deliver(words));
    return reply;
  }

  deliver(deliveries: readonly Delivery[]): Promise<void> {
    return this.#outbox.deliver(deliveries);
  }

  async #perform(task: Task): Promise<void> {
    if (task.kind === 'deliver') {
      if (task.signal.kind === 'message-published') this.toldLate.add(task.signal.message.id);
      await this.#outbox.push(task.signal, await this.ports.connections.devicesOf(task.users, true));
    }
    if (task.kind === 'push') await this.#outbox.push(task.signal, task.devices);
    if (task.kind === 'end-typing') {
      await this.deliver(await endTyping(this.ports, task.userId, task.typing));
    }
    if (task.kind === 'hand-over-business') await handOverBusiness(this.ports, task.businessId, task.after);
  }
}

/** Somebody who calls from a route, without a device. */
export function callerOf(userId: UserId): Caller {
  return { userId, name: userId, dialect: 'booking', expiresAt: FOR_EVER };
}
