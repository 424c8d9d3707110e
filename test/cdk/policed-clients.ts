import { SignJWT } from 'jose';
import { expect } from 'vitest';
import { HEARTBEAT_SLOTS } from '../../lambdas/wire/socket-io/session.ts';
import type { Answer, PolicedFunctions } from './policed-functions.ts';

/** The clients of functions that stand behind their policies: what API Gateway makes of what they do. */

export const SECRET = 'a secret of at least thirty-two characters';

export function tokenFor(sub: string, claims: object): Promise<string> {
  const jwt = new SignJWT({ sub, ...claims }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h');
  return jwt.sign(new TextEncoder().encode(SECRET));
}

/** Those on the native wire. */
export function nativeClients(functions: PolicedFunctions) {
  return {
    async connect(connectionId: string, token?: string, dialect?: string): Promise<void> {
      const queryStringParameters = {
        ...(token !== undefined && { token }),
        ...(dialect !== undefined && { dialect }),
      };
      expect(await functions.invoke('connect', connectEvent(connectionId, queryStringParameters))).toEqual({
        statusCode: 200,
      });
    },

    /** Serves a frame; returns what its sender was answered. */
    async frame(entry: string, connectionId: string, action: string, data: unknown) {
      const body = JSON.stringify({ action, data, id: 1 });
      await functions.invoke(entry, { requestContext: { connectionId }, body });
      const reply = functions.taken(connectionId).find((frame) => frame.includes('"reply"'));
      return JSON.parse(reply ?? '{}').data;
    },
  };
}

/** Those with socket.io-client. */
export function socketIoClients(functions: PolicedFunctions) {
  return {
    /** Opens a WebSocket: for a session of its own, or to take over one that long-polling has begun. */
    async open(connectionId: string, sid?: string): Promise<void> {
      const query = { EIO: '4', transport: 'websocket', ...(sid !== undefined && { sid }) };
      const answer = await functions.invoke('connect', connectEvent(connectionId, query));
      expect(answer).toEqual({ statusCode: 200 });
    },

    /** Says a packet; returns those that its client was sent meanwhile. */
    async say(connectionId: string, packet: string): Promise<readonly string[]> {
      await functions.invoke('default', { requestContext: { connectionId }, body: packet });
      return functions.taken(connectionId);
    },

    /** Begins a session by long-polling; returns its id. */
    async begin(): Promise<string> {
      const [open = ''] = await poll(functions, {});
      return JSON.parse(open.slice(1)).sid;
    },

    poll: (sid: string) => poll(functions, { sid }),

    /** Posts a packet, and polls for what comes of it. */
    async post(sid: string, packet: string): Promise<readonly string[]> {
      expect(await poll(functions, { sid }, packet)).toEqual(['ok']);
      return poll(functions, { sid });
    },

    /** Posts a packet that ends its session. */
    async postLast(sid: string, packet: string): Promise<void> {
      expect(await poll(functions, { sid }, packet)).toEqual(['ok']);
    },

    /** The sweeps of a whole cycle, each in its minute. */
    async sweep(): Promise<void> {
      for (let minute = 0; minute < HEARTBEAT_SLOTS; minute += 1) {
        const time = new Date(Date.now() + minute * 60_000).toISOString();
        await functions.invoke('sweep', { time });
      }
    },
  };
}

/** Polls, or posts a payload; returns the packets of the answer. */
async function poll(
  functions: PolicedFunctions,
  session: { readonly sid?: string },
  payload?: string,
): Promise<readonly string[]> {
  const query = new URLSearchParams({ EIO: '4', transport: 'polling', ...session });
  const method = payload === undefined ? 'GET' : 'POST';
  const event = httpEvent({ method, path: '/socket.io/', query: String(query), body: payload });
  const { statusCode, body } = await functions.invoke('polling', event);
  expect(statusCode, `${method} ${query} ${body}`).toBe(200);
  return body.split('\x1e');
}

export async function disconnect(functions: PolicedFunctions, connectionId: string): Promise<void> {
  functions.drop(connectionId);
  await functions.invoke('disconnect', { requestContext: { connectionId, disconnectStatusCode: 1001 } });
}

/** A request of the REST API. */
export async function request(
  functions: PolicedFunctions,
  token: string,
  [method, path]: readonly [string, string],
  body?: object,
): Promise<Answer> {
  const text = body && JSON.stringify(body);
  const answer = await functions.invoke('http', httpEvent({ method, path, token, body: text }));
  expect([200, 201], `${method} ${path} ${answer.body}`).toContain(answer.statusCode);
  return answer;
}

/** Does every task of a kind, or of any, and those that these lead to. */
export async function runTasks(functions: PolicedFunctions, kind?: string): Promise<void> {
  for (let body = functions.nextTask(kind); body !== undefined; body = functions.nextTask(kind)) {
    const answer = await functions.invoke('task', { Records: [{ messageId: '1', body }] });
    expect(answer, body).toEqual({ batchItemFailures: [] });
  }
}

function connectEvent(connectionId: string, queryStringParameters: object): object {
  return {
    requestContext: { connectionId, identity: { sourceIp: '192.0.2.1' } },
    queryStringParameters,
  };
}

type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly token?: string;
  readonly body?: string | undefined;
};

function httpEvent({ method, path, query = '', token, body }: HttpRequest): object {
  const authorization = token !== undefined && { authorization: `Bearer ${token}` };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { ...authorization, 'content-type': query === '' ? 'application/json' : 'text/plain' },
    requestContext: { domainName: 'api.example.com', http: { method, path, sourceIp: '192.0.2.1' } },
    isBase64Encoded: false,
    ...(body !== undefined && { body }),
  };
}
