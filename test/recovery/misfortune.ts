import { setTimeout as pause } from 'node:timers/promises';
import type { Loss, Network } from './network.ts';
import { between } from './seeded.ts';

/** A moment at which a connection is lost: when the gateway is about to say such a thing, or at once. */
export type Moment = {
  readonly name: string;
  readonly said?: RegExp;
  /** Said to a client that connects: an earlier loss makes it do so. */
  readonly isConnecting?: true;
};

const ANY: Moment = { name: 'any' };
const PUSH: Moment = { name: 'in a push', said: /newMessage/ };
const ACKNOWLEDGEMENT: Moment = { name: 'in an acknowledgement', said: /43\d+\[/ };
const HANDSHAKE: Moment = { name: 'before OPEN', said: /101 Switching/, isConnecting: true };
const OPEN: Moment = { name: 'in OPEN', said: /"pingInterval"/, isConnecting: true };
const UPGRADE: Moment = { name: 'in the upgrade', said: /3probe/, isConnecting: true };
const RECOVERY: Moment = { name: 'in the recovery', said: /"pid":/, isConnecting: true };

/** The moments that a client comes by, by its way of connecting. */
export const MOMENTS = {
  webSocket: [ANY, HANDSHAKE, RECOVERY, PUSH, OPEN, ACKNOWLEDGEMENT],
  polling: [ANY, RECOVERY, PUSH, OPEN, ACKNOWLEDGEMENT],
  both: [ANY, UPGRADE, RECOVERY, PUSH, HANDSHAKE, OPEN, ACKNOWLEDGEMENT],
} as const satisfies Readonly<Record<string, readonly Moment[]>>;

const EVERY_MS = [100, 3_000] as const;
const DOWN_MS = [100, 1_500] as const;
const HALF_OPEN = 0.3;
const DOWN = 0.2;
/** A trap into which nothing has stepped by then is sprung; on a busy machine it takes long until something does. */
const TRAP_MS = 60_000;

/** Whom misfortune strikes: its line, at which moments, one after the other, and a way to wait until it is up again. */
export type Victim = {
  readonly line: Network;
  readonly random: () => number;
  readonly moments: readonly Moment[];
  readonly recovers: () => Promise<void>;
};

/** Loses the connection of somebody, once at least, until `until` (ms); `tell` is told at which moment. */
export async function strike(
  { line, random, moments, recovers }: Victim,
  until: number,
  tell: (moment: string) => void,
): Promise<void> {
  for (let count = 0; count === 0 || Date.now() < until; count += 1) {
    await pause(between(random, EVERY_MS));
    const loss: Loss = random() < HALF_OPEN ? 'half-open' : 'noticed';
    tell(await strikeAt(line, moments[count % moments.length] ?? ANY, loss));
    if (random() < DOWN) await downFor(line, between(random, DOWN_MS));
    await recovers();
  }
}

/** Loses the connection; the name of the moment at which it was lost. */
async function strikeAt(line: Network, { name, said, isConnecting }: Moment, loss: Loss): Promise<string> {
  if (isConnecting) line.lose(loss);
  const isLost = said !== undefined && (await isLostWith(line, said, loss));
  if (isLost) return name;
  line.lose(loss);
  return ANY.name;
}

/** Waits until the gateway says such a thing, which is lost then with the connection; false where it does not for long. */
async function isLostWith(line: Network, said: RegExp, loss: Loss): Promise<boolean> {
  const lost = new Promise<boolean>((resolve) => {
    line.onPiece = (piece) => {
      if (!said.test(piece)) return;
      line.lose(loss);
      resolve(true);
    };
  });
  const isLost = await Promise.race([lost, pause(TRAP_MS, false)]);
  line.onPiece = undefined;
  return isLost;
}

async function downFor(line: Network, ms: number): Promise<void> {
  line.isDown = true;
  await pause(ms);
  line.isDown = false;
}
