import { beforeAll, expect, test } from 'vitest';
import { ROUTES, type RouteFact } from '../../docs/reference/routes.ts';
import { EXPIRES_S, type Ground, newGround, PERSONAS, type Persona } from '../support/ground.ts';
import { call } from '../support/rest.ts';
import { ROUTE_GRID, type RouteRow, requestOf } from '../support/route-grid.ts';
import { backendForFile } from '../support/stack.ts';

/* Every route, asked for by everybody whom it may concern, and by those whom it may not. */

const backend = await backendForFile();

let ground: Ground;
beforeAll(async () => {
  ground = await newGround(backend);
  await backend.pass(EXPIRES_S * 1000 + 100);
});

test('has no route that is not in this grid', () => {
  expect(new Set(Object.keys(ROUTE_GRID))).toEqual(new Set(ROUTES.map(({ route }) => route)));
});

test.each(ROUTES)('$route is for whom it concerns', async (fact) => {
  const row = ROUTE_GRID[fact.route];
  if (!row) throw new Error(`There is no row for ${fact.route}.`);
  const found: Record<string, number> = {};
  for (const persona of PERSONAS) found[persona] = await statusFor(persona, fact, row);
  expect(found).toEqual(row.statuses);
});

async function statusFor(persona: Persona, fact: RouteFact, row: RouteRow): Promise<number> {
  const token = ground.tokens[persona];
  const { method, path, body } = requestOf(fact, row, ground);
  const answer = await call(backend, method, path, {
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body }),
  });
  return answer.status;
}
