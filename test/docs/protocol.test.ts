import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { documents } from '../../docs/reference/documents.ts';

/* docs/protocol: every event that a dialect hears or sends has its row, and every row is of such an event. */

const REFERENCE = '.asyncapi.json';
const spoken = [...documents()].filter(([name]) => name.endsWith(REFERENCE));

const CODES = [
  'AUTHENTICATION_FAILED',
  'UNAUTHORIZED',
  'INVALID_PAYLOAD',
  'NOT_FOUND',
  'RATE_LIMITED',
  'CONFLICT',
  'INTERNAL',
];

/** An event of the platform's own that conversation.md names. */
const OF_THE_PLATFORM = 'order:updated';

type Message = { readonly name: string };

describe.each(spoken)('%s', async (file, text) => {
  const name = file.slice(0, -REFERENCE.length);
  const protocol = await readFile(new URL(`../../docs/protocol/${name}.md`, import.meta.url), 'utf8');
  const messages = Object.entries<Message>(JSON.parse(text).channels.socket.messages);
  const named = (direction: string) =>
    messages.filter(([key]) => key.startsWith(`${direction}.`)).map(([, message]) => message.name);

  test('the protocol document has a row for every event from a client, and for no other', () => {
    expect(rowsIn(protocol, 'Client → server')).toEqual(new Set(named('to')));
  });

  test('and for every event to a client, and for no other', () => {
    const rows = rowsIn(protocol, 'Server → client');
    rows.delete(OF_THE_PLATFORM);
    expect(rows).toEqual(new Set(named('from')));
  });

  test('and for every code of a refusal', () => {
    expect(rowsIn(protocol, 'Errors')).toEqual(new Set(CODES));
  });
});

/** What the first column of a section's first table names in code. */
function rowsIn(text: string, title: string): Set<string> {
  const [, section = ''] = text.split(`\n## ${title}\n`);
  const [table = ''] = /(^\|.*\n)+/m.exec(section) ?? [];
  const cells = table
    .split('\n')
    .slice(2)
    .map((row) => row.split(' | ')[0] ?? '');
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)));
}
