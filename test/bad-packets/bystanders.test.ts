import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { runs } from '../promises/runs.ts';
import { echoApplication } from '../socket-io/echo-application.ts';
import { type Attack, anyAttack } from './attacks.ts';
import { type Bystanders, letStandBy } from './bystanders.ts';
import { type MemoryServer, memoryServer } from './memory-server.ts';

/** Whatever somebody says, in whatever order, nothing breaks, and it is a matter between them and the server. */

/** The sessions that the application has heard of since it was last asked. */
const heardOf = new Set<string>();
const hear = ({ session }: { readonly session: string }) => void heardOf.add(session);

let server: MemoryServer;
let bystanders: Bystanders;
beforeEach(async () => {
  server = memoryServer((post) =>
    echoApplication({
      emit: async ({ session }, name, args) =>
        void (await post(session, `42${JSON.stringify([name, ...args])}`)),
      arrive: hear,
      hear,
      leave: hear,
    }),
  );
  bystanders = await letStandBy(server);
  heardOf.clear();
});

/** Lets an attack be made, and looks who has noticed. */
async function endure(attack: Attack): Promise<number> {
  const told = await attack(server);
  expect(server.failures()).toEqual([]);
  bystanders.expectUntouched();
  expect([...heardOf].filter((session) => bystanders.keys.has(session))).toEqual([]);
  heardOf.clear();
  return told;
}

test('twenty thousand bad packets break nothing and touch nobody else', { timeout: 120_000 }, async () => {
  let packets = 0;
  const property = fc.asyncProperty(anyAttack(bystanders.known), async (attack) => {
    packets += await endure(attack);
  });
  await fc.assert(property, runs(1_600));
  expect(packets).toBeGreaterThan(20_000);
  await bystanders.expectServed();
  const sessions = [...server.rows.all.keys()].filter((key) => server.rows.row(key));
  expect(sessions.filter((key) => !bystanders.keys.has(key))).toEqual([]);
});
