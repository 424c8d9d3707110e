import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { Hono } from 'hono/tiny';
import { Fault, toFault } from '../core/fault.ts';
import type { Tokens } from '../core/identify-user.ts';
import type { Ports } from '../core/ports.ts';
import type { Delivery } from '../core/signals.ts';
import { bookingRoutes } from './booking-routes.ts';
import { refusal } from './envelope.ts';
import { notificationRoutes } from './notification-routes.ts';
import { type PollingReply, type PollingRequest, servePolling } from './polling-route.ts';
import { serverRoutes } from './server-routes.ts';
import { supportRoutes } from './support-routes.ts';

export type HttpParts = {
  readonly ports: Ports;
  readonly tokens: Tokens;
  readonly deliver: (deliveries: readonly Delivery[]) => Promise<void>;
  /** Serves Socket.IO's HTTP long-polling. */
  readonly poll: (request: PollingRequest) => Promise<PollingReply>;
  /** Told of what a client is only shown as an internal error. */
  readonly report: (cause: unknown) => void;
  /** Origins that browsers may call from, separated by commas; `*` for any, without credentials. */
  readonly clientUrl: string;
};

const BODY_MAX_BYTES = 128 * 1024;

/** The REST routes. Every answer, unknown routes and failures included, has the envelope. */
export function createApp(parts: HttpParts): Hono {
  const app = new Hono();
  app.use(corsFor(parts.clientUrl));
  app.use(bodyLimit({ maxSize: BODY_MAX_BYTES, onError: tooLarge }));
  app.use(async (c, next) => {
    if (c.req.query('EIO') === undefined) return next();
    c.res = await servePolling(c, parts);
  });
  app.route('/api/messages', bookingRoutes(parts));
  app.route('/api/notifications', notificationRoutes(parts));
  app.route('/messaging', supportRoutes(parts));
  app.route('/api/server', serverRoutes(parts));
  app.notFound((c) => refusal(c, new Fault('route-unknown')));
  app.onError((thrown, c) => {
    const fault = toFault(thrown);
    if (fault.code === 'INTERNAL') parts.report(fault.cause);
    return refusal(c, fault);
  });
  return app;
}

function tooLarge(): never {
  throw new Fault('payload-too-large', `at most ${BODY_MAX_BYTES} bytes`);
}

function corsFor(clientUrl: string) {
  const origins = clientUrl.split(',').map((origin) => origin.trim().replace(/\/$/, ''));
  const isOpen = origins.includes('*');
  return cors({
    origin: isOpen ? '*' : origins,
    credentials: !isOpen,
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type'],
    maxAge: 600,
  });
}
