import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { Hono } from 'hono/tiny';
import { Fault, toFault } from '../core/fault.ts';
import {
  ALLOWED_HEADERS,
  ALLOWED_METHODS,
  type BaseParts,
  BODY_MAX_BYTES,
  originsIn,
  PREFLIGHT_S,
} from './base.ts';
import { refusal } from './envelope.ts';

/** An application with what every function of the HTTP API has: CORS, a bound on bodies, and refusals in the envelope. */
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
  const origins = originsIn(clientUrl);
  const isOpen = origins.includes('*');
  return cors({
    origin: isOpen ? '*' : origins,
    credentials: !isOpen,
    allowMethods: ALLOWED_METHODS,
    allowHeaders: ALLOWED_HEADERS,
    maxAge: PREFLIGHT_S,
  });
}
