import { beforeAll, describe, expect, test } from 'vitest';
import { connect, newScene, type Scene } from '../support/booking-scene.ts';
import { type Backend, backendForFile } from '../support/stack.ts';

describe('a native client that says who it is in its first frame', () => {
  let backend: Backend;
  let scene: Scene;

  beforeAll(async () => {
    backend = await backendForFile();
    scene = await newScene(backend);
  });

  test('is let in, told for how long, and served', async () => {
    const { client, bookingId } = scene;
    const device = await connect(backend);
    const token = await backend.token({ sub: client.userId, exp: Math.floor(backend.now() / 1000) + 600 });
    const session = await device.request('parley:connect', { token });
    expect(session).toEqual({
      ok: true,
      connectionId: expect.any(String),
      dialect: 'booking',
      userId: client.userId,
      expiresIn: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const { expiresIn } = session as { readonly expiresIn: number };
    expect(expiresIn > 0 && expiresIn <= 600_000).toBe(true);
    expect(await device.request('joinBooking', bookingId)).toEqual({ ok: true, bookingId });
  });

  test('knows whether it hears every message, joined or not', async () => {
    for (const [dialect, hearsAll] of [
      ...[['direct', true] as const, ['appointment', true] as const],
      ...[['support', undefined] as const, ['conversation', undefined] as const],
    ]) {
      const session = await (await connect(backend)).request('parley:connect', {
        ...{ token: scene.client.token, dialect },
      });
      expect((session as { readonly hearsAll?: boolean }).hearsAll, dialect).toBe(hearsAll);
    }
  });

  test('is greeted, unless it takes over from a connection that was', async () => {
    const { token } = scene.client;
    const enter = async (replaces?: boolean) => {
      const device = await connect(backend);
      await device.request('parley:connect', { token, dialect: 'direct', replaces });
      return device;
    };
    const [greeted, replacing] = [await enter(), await enter(true)];
    await greeted.next('online_users');
    const again = await enter();
    await again.next('online_users');
    await backend.settled(replacing);
    expect(replacing.heard.map(({ event }) => event)).not.toContain('online_users');
  });

  test('speaks what it asks for, what its token says, or what the deployment does', async () => {
    const { userId } = scene.client;
    const dialectOf = async (asked: object, claims: object, handshake: object = {}) => {
      const device = await connect(backend, handshake);
      const token = await backend.token({ sub: userId, ...claims });
      const session = await device.request('parley:connect', { token, ...asked });
      const unknown = await device.request('no such event');
      expect(unknown).toMatchObject({ ok: false });
      return (session as { readonly dialect: string }).dialect;
    };
    const claims = { dialect: 'support' };
    expect(await dialectOf({ dialect: 'direct' }, claims, { dialect: 'appointment' })).toBe('direct');
    expect(await dialectOf({}, claims, { dialect: 'appointment' })).toBe('appointment');
    expect(await dialectOf({}, claims)).toBe('support');
    expect(await dialectOf({}, {})).toBe('booking');
  });

  test('is served in the dialect that its token named', async () => {
    const device = await connect(backend);
    const token = await backend.token({ sub: scene.client.userId, dialect: 'direct' });
    await device.request('parley:connect', { token });
    expect(await device.request('get_unread_count')).toMatchObject({ ok: true, count: 0 });
  });

  test('is told why it is refused, as a connection of its dialect is, and may try again', async () => {
    const refusal = async (payload: unknown, dialect?: string) => {
      const device = await connect(backend, dialect === undefined ? {} : { dialect });
      const answer = (await device.request('parley:connect', payload)) as { readonly error: unknown };
      expect(device.heard).toEqual([]);
      const again = await device.request('parley:connect', { token: scene.client.token });
      expect(again).toMatchObject({ ok: true, userId: scene.client.userId });
      return answer.error;
    };
    const code = 'AUTHENTICATION_FAILED';
    const [bad, unknown] = ['nonsense', await backend.token({ sub: 'nobody-knows' })];
    expect(await refusal({ token: bad })).toEqual({ message: 'Authentication error', code });
    expect(await refusal({})).toEqual({ message: 'Authentication error', code });
    expect(await refusal(undefined)).toEqual({ message: 'Authentication error', code });
    expect(await refusal({ token: bad, dialect: 'appointment' })).toEqual({ message: code, code });
    const direct = (token?: string) => refusal({ token }, 'direct');
    expect(await direct()).toEqual({ message: 'Authentication error: No token provided', code });
    expect(await direct(bad)).toEqual({ message: 'Authentication error: Invalid token', code });
    expect(await direct(unknown)).toEqual({ message: 'Authentication error: User not found', code });
    for (const token of [null, '']) expect(await refusal({ token }, 'direct')).toEqual(await direct());
    for (const token of [7, {}]) expect(await refusal({ token }, 'direct')).toEqual(await direct(bad));
    for (const payload of [7, [], { dialect: 7 }]) expect(await refusal(payload)).toEqual(await refusal({}));
    expect(await refusal({ token: scene.client.token, dialect: 'klingon' })).toEqual({
      code: 'INVALID_PAYLOAD',
      message: 'Unknown dialect: klingon',
    });
  });

  test('may bring its token later where its dialect says so', async () => {
    const device = await connect(backend);
    const session = await device.request('parley:connect', { dialect: 'support' });
    expect(session).toEqual({
      ok: true,
      connectionId: expect.any(String),
      dialect: 'support',
      at: expect.any(String),
    });
    expect(await device.request('typing_start', 'x')).toMatchObject({ ok: false });
    expect(await device.request('authenticate', scene.client.token)).toMatchObject({ ok: true });
    expect(await device.request('typing_start', 'x')).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(await device.request('parley:connect')).toMatchObject({ ok: true, userId: scene.client.userId });
  });

  test('renews its token in the same way, in its own name alone', async () => {
    const { client, stranger, bookingId } = scene;
    const exp = Math.floor(backend.now() / 1000) + 60;
    const device = await client.connect({ token: await backend.token({ sub: client.userId, exp }) });
    const other = await device.request('parley:connect', { token: stranger.token });
    expect(other).toMatchObject({ ok: false, error: { code: 'UNAUTHORIZED' } });
    const session = await device.request('parley:connect', { token: client.token, dialect: 'direct' });
    expect(session).toMatchObject({ ok: true, userId: client.userId, dialect: 'booking' });
    await backend.pass(120_000);
    expect(await device.request('joinBooking', bookingId)).toMatchObject({ ok: true });
  });
});
