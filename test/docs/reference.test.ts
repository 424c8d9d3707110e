import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { documents } from '../../docs/reference/documents.ts';
import { schemaOfExamples } from '../../docs/reference/example-schema.ts';
import { ROUTES } from '../../docs/reference/routes.ts';
import { createApp } from '../../lambdas/http/app.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

const generated = documents();

test.each([...generated])('%s is what `npm run reference` writes', async (name, text) => {
  expect(await readFile(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8')).toBe(text);
});

test('every route is described, and no other', () => {
  const { ports, statistics } = memoryPorts();
  const app = createApp({
    ports,
    statistics,
    tokens: { verify: () => Promise.reject(new Error('Nobody asks.')) },
    deliver: async () => undefined,
    hasTestRoutes: true,
    report: () => undefined,
    clientUrl: '',
  });
  const served = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`);
  expect(ROUTES.map(({ route }) => route).toSorted()).toEqual([...new Set(served)].toSorted());
});

type Message = { readonly name: string; readonly payload: object };

describe.each([...generated].filter(([name]) => name.endsWith('.asyncapi.json')))('%s', (_, text) => {
  const { channels, operations } = JSON.parse(text);
  const messages = Object.entries<Message>(channels.socket.messages);

  test('shows the payload of every event that carries one', () => {
    const bare = messages
      .filter(([, { payload }]) => Object.keys(payload).length === 0)
      .map(([, { name }]) => name);
    expect(bare.filter((name) => name !== 'notifications:read-all' && name !== 'get_unread_count')).toEqual(
      [],
    );
  });

  test('says of every event which way it goes', () => {
    const refs = [...operations.receive.messages, ...operations.send.messages].map(({ $ref }) => $ref);
    const all = messages.map(([key]) => `#/channels/socket/messages/${key}`);
    expect(new Set(refs)).toEqual(new Set(all));
    expect(refs).toHaveLength(all.length);
  });
});

test('what some examples lack is optional, and what differs may be of either type', () => {
  expect(
    schemaOfExamples([
      { a: 1, at: '2026-01-01T00:00:00.000Z' },
      { a: null, at: '2026-01-01T00:00:00.000Z', b: ['x'] },
    ]),
  ).toEqual({
    type: 'object',
    properties: {
      a: { anyOf: [{ type: 'null' }, { type: 'number' }] },
      at: { type: 'string', format: 'date-time' },
      b: { type: 'array', items: { type: 'string' } },
    },
    required: ['a', 'at'],
  });
});
