import { describe, expect, test } from 'vitest';
import { Fault } from '../../lambdas/core/fault.ts';
import type { Tokens } from '../../lambdas/core/identify-user.ts';
import { createApp } from '../../lambdas/http/app.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';

/** The routes over ports in memory, of which one call fails, and what was reported. */
function routes({
  broken,
  tokens,
  clientUrl = '',
}: {
  broken?: string;
  tokens?: Tokens;
  clientUrl?: string;
} = {}) {
  const turn = async (name: string) => {
    if (name === broken) throw new Error('the table is on fire');
  };
  const { ports, statistics } = memoryPorts({ turn });
  const reported: unknown[] = [];
  const known: Tokens = { verify: async () => ({ userId: 'ann', name: 'Ann', expiresAt: 8.64e15 }) };
  const app = createApp({
    ports,
    statistics,
    tokens: tokens ?? known,
    deliver: async () => undefined,
    report: (cause) => reported.push(cause),
    clientUrl,
  });
  const get = async (path: string, headers: Record<string, string> = { authorization: 'Bearer x' }) => {
    const response = await app.request(path, { headers });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return { get, reported };
}

describe('what fails inside', () => {
  const INTERNAL = {
    status: 500,
    body: { success: false, message: 'Internal error', data: null, error: 'INTERNAL' },
  };

  test('is 500 in the envelope, without its cause, which is reported', async () => {
    const { get, reported } = routes({ broken: 'conversations.ofUser' });
    const { status, body } = await get('/api/messages/my-conversations');
    expect({ status, body }).toStrictEqual(INTERNAL);
    expect(reported).toEqual([new Error('the table is on fire')]);
  });

  test('while a token is checked is no refusal of the token', async () => {
    const { get, reported } = routes({ tokens: { verify: () => Promise.reject(new Error('no key set')) } });
    expect(await get('/api/messages/my-conversations')).toMatchObject(INTERNAL);
    expect(reported).toEqual([new Error('no key set')]);
  });

  test('is not what a refusal is: nothing is reported', async () => {
    const { get, reported } = routes();
    expect(await get('/api/messages/booking/x')).toMatchObject({ status: 404 });
    expect(reported).toEqual([]);
  });
});

describe('a request', () => {
  test('without a token, or with an empty one, is told what it lacks', async () => {
    const { get } = routes();
    for (const headers of [{}, { authorization: '' }]) {
      expect(await get('/api/messages/my-conversations', headers)).toMatchObject({
        status: 401,
        body: { message: 'Authentication required', error: 'AUTHENTICATION_FAILED' },
      });
    }
  });

  test('is refused in the words of the fault', async () => {
    const tokens = { verify: () => Promise.reject(new Fault('token-expired')) };
    const { get } = routes({ tokens });
    expect(await get('/api/messages/my-conversations')).toMatchObject({
      status: 401,
      body: { success: false, message: 'Token expired', data: null, error: 'AUTHENTICATION_FAILED' },
    });
  });

  test('to a path with an escape that is none is not failed at', async () => {
    const { get, reported } = routes();
    for (const bad of ['%', '%zz', '%ff', '%C0%80']) {
      expect((await get(`/api/messages/booking/${bad}`)).status, bad).toBe(404);
    }
    expect(reported).toEqual([]);
  });
});

describe('a client URL of *', () => {
  test('lets every origin call, without credentials', async () => {
    const { get } = routes({ clientUrl: '*' });
    const { headers } = await get('/nowhere', { origin: 'https://any.example' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});
