import type { TablePlace } from '../../local/create-table.ts';
import { countCrowds } from './count-crowds.ts';
import { countDialects } from './count-dialects.ts';
import { countFrames } from './count-frames.ts';
import { countLists } from './count-lists.ts';
import { deploy } from './deployment.ts';
import { type HeadSize, headSize } from './head-size.ts';
import { type Budget, type Counted, Tally } from './tally.ts';

const CONNECT_AND_JOIN: Budget = { writeUnits: 5 };

/** What every operation costs, and the size of what a send reads. */
export type Counts = { readonly operations: readonly Counted[]; readonly head: HeadSize };

/** Counts every operation, in an empty table. */
export async function countOperations(place: TablePlace): Promise<Counts> {
  const deployment = await deploy(place);
  try {
    const tally = new Tally(deployment);
    const { bookingId } = await countFrames(tally);
    const head = await headSize(deployment.table, bookingId);
    await countDialects(tally);
    await countLists(tally);
    await countCrowds(tally);
    return { operations: withArrival(tally.counted), head };
  } finally {
    await deployment.gateway.close();
  }
}

/** Connecting and joining have one budget between them. */
export function withArrival(counted: readonly Counted[]): readonly Counted[] {
  return counted.flatMap((one) => (one.operation === 'join' ? [one, arrival(counted)] : [one]));
}

function arrival(counted: readonly Counted[]): Counted {
  const [connect, join] = ['connect', 'join'].map((name) =>
    counted.find(({ operation }) => operation === name),
  );
  if (!connect || !join) throw new TypeError('Connecting and joining are counted.');
  return {
    operation: 'connect + join',
    requests: connect.requests + join.requests,
    roundTrips: connect.roundTrips + join.roundTrips,
    writeUnits: connect.writeUnits + join.writeUnits,
    readUnits: connect.readUnits + join.readUnits,
    pushes: connect.pushes + join.pushes,
    budget: CONNECT_AND_JOIN,
  };
}
