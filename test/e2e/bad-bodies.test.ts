import { beforeAll, expect, test } from 'vitest';
import { type JsonSchema, jsonSchemaOf } from '../../docs/reference/json-schema.ts';
import { ROUTES } from '../../docs/reference/routes.ts';
import { FORGED } from '../support/bad-payloads.ts';
import { type Ground, newGround } from '../support/ground.ts';
import { call } from '../support/rest.ts';
import { ROUTE_GRID, requestOf } from '../support/route-grid.ts';
import { backendForFile } from '../support/stack.ts';

/* Every REST body with everything wrong that its schema can tell: refused, and nothing stored. */

const backend = await backendForFile();

let ground: Ground;
beforeAll(async () => {
  ground = await newGround(backend);
});

type Body = Readonly<Record<string, unknown>>;
type ObjectSchema = {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
};

const withBody = ROUTES.filter(({ body }) => body !== undefined);

test.each(withBody)('$route refuses a body with something wrong', async (fact) => {
  const { method, path, body, token } = rightRequest(fact);
  const before = await backend.rows();
  const schema = jsonSchemaOf(fact.body as NonNullable<typeof fact.body>) as ObjectSchema;
  for (const wrong of [...wrongBodies(schema, body), ...NO_OBJECTS]) {
    const answer = await call(backend, method, path, { token, body: wrong });
    const what = JSON.stringify(wrong).slice(0, 80);
    expect([answer.status, answer.body], what).toStrictEqual([
      400,
      {
        success: false,
        message: expect.stringMatching(/^Invalid payload/),
        data: null,
        error: 'INVALID_PAYLOAD',
      },
    ]);
  }
  expect(await backend.rows()).toEqual(before);
});

test.each(withBody)('$route ignores what is the server’s to say', async (fact) => {
  const { method, path, body, token } = rightRequest(fact);
  const schema = jsonSchemaOf(fact.body as NonNullable<typeof fact.body>) as ObjectSchema;
  const unknown = Object.entries(FORGED).filter(([name]) => !(name in schema.properties));
  const forged = { ...Object.fromEntries(unknown), ...body };
  const { body: answer } = await call(backend, method, path, { token, body: forged });
  expect(answer.success).toBe(true);
  const stored = JSON.stringify(await backend.rows());
  for (const lie of ['2000-01-01T00:00:00.000Z', 'eve']) {
    expect(stored).not.toContain(`"${lie}"`);
    expect(JSON.stringify(answer)).not.toContain(`"${lie}"`);
  }
});

/** What the route takes, from somebody who may. */
function rightRequest(fact: (typeof withBody)[number]) {
  const row = ROUTE_GRID[fact.route];
  if (!row) throw new Error(`There is no row for ${fact.route}.`);
  const { body, ...request } = requestOf(fact, row, ground);
  const token = ground.tokens[row.statuses.client < 300 ? 'client' : 'service'];
  return { ...request, token, body: body as Body };
}

const NO_OBJECTS = ['', '{', 'null', '7', 'true', '[]', '"x"'];
const WRONG_TYPES = [null, 7, true, {}, [], '', '\u0000', '\ud800'];
/** Longer than any text of a body may be. */
const TOO_LONG = 'x'.repeat(100_000);

/** A right body without each field that it must have, and with values in each field that cannot be. */
function* wrongBodies({ properties, required = [] }: ObjectSchema, right: Body): Iterable<Body> {
  for (const field of required) yield { ...right, [field]: undefined };
  for (const [field, schema] of Object.entries(properties)) {
    for (const value of wrongValues(schema)) yield { ...right, [field]: value };
  }
}

/** Of a field whose schema says nothing, as it takes anything, none but what is too long. */
function wrongValues(schema: JsonSchema): readonly unknown[] {
  const types = typesIn(schema);
  if (types.size === 0) return [TOO_LONG];
  const values = [...WRONG_TYPES, TOO_LONG].filter((value) => !types.has(typeOf(value)) || isNoText(value));
  return types.has('array') ? [...values, [7], [null], [{}], Array.from({ length: 501 }, () => 'x')] : values;
}

function typesIn({ type, anyOf = [] }: JsonSchema): ReadonlySet<unknown> {
  const others = (anyOf as readonly JsonSchema[]).map((one) => one.type);
  return new Set([type, ...others].filter((one) => one !== undefined));
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isNoText(value: unknown): boolean {
  return typeof value === 'string';
}
