import { hasCome } from '../../lambdas/core/authenticate-connection.ts';
import { closeConnection, type Ending } from '../../lambdas/core/close-connection.ts';
import { beginPresence, endPresence } from '../../lambdas/core/come-and-go.ts';
import type { DialectName } from '../../lambdas/core/connection.ts';
import type { UserId } from '../../lambdas/core/ids.ts';
import type { DeviceKey, Ports, Task } from '../../lambdas/core/ports.ts';
import { roomsOf } from '../../lambdas/core/rooms.ts';
import { tellOnlookers } from '../../lambdas/core/tell-presence.ts';
import { createOutbox } from '../../lambdas/handlers/outbox.ts';
import { type MemoryGateway, memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryLogbook } from '../fakes/memory-logbook.ts';
import type { MemoryPorts } from '../fakes/memory-ports.ts';

/** Ann comes and goes; Ben shares a booking with her, Dora sees everyone, and Cat neither. */
export const ANN = 'ann';
export const GRACE_MS = 10_000;
const ATTEMPTS = 8;

/** Word that somebody has come, or gone. */
type Word = { readonly event: string; readonly data: { readonly userId: UserId; readonly status?: string } };

/** Which of several tasks comes first, and whether it comes twice. */
export type Chance = { readonly pick: (count: number) => number; readonly isTwice: () => boolean };

const CALM: Chance = { pick: () => 0, isTwice: () => false };

/** People whose devices come and go, and others who watch. */
export class Company {
  readonly ground: MemoryPorts;
  readonly #gateway: MemoryGateway;
  #ports: Ports;
  #connections = 0;

  constructor(ground: MemoryPorts, gateway = memoryGateway()) {
    this.ground = ground;
    this.#gateway = gateway;
    this.#ports = ground.ports;
  }

  /** From now on tasks are done by way of these. */
  set workPorts(ports: Ports) {
    this.#ports = ports;
  }

  async begin(): Promise<this> {
    const { directory, conversations } = this.ground.ports;
    const business = { businessId: 'salon', name: 'Salon', ownerId: 'ben' };
    const booking = { bookingId: 'haircut', clientId: ANN, businessId: 'salon' };
    await directory.saveBusiness(business);
    await directory.saveBooking(booking);
    await directory.saveProfile({ userId: ANN, name: 'Ann', email: 'ann@example.com', source: 'platform' });
    await conversations.open(booking, business, this.ground.clock.now());
    await this.come('ben', 'conversation', 'ben');
    await this.come('cat', 'conversation', 'cat');
    await this.come('dora', 'direct', 'dora');
    await this.work();
    return this;
  }

  /** A device of a user, from now on. */
  async come(userId: UserId, dialect: DialectName = 'booking', name?: string): Promise<DeviceKey> {
    this.#connections += 1;
    const { ports, clock } = this.ground;
    const connectionId = name ?? `${userId}/${this.#connections}`;
    const caller = { userId, name: userId, dialect, connectionId, expiresAt: 9e15 };
    const rooms = roomsOf(caller, ports.presence.scopeOf(caller));
    await ports.connections.open({ connectionId, wire: 'native', dialect, caller, rooms }, clock.now());
    await hasCome(ports, caller);
    return caller;
  }

  async go({ connectionId }: DeviceKey, ending: Ending): Promise<void> {
    await closeConnection(this.ground.ports, connectionId, ending);
  }

  /** What a device was told of Ann's presence, in this order. */
  told(connectionId: string): readonly ('online' | 'offline')[] {
    const words = this.#gateway.framesOf(connectionId).map((frame) => JSON.parse(frame) as Word);
    return words.flatMap(({ event, data }) => {
      if (data.userId !== ANN) return [];
      return event === 'user_online' || data.status === 'online' ? ['online'] : ['offline'];
    });
  }

  /** Does the tasks that are due by now, and what they lead to; one that fails again. */
  async work(chance?: Chance): Promise<void> {
    while (await this.workOnce(chance));
  }

  /** Does one task that is due, if there is one. */
  async workOnce({ pick, isTwice }: Chance = CALM): Promise<boolean> {
    const { queue, clock } = this.ground;
    const due = queue.filter(({ dueAt }) => dueAt <= clock.now());
    const next = due[pick(due.length)];
    if (!next) return false;
    queue.splice(queue.indexOf(next), 1);
    await this.#insist(next.task);
    if (isTwice()) await this.#insist(next.task);
    return true;
  }

  /** Lets time pass, and does each task when it is due. */
  async pass(ms: number, chance?: Chance): Promise<void> {
    const { clock, queue } = this.ground;
    const end = clock.now() + ms;
    for (;;) {
      const next = Math.min(...queue.map(({ dueAt }) => dueAt));
      if (next > end) break;
      clock.pass(Math.max(0, next - clock.now()));
      await this.work(chance);
    }
    clock.pass(Math.max(0, end - clock.now()));
  }

  async #insist(task: Task): Promise<void> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      try {
        return await this.#perform(task, this.#ports);
      } catch {
        // As the queue does: once more.
      }
    }
    return this.#perform(task, this.ground.ports);
  }

  async #perform(task: Task, ports: Ports): Promise<void> {
    const outbox = createOutbox({ ports: this.ground.ports, gateway: this.#gateway, log: memoryLogbook() });
    if (task.kind === 'begin-presence') await beginPresence(ports, outbox.deliver, task);
    if (task.kind === 'end-presence') await endPresence(ports, outbox.deliver, task);
    if (task.kind === 'tell-onlookers') await tellOnlookers(ports, outbox.deliver, task);
  }
}
