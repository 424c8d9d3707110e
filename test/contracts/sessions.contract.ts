import { beforeAll, describe, expect, test } from 'vitest';
import type { Mailboxes, Recoverable, Session, SessionStore } from '../../lambdas/wire/socket-io/session.ts';
import { unique } from './fixture.ts';

/** An implementation of the sessions' ports. Tests share it: each uses keys of its own. */
export type SessionsFixture = { readonly store: SessionStore; readonly mailboxes: Mailboxes };

/** Far ahead of the machine's clock, by which a real engine deletes rows. */
export const NOW = Date.UTC(2040, 0, 1);

/** A session that has just begun. */
export function newSession(more: Partial<Session> = {}): Session {
  const key = unique('polling');
  const handshake = { query: { EIO: '4' }, address: '203.0.113.7', authorization: 'Bearer x' };
  return { key, sid: unique('sid'), handshake, openedAt: NOW, sockets: new Map(), ...more };
}

const SOCKET = { sid: 'its sid', data: { deep: [1, null, { er: 'ä' }] }, pid: 'its pid' };

/** What every store of sessions does. */
export function sessionsContract(make: () => Promise<SessionsFixture>): void {
  describe('a store of sessions', () => {
    let store: SessionStore;
    beforeAll(async () => {
      ({ store } = await make());
    });
    const begun = async (more: Partial<Session> = {}) => {
      const session = newSession(more);
      await store.create(session, NOW);
      return session;
    };

    test('gives back what it was given, and nothing for a key that it never heard of', async () => {
      const session = await begun({ webSocket: 'w=', isCrowded: true });
      expect(await store.find(session.key)).toStrictEqual(session);
      expect(await store.find(unique('nobody'))).toBeUndefined();
    });

    test('gives back a handshake whatever the names in its query', async () => {
      const query = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c","":"d","\\u0000":"e"}');
      const session = await begun({ handshake: { query, address: '' } });
      expect(JSON.stringify((await store.find(session.key))?.handshake.query)).toBe(JSON.stringify(query));
    });

    test('takes one socket in each namespace', async () => {
      const { key } = await begun();
      expect(await store.addSocket(key, '/', SOCKET)).toBe('added');
      expect(await store.addSocket(key, '/', { ...SOCKET, sid: 'another' })).toBe('taken');
      expect(await store.addSocket(key, '/custom', { sid: 'another', data: 1 })).toBe('added');
      expect((await store.find(key))?.sockets).toStrictEqual(
        new Map<string, unknown>([
          ['/', SOCKET],
          ['/custom', { sid: 'another', data: 1 }],
        ]),
      );
    });

    test('takes none for a session that has ended, and does not bring it back', async () => {
      const key = unique('ended');
      expect(await store.addSocket(key, '/', SOCKET)).toBe('gone');
      expect(await store.saveSocket(key, '/', SOCKET)).toBeUndefined();
      await store.awaitAck(key, 1, 'context');
      await store.noteSeen(key, NOW);
      expect(await store.removeSocket(key, '/')).toBeUndefined();
      expect(await store.find(key)).toBeUndefined();
    });

    test('replaces a socket’s data as long as it is there, and says what it was', async () => {
      const { key } = await begun();
      expect(await store.saveSocket(key, '/', SOCKET)).toBeUndefined();
      expect((await store.find(key))?.sockets.size).toBe(0);
      await store.addSocket(key, '/', SOCKET);
      expect(await store.saveSocket(key, '/', { ...SOCKET, data: 'new' })).toStrictEqual(SOCKET);
      expect(await store.saveSocket(key, '/', { ...SOCKET, sid: 'before', data: 'old' })).toBeUndefined();
      expect((await store.find(key))?.sockets.get('/')).toStrictEqual({ ...SOCKET, data: 'new' });
    });

    test('gives a removed socket, and a removed session, to one of two callers', async () => {
      const session = await begun();
      await store.addSocket(session.key, '/', SOCKET);
      const befores = await Promise.all([1, 2].map(() => store.removeSocket(session.key, '/')));
      expect(befores.filter(Boolean)).toStrictEqual([{ ...session, sockets: new Map([['/', SOCKET]]) }]);
      const sessions = await Promise.all([1, 2].map(() => store.remove(session.key)));
      expect(sessions.filter(Boolean)).toStrictEqual([{ ...session, hasLeft: true }]);
      expect(await store.find(session.key)).toBeUndefined();
    });

    test('gives what waits for an acknowledgement to one of two callers', async () => {
      const { key } = await begun();
      await store.awaitAck(key, 7, { who: 'asked' });
      await store.awaitAck(key, 2 ** 31, 'the last');
      const taken = await Promise.all([1, 2].map(() => store.takeAck(key, 7)));
      expect(taken.filter(Boolean)).toStrictEqual([{ who: 'asked' }]);
      expect(await store.takeAck(key, 8)).toBeUndefined();
      expect(await store.takeAck(key, 2 ** 31)).toBe('the last');
    });

    test('keeps the frames of an unfinished packet until others take their place', async () => {
      const session = await begun();
      const { key } = session;
      expect(await store.setAside(key, ['451-["x"]', 'bAQID'])).toBe('kept');
      expect(await store.find(key)).toStrictEqual({ ...session, unfinished: ['451-["x"]', 'bAQID'] });
      await store.setAside(key, []);
      expect(await store.find(key)).toStrictEqual(session);
      await store.setAside(unique('ended'), ['x']);
    });

    test('finds each session once in the nine minutes of a heartbeat', async () => {
      const session = await begun();
      await store.noteSeen(session.key, NOW + 5);
      const found: Session[] = [];
      for (let slot = 0; slot < 9; slot += 1) {
        for await (const due of store.due(slot)) if (due.key === session.key) found.push(due);
      }
      expect(found).toStrictEqual([{ ...session, seenAt: NOW + 5 }]);
    });

    test('keeps a lost socket for whoever it was handed to last', async () => {
      const kept: Recoverable = {
        kept: { namespace: '/', sid: 'sid', state: { rooms: {} } },
        until: NOW + 1_000,
        holder: 'one',
      };
      const pid = `${unique('one')}~x`;
      expect(await store.handOver(pid, kept, 'two', NOW)).toBe(false);
      await store.keep(pid, kept);
      expect(await store.kept(pid)).toStrictEqual(kept);
      const won = await Promise.all(['two', 'three'].map((to) => store.handOver(pid, kept, to, NOW)));
      expect(won.toSorted()).toEqual([false, true]);
      await store.keep(pid, { ...kept, until: NOW + 9_000 });
      await store.forget(pid, 'one');
      const holder = won[0] ? 'two' : 'three';
      expect(await store.kept(pid)).toStrictEqual({ ...kept, holder });
      await store.forget(pid, holder);
      expect(await store.kept(pid)).toBeUndefined();
    });
  });
}
