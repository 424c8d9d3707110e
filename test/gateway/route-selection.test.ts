import { describe, expect, it } from 'vitest';
import { selectRoute } from '../../local/gateway/route-selection.ts';

const ROUTES = { $connect: 1, $disconnect: 1, $default: 1, sendMessage: 1 };
const { $default: _, ...WITHOUT_DEFAULT } = ROUTES;

describe('a frame', () => {
  it('selects the route that its action names', () => {
    expect(selectRoute('{"action":"sendMessage"}', 'action', ROUTES)).toBe('sendMessage');
  });

  it('is looked into by the configured key', () => {
    expect(selectRoute('{"type":"sendMessage","action":"x"}', 'type', ROUTES)).toBe('sendMessage');
  });

  const strays = [
    ...['', 'hello', '42["sendMessage"]', '2probe', '{"action":"sendMessage"', '2', '40', 'null', 'true'],
    ...[
      '"sendMessage"',
      '["sendMessage"]',
      '{}',
      '{"action":null}',
      '{"action":5}',
      '{"action":["sendMessage"]}',
    ],
    ...[
      '{"action":"unknown"}',
      '{"action":""}',
      '{"action":"sendmessage"}',
      '{"data":{"action":"sendMessage"}}',
    ],
    ...['{"action":"__proto__"}', '{"action":"constructor"}', '{"action":"toString"}'],
    ...['{"__proto__":{"action":"sendMessage"}}', '{"action":"$connect"}', '{"action":"$disconnect"}'],
  ];

  it.each(strays)('%s goes to $default', (body) => {
    expect(selectRoute(body, 'action', ROUTES)).toBe('$default');
  });

  it.each(strays)('%s goes nowhere without a $default', (body) => {
    expect(selectRoute(body, 'action', WITHOUT_DEFAULT)).toBeUndefined();
  });

  it('is not looked into through a prototype by a key such as toString', () => {
    expect(selectRoute('{}', 'toString', ROUTES)).toBe('$default');
  });
});
