import type { Booking } from '../../lambdas/core/directory.ts';
import { dropAppointment, keepAppointment } from '../../lambdas/core/keep-appointment.ts';
import { forgetBooking, forgetBusiness, saveBooking } from '../../lambdas/core/keep-directory.ts';
import type { AppointmentPorts, Task } from '../../lambdas/core/ports.ts';
import { remind } from '../../lambdas/core/remind.ts';
import type { Delivery } from '../../lambdas/core/signals.ts';
import type { Tell } from '../../lambdas/core/tell-presence.ts';
import { Breakdown, type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import type { Turn } from '../fakes/in-turn.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { takeDue } from '../fakes/memory-schedules.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 1_440 * MINUTE_MS;
export const CLIENT = 'ann';
export const OWNER = 'ben';
export const SALON = { businessId: 'salon', name: 'Salon', ownerId: OWNER };
export const BOOKING: Booking = { bookingId: 'haircut', clientId: CLIENT, businessId: SALON.businessId };

export type Platform = ReturnType<typeof platform>;

/** A platform that tells of one salon and its bookings, and what its people hear of it. */
export function platform() {
  let turn: Turn = async () => undefined;
  const calls: string[] = [];
  const { ports, clock, armed } = memoryPorts({
    turn: async (call) => {
      calls.push(call);
      await turn(call);
    },
  });
  const told: Delivery[] = [];
  const tell: Tell = async (deliveries) => void told.push(...deliveries);
  const ready = ports.directory.saveBusiness(SALON);
  const put = async (booking: Booking, by: AppointmentPorts = ports) => {
    await ready;
    await saveBooking(by, booking);
    await keepAppointment(by, tell, booking.bookingId);
  };
  const perform = async (task: Task) => {
    if (task.kind === 'remind') await remind(ports, tell, task);
  };
  const page = { number: 1, limit: 50 };
  const inboxOf = async (userId: string) =>
    (await ports.inbox.list(userId, page, { unreadOnly: false }, clock.now())).notifications;
  return {
    ...{ ports, clock, armed, told, calls, put, perform },
    /** What the platform says, by a function that dies at a call, which is the last that it makes. */
    putUntil: async (booking: Booking, deadly: number | ((call: string) => boolean), fate: Fate) => {
      await put(booking, dying(ports, deadly, fate)).catch((thrown: unknown) => {
        if (!(thrown instanceof Breakdown)) throw thrown;
      });
    },
    forget: async () => {
      await dropAppointment(ports, BOOKING.bookingId);
      await forgetBooking(ports, BOOKING.bookingId);
    },
    forgetBusiness: () => forgetBusiness(ports, SALON.businessId),
    inboxes: () => Promise.all([inboxOf(CLIENT), inboxOf(OWNER)]),
    standing: () => ports.appointments.find(BOOKING.bookingId),
    names: () => [...armed.keys()],
    /** Lets time pass up to this moment (ms), with what falls due meanwhile in its time. */
    until: async (end: number) => {
      for (;;) {
        const next = Math.min(end, ...[...armed.values()].map(({ dueAt }) => dueAt));
        clock.pass(Math.max(0, next - clock.now()));
        const due = takeDue(armed, clock.now());
        for (const { task } of due) await perform(task);
        if (next >= end && due.length === 0) return;
      }
    },
    setTurn: (next: Turn) => {
      turn = next;
    },
  };
}

/** A number says at which call it dies; a function which call fails, the first time, and nothing else. */
function dying(
  ports: AppointmentPorts,
  deadly: number | ((call: string) => boolean),
  fate: Fate,
): AppointmentPorts {
  let made = 0;
  let hasFailed = false;
  return faultyPorts(ports, (call) => {
    if (typeof deadly === 'number') {
      made += 1;
      if (made <= deadly) return 'done';
      return made === deadly + 1 ? fate : 'not done';
    }
    if (hasFailed || !deadly(call)) return 'done';
    hasFailed = true;
    return fate;
  });
}
