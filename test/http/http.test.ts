import { connect as connectSocket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { newPerson, newScene } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { localBackend } from '../support/stack.ts';

const backend = await localBackend({ CLIENT_URL: 'https://app.example, https://admin.example/' });
const LIMIT = 128 * 1024;
const OWN = '/api/messages/my-conversations';

const refusal = (status: number, error: string) => ({
  status,
  body: { success: false, message: expect.any(String), data: null, error },
});

describe('CORS', () => {
  const preflight = (origin: string, path = OWN) =>
    call(backend, 'OPTIONS', path, { headers: { origin, 'access-control-request-method': 'POST' } });

  test.each(['https://app.example', 'https://admin.example'])(
    'lets %s call, with credentials',
    async (origin) => {
      const { status, headers } = await preflight(origin);
      expect(status).toBe(204);
      expect(Object.fromEntries(headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,HEAD,POST,PUT,PATCH,DELETE',
        'access-control-allow-headers': 'Authorization,Content-Type',
        vary: expect.stringMatching(/origin/i),
      });
    },
  );

  test.each(['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null'])(
    'lets %s do nothing',
    async (origin) => {
      const answers = [await preflight(origin), await call(backend, 'GET', OWN, { headers: { origin } })];
      for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('is on every answer, refusals and unknown routes included', async () => {
    const { token } = await newPerson(backend, 'Ann');
    const headers = { origin: 'https://app.example' };
    const big = { token, headers, body: 'x'.repeat(LIMIT + 1) };
    const answers = [
      await call(backend, 'GET', OWN, { token, headers }),
      await call(backend, 'GET', OWN, { headers }),
      await call(backend, 'GET', '/nowhere', { headers }),
      await call(backend, 'POST', '/api/messages/mark-read', big),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 413]);
    for (const answer of answers) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    }
  });
});

describe('a route that there is not', () => {
  test.each([
    ['GET', '/nowhere'],
    ['GET', '/api'],
    ['GET', '/api/messages'],
    ['POST', OWN],
    ['DELETE', '/api/messages/booking/x'],
    ['PATCH', '/api/server/users/x'],
    ['GET', '/api/messages/booking/a/b'],
    ['GET', '/api/messages/booking/'],
    ['GET', '//'],
    ['GET', '/__proto__'],
  ])('%s %s is 404 in the envelope', async (method, path) => {
    const token = await backend.token({ sub: 'platform', role: 'service' });
    const { status, body } = await call(backend, method, path, { token });
    expect({ status, body }).toStrictEqual(refusal(404, 'NOT_FOUND'));
  });
});

describe('a body', () => {
  const send = async (body: string) =>
    call(backend, 'POST', '/api/messages/mark-read', {
      token: (await newPerson(backend, 'Ann')).token,
      body,
    });
  const padded = (bytes: number) => `{"messageIds":["${'x'.repeat(bytes - 19)}"]}`;

  test('of 128 KB is read, a larger one is 413, counted in bytes', async () => {
    expect(Buffer.byteLength(padded(LIMIT))).toBe(LIMIT);
    expect(await send(padded(LIMIT))).toMatchObject(refusal(400, 'INVALID_PAYLOAD'));
    expect(await send(padded(LIMIT + 1))).toMatchObject(refusal(413, 'INVALID_PAYLOAD'));
    expect(await send('é'.repeat(LIMIT / 2 + 1))).toMatchObject(refusal(413, 'INVALID_PAYLOAD'));
  });

  test('that is too large is refused in chunks as well, whoever sends it', async () => {
    const chunks = async function* () {
      for (let n = 0; n < 10; n += 1) yield Buffer.alloc(16 * 1024, 'x');
    };
    const request = { method: 'POST', body: chunks(), duplex: 'half' };
    const response = await fetch(`${backend.url}/api/messages/mark-read`, request as unknown as RequestInit);
    expect({ status: response.status, body: await response.json() }).toStrictEqual(
      refusal(413, 'INVALID_PAYLOAD'),
    );
  });

  test.each(['', '{', '{"messageIds":["x"]', 'x', '\u0000', '[', '"', '{"messageIds":["x"]}}'])(
    '%j is 400',
    async (body) => {
      expect(await send(body)).toMatchObject(refusal(400, 'INVALID_PAYLOAD'));
    },
  );

  test('is read as JSON whatever its type is said to be', async () => {
    const { bookingId, client } = await newScene(backend);
    const headers = { 'content-type': 'text/plain' };
    const body = JSON.stringify({ messageIds: [bookingId] });
    const { token } = client;
    expect(await call(backend, 'POST', '/api/messages/mark-read', { token, body, headers })).toMatchObject(
      refusal(403, 'UNAUTHORIZED'),
    );
  });
});

describe('a path', () => {
  /** fetch would put a strange path right before it is sent. */
  const statusOf = (path: string) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(backend.url);
      const socket = connectSocket(Number(port), hostname, () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      socket.once('data', (data) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1])));
      socket.once('error', reject);
    });

  test('with escapes that are none is refused, not failed at', async () => {
    for (const bad of ['%', '%4', '%zz', '%ff', '%C0%80', '%ED%A0%80', '%F0%9F']) {
      expect(await statusOf(`/api/messages/booking/${bad}`), bad).toBe(400);
    }
  });

  test('with control characters, or an id too long, is refused', async () => {
    const { token } = await newPerson(backend, 'Ann');
    for (const id of ['%00', 'a%0Ab', '%7F', 'x'.repeat(129), encodeURIComponent('é'.repeat(129))]) {
      expect(await call(backend, 'GET', `/api/messages/booking/${id}`, { token }), id).toMatchObject(
        refusal(400, 'INVALID_PAYLOAD'),
      );
    }
  });

  test('with escaped slashes or an escaped hash reaches no other route', async () => {
    const { token } = await newPerson(backend, 'Ann');
    for (const path of ['..%2f..%2fserver/users/x', 'my-conversations%23x']) {
      const { status } = await call(backend, 'GET', `/api/messages/${path}`, { token });
      expect([401, 403, 404], path).toContain(status);
    }
  });
});
