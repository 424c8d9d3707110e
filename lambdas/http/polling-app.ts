import type { Context } from 'hono';
import { getConnInfo } from 'hono/aws-lambda';
import type { Hono } from 'hono/tiny';
import { type BaseParts, createBaseApp } from './base-app.ts';

/** A request of Socket.IO's HTTP long-polling, as its wire takes it. */
export type PollingRequest = {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly handshake: {
    readonly authorization?: string;
    readonly query: Readonly<Record<string, string>>;
    readonly address: string;
  };
  readonly body: string;
};

export type PollingReply = { readonly status: number; readonly type: string; readonly body: string };

type PollingParts = BaseParts & {
  /** Serves a request of Socket.IO's HTTP long-polling. */
  readonly poll: (request: PollingRequest) => Promise<PollingReply>;
};

/** Socket.IO's HTTP long-polling on any path: its requests are known by their query. */
export function createPollingApp(parts: PollingParts): Hono {
  const app = createBaseApp(parts);
  app.use(async (c, next) => {
    if (c.req.query('EIO') === undefined) return next();
    c.res = await servePolling(c, parts);
  });
  return app;
}

/** Hands a request of Engine.IO to its wire. Its answers have no envelope: they are the protocol's own. */
async function servePolling(c: Context, { poll }: PollingParts): Promise<Response> {
  const query = c.req.query();
  const authorization = c.req.header('authorization');
  const address = getConnInfo(c).remote.address ?? '';
  const handshake = { query, address, ...(authorization !== undefined && { authorization }) };
  const body = c.req.method === 'POST' ? await c.req.text() : '';
  const reply = await poll({ method: c.req.method, query, handshake, body });
  return new Response(reply.body, {
    status: reply.status,
    headers: { 'content-type': reply.type, 'cache-control': 'no-store' },
  });
}
