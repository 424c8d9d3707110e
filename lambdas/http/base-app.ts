import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { Hono } from 'hono/tiny';
import { Fault, toFault } from '../core/fault.ts';
import { refusal } from './envelope.ts';

export type BaseParts = {
  /** Told of what a client is only shown as an internal error. */
  readonly report: (cause: unknown) => void;
  /** Origins that browsers may call from, separated by commas; `*` for any, without credentials. */
  readonly clientUrl: string;
};

const BODY_MAX_BYTES = 128 * 1024;

/** What every function of the HTTP API has: CORS, a bound on bodies, and refusals in the envelope. */
export function createBaseApp({ report, clientUrl }: BaseParts): Hono {
  const app = new Hono();
  app.use(corsFor(clientUrl));
  app.use(bodyLimit({ maxSize: BODY_MAX_BYTES, onError: tooLarge }));
  app.notFound((c) => refusal(c, new Fault('route-unknown')));
  app.onError((thrown, c) => {
    const fault = toFault(thrown);
    if (fault.code === 'INTERNAL') report(fault.cause);
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
