import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailboxes } from '../../lambdas/aws/mailboxes.ts';
import { sessionStore } from '../../lambdas/aws/session-store.ts';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { heldAddress, pushFrame } from '../../lambdas/wire/socket-io/push-frame.ts';
import type { Mailboxes, Session } from '../../lambdas/wire/socket-io/session.ts';
import { type Mishap, type Mishaps, sufferMishaps } from '../aws/mishaps.ts';
import { freshTable } from '../support/table.ts';

let table: Table;
let boxes: Mailboxes;
let mishaps: Mishaps;
beforeAll(async () => {
  const place = await freshTable();
  table = { ...connectTable(place), name: place.tableName };
  mishaps = sufferMishaps(table.client);
  boxes = mailboxes(table);
});
afterAll(() => table.client.destroy());

const NOW = Date.UTC(2040, 0, 1);

async function begun(more: Partial<Session> = {}): Promise<string> {
  const sid = randomUUID();
  const key = `polling-${sid}`;
  const handshake = { query: {}, address: '' };
  await sessionStore(table).create({ key, sid, handshake, openedAt: NOW, sockets: new Map(), ...more }, NOW);
  return key;
}

async function whileFirst<T>(mishap: Mishap, act: () => Promise<T>): Promise<T> {
  Object.assign(mishaps, { count: 0, of: (nth: number) => (nth === 0 ? mishap : undefined) });
  try {
    return await act();
  } finally {
    mishaps.of = () => undefined;
  }
}

describe('a session that is held back', () => {
  test('has what is pushed to it put aside, in order, until it is let go', async () => {
    const key = await begun();
    await boxes.hold(key);
    for (const frame of ['one', 'two']) expect(await boxes.mailHeld(key, frame)).toEqual({ kind: 'queued' });
    expect(await boxes.letGo(key)).toBe('mail');
    expect(await boxes.collectHeld(key)).toEqual(['one', 'two']);
    expect(await boxes.collectHeld(key)).toEqual([]);
    expect(await boxes.mailHeld(key, 'three')).toEqual({ kind: 'queued' });
    expect(await boxes.letGo(key)).toBe('mail');
    expect(await boxes.collectHeld(key)).toEqual(['three']);
    expect(await boxes.letGo(key)).toBe('free');
    expect(await boxes.mailHeld(key, 'four')).toEqual({ kind: 'moved' });
    expect(await boxes.collectHeld(key)).toEqual([]);
  });

  test('keeps its mailbox for the poll apart from what waits aside', async () => {
    const key = await begun();
    await boxes.hold(key);
    await boxes.mail(key, ['reply']);
    await boxes.mailHeld(key, 'pushed');
    expect(await boxes.collect(key)).toEqual(['reply']);
    expect(await boxes.collectHeld(key)).toEqual(['pushed']);
  });

  test('loses nothing to many pushes while it is let go: each is put aside, or told to go straight', async () => {
    const key = await begun();
    await boxes.hold(key);
    const frames = Array.from({ length: 30 }, (_, index) => `frame ${index}`);
    const collected: string[] = [];
    const letGo = async () => {
      do collected.push(...(await boxes.collectHeld(key)));
      while ((await boxes.letGo(key)) === 'mail');
    };
    const pushing = Promise.all(frames.map((frame) => boxes.mailHeld(key, frame)));
    await letGo();
    const outcomes = await pushing;
    const straight = frames.filter((_, index) => outcomes[index]?.kind === 'moved');
    const heard = [...collected, ...straight];
    expect(heard).toHaveLength(frames.length);
    expect(new Set(heard)).toEqual(new Set(frames));
  });

  test('says by which WebSocket it is reached once it is let go', async () => {
    const key = await begun({ webSocket: 'socket' });
    await boxes.hold(key);
    expect(await boxes.mailHeld(key, 'one')).toEqual({ kind: 'queued' });
    await boxes.collectHeld(key);
    await boxes.letGo(key);
    expect(await boxes.mailHeld(key, 'two')).toEqual({ kind: 'moved', webSocket: 'socket' });
  });

  test('says what it was told meanwhile to whoever comes too late', async () => {
    const key = await begun();
    const told = { room: { from: 3, to: 7 } };
    await boxes.hold(key);
    expect(await whileFirst('lost', () => boxes.letGo(key, told))).toBe('free');
    expect(await boxes.mailHeld(key, 'one')).toEqual({ kind: 'moved', told });
  });

  test('that has ended takes nothing, and comes back for nothing', async () => {
    const key = await begun();
    await boxes.hold(key);
    await sessionStore(table).remove(key);
    expect(await boxes.mailHeld(key, 'one')).toEqual({ kind: 'gone' });
    await boxes.hold(key);
    expect(await boxes.collectHeld(key)).toEqual([]);
    expect(await boxes.letGo(key)).toBe('free');
    expect(await sessionStore(table).find(key)).toBeUndefined();
  });

  test('is full before its row is, and says so', async () => {
    const key = await begun();
    await boxes.hold(key);
    const outcomes = new Set<string>();
    for (let count = 0; count < 15; count += 1) {
      outcomes.add((await boxes.mailHeld(key, 'x'.repeat(30_000))).kind);
    }
    expect(outcomes).toEqual(new Set(['queued', 'full']));
  });

  test('is held, and let go, though the answer gets lost', async () => {
    const key = await begun();
    await whileFirst('lost', () => boxes.hold(key));
    expect(await boxes.mailHeld(key, 'one')).toEqual({ kind: 'queued' });
    await boxes.collectHeld(key);
    expect(await whileFirst('lost', () => boxes.letGo(key))).toBe('free');
    expect(await boxes.mailHeld(key, 'two')).toEqual({ kind: 'moved' });
  });
});

describe.each(['mail', 'mailHeld'] as const)('what is put into a list (%s)', (list) => {
  const put = (key: string, frame: string) =>
    list === 'mail' ? boxes.mail(key, [frame]) : boxes.mailHeld(key, frame);
  const collect = (key: string) => (list === 'mail' ? boxes.collect(key) : boxes.collectHeld(key));

  test.each(['lost', 'failed'] as const)(
    'is not put there twice by one whose answer is %s',
    async (mishap) => {
      const key = await begun();
      await boxes.hold(key);
      await expect(whileFirst(mishap, () => put(key, 'one'))).rejects.toThrow();
      expect(await collect(key)).toEqual(mishap === 'lost' ? ['one'] : []);
    },
  );

  test('is tried again where DynamoDB had no capacity for it', async () => {
    const key = await begun();
    await boxes.hold(key);
    expect(await whileFirst('throttled', () => put(key, 'one'))).toEqual({ kind: 'queued' });
    expect(await collect(key)).toEqual(['one']);
  });

  test('ends the session where that is unclear: nobody is told that it was delivered', async () => {
    const key = await begun();
    await boxes.hold(key);
    const gateway = { post: async () => 'delivered' as const, close: async () => undefined };
    const address = list === 'mail' ? key : heldAddress(key);
    const ways = { gateway, mailboxes: boxes, isTold: () => false };
    const posted = await whileFirst('lost', () => pushFrame(ways, address, 'one'));
    expect(posted).toBe('gone');
  });
});
