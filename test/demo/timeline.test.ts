import { describe, expect, test } from 'vitest';
import { arrange, type Item } from '../../local/demo/conversation/timeline.ts';
import { hashOf, placeIn } from '../../local/demo/place.ts';
import { dayName, shortTime } from '../../local/demo/time.ts';
import { message } from '../react/fake-client.ts';

/** At a minute of a day in February, by the reader's own calendar. */
function at(day: number, minute: number): string {
  return new Date(2026, 1, day, 10, minute).toISOString();
}

function outline(items: readonly Item[]): readonly string[] {
  return items.map((item) => {
    if (item.kind === 'turn') return `${item.senderName}: ${item.messages.map(({ id }) => id).join()}`;
    return item.kind === 'notice' ? item.message.content : item.kind;
  });
}

describe('messages are arranged', () => {
  test('by day, and within it by who spoke without a pause', () => {
    const ann = { userId: 'ann', name: 'Ann' };
    const messages = [
      message(1, { createdAt: at(9, 0) }),
      message(2, { createdAt: at(9, 1) }),
      message(3, { createdAt: at(9, 2), sender: ann }),
      message(4, { createdAt: at(9, 30), sender: ann }),
      message(5, { createdAt: at(10, 0), sender: ann }),
    ];
    expect(outline(arrange(messages, undefined))).toEqual([
      'day',
      'Ben: c1.1,c1.2',
      'Ann: c1.3',
      'Ann: c1.4',
      'day',
      'Ann: c1.5',
    ]);
  });

  test('with a line where the unread begin, in the middle of what one person said', () => {
    const messages = [message(1, { createdAt: at(9, 0) }), message(2, { createdAt: at(9, 1) })];
    expect(outline(arrange(messages, 'c1.2'))).toEqual(['day', 'Ben: c1.1', 'unread', 'Ben: c1.2']);
  });

  test('with what the platform says between what people say', () => {
    const messages = [
      message(1, { createdAt: at(9, 0) }),
      message(2, { createdAt: at(9, 1), sender: { userId: null, name: 'System' }, content: 'Confirmed.' }),
      message(3, { createdAt: at(9, 2) }),
    ];
    expect(outline(arrange(messages, undefined))).toEqual(['day', 'Ben: c1.1', 'Confirmed.', 'Ben: c1.3']);
  });

  test('so that a message keeps its key when the server has given it an id', () => {
    const own = { clientMessageId: 'x', sender: { userId: 'ann', name: 'Ann' }, createdAt: at(9, 0) };
    const { id: _, ...draft } = message(1, { ...own, status: 'sending' });
    const keys = [draft, message(1, own)].map((one) => arrange([one], undefined).map(({ key }) => key));
    expect(keys[0]).toEqual(keys[1]);
  });
});

describe('a place', () => {
  test('is in the address, and comes out of it again', () => {
    const places = [{}, { userId: 'ann' }, { userId: 'a/b #?', conversationId: 'cX_-9' }];
    for (const place of places) expect(placeIn(`#${hashOf(place)}`)).toEqual(place);
  });

  test('that was mistyped is none', () => {
    expect(placeIn('#%zz')).toEqual({});
    expect(placeIn('')).toEqual({});
  });
});

describe('a time', () => {
  const now = new Date(2026, 1, 9, 0, 30);

  test('is said by the calendar, not by the hours that have passed', () => {
    expect(dayName(new Date(2026, 1, 9, 0, 1), now)).toBe('Today');
    expect(dayName(new Date(2026, 1, 8, 23, 59), now)).toBe('Yesterday');
    expect(dayName(new Date(2026, 1, 4), now)).toBe('Wednesday');
    expect(dayName(new Date(2025, 1, 4), now)).toContain('2025');
  });

  test('is short in a list', () => {
    expect(shortTime(new Date(2026, 1, 9, 0, 1), now)).toMatch(/01/);
    expect(shortTime(new Date(2026, 1, 7), now)).toBe('Sat');
  });
});
