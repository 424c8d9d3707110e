import type { Socket } from 'socket.io-client';
import type { Deployment } from '../counting/deployment.ts';
import { meet } from '../counting/people.ts';
import type { Counted } from '../counting/tally.ts';
import { end, exchanged, openStockClient } from './stock-client.ts';

/** Frames that pass on an idle connection in an hour: from the server, and from the client. */
export type IdleFrames = { readonly down: number; readonly up: number };

export type IdleHour = { readonly frames: IdleFrames; readonly operations: readonly Counted[] };

/** The most frames that an idle connection may cost in an hour, both ways (DESIGN §4). */
export const IDLE_BUDGET = 14;

const MINUTE_MS = 60_000;
const MINUTES = 60;

/**
 * Lets an hour pass on the deployment's clock, with the real heartbeat at the end of each minute and the unmodified
 * client answering it. Nobody else may be connected. What is counted is a minute with a ping, and one without.
 */
export async function countIdleHour(deployment: Deployment): Promise<IdleHour> {
  const client = await openStockClient(deployment, await meet(deployment, 'Cat Carter'));
  await deployment.settled();
  const frames = watchFrames(client);
  const minutes: Counted[] = [];
  for (let minute = 0; minute < MINUTES; minute += 1) minutes.push(await passMinute(deployment, client));
  const passed = { ...frames };
  if (!client.connected) throw new Error('An idle client has lost its connection.');
  await end(deployment, () => client.disconnect());
  return { frames: passed, operations: [...typical(minutes, false), ...typical(minutes, true)] };
}

function watchFrames({ io: { engine } }: Socket): { down: number; up: number } {
  const frames = { down: 0, up: 0 };
  engine.on('packet', () => {
    frames.down += 1;
  });
  engine.on('packetCreate', () => {
    frames.up += 1;
  });
  return frames;
}

async function passMinute({ clock, meter, sweep, settled }: Deployment, client: Socket): Promise<Counted> {
  meter.read();
  clock.pass(MINUTE_MS);
  await sweep();
  await exchanged(client);
  await settled();
  const cost = meter.read();
  return {
    operation: cost.pushes > 0 ? 'ping + pong, with the sweep of its minute' : 'sweep: nobody is due',
    ...cost,
  };
}

/** The first minute in which somebody was pinged, or nobody. */
function typical(minutes: readonly Counted[], isPinged: boolean): readonly Counted[] {
  return minutes.filter(({ pushes }) => pushes > 0 === isPinged).slice(0, 1);
}
