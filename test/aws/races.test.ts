import { describe, expect, test } from 'vitest';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { closeConnection } from '../../lambdas/core/close-connection.ts';
import type { Ports } from '../../lambdas/core/ports.ts';
import { connectionOf, unique } from '../contracts/fixture.ts';
import { freshTable } from '../support/table.ts';
import { sufferMishaps } from './mishaps.ts';
import { portsOn } from './table-ports.ts';

type Act = (ports: Ports) => Promise<unknown>;

/** Does one thing as often as it makes requests, each time with the other done whole between two of these. */
async function atEachMoment(prepare: Act, slow: Act, quick: Act, check: Act): Promise<void> {
  const place = await freshTable();
  for (let moment = 0, requests = 1; moment <= requests; moment += 1) {
    const [calm, disturbed]: Table[] = [1, 2].map(() => ({ ...connectTable(place), name: place.tableName }));
    if (!calm || !disturbed) throw new Error('unreachable');
    const mishaps = sufferMishaps(disturbed.client);
    const { ports } = portsOn(calm);
    await prepare(ports);
    mishaps.before = async (nth) => void (nth === moment && (await quick(ports)));
    await slow(portsOn(disturbed).ports);
    requests = mishaps.count;
    if (moment === requests) await quick(ports);
    await check(ports);
    for (const { client } of [calm, disturbed]) client.destroy();
  }
}

describe('a connection that ends', () => {
  test.each(['with its first token', 'with a further one'])(
    'while it is renewed %s leaves no device behind',
    async (kind) => {
      let connection = connectionOf('nobody');
      const prepare: Act = async ({ connections }) => {
        connection = connectionOf(unique('user'));
        const { caller, ...stranger } = connection;
        await connections.open(kind === 'with a further one' ? { ...stranger, caller } : stranger, 1);
      };
      await atEachMoment(
        prepare,
        ({ connections }) => connections.renew(connection, 2),
        (ports) => closeConnection(ports, connection.connectionId, 'left'),
        async ({ connections }) => {
          expect(await connections.find(connection.connectionId)).toBeUndefined();
          expect(await connections.devicesOf([connection.caller.userId], true)).toEqual([]);
        },
      );
    },
  );
});
