import type { CommandOf } from './commands.ts';
import type { Caller } from './connection.ts';
import { personOf } from './describe-message.ts';
import { Fault } from './fault.ts';
import type { Outcome } from './outcome.ts';
import type { Ports } from './ports.ts';
import { EVERYONE } from './rooms.ts';
import { isSupportAdmin } from './support-rights.ts';

/**
 * An admin's word to everybody who is connected.
 *
 * @throws Fault `not-an-admin` for anybody but an admin of the support desk.
 */
export async function broadcastMessage(
  ports: Ports,
  caller: Caller,
  { message }: CommandOf<'broadcast-message'>,
): Promise<Outcome<'broadcast-message'>> {
  if (!isSupportAdmin(caller)) throw new Fault('not-an-admin');
  const signal = {
    kind: 'admin-broadcast',
    message,
    person: personOf(caller),
    at: ports.clock.now(),
  } as const;
  await ports.tasks.enqueue({ kind: 'tell-room', room: EVERYONE, signal });
  return { reply: {}, deliveries: [] };
}
