import { handle, type LambdaEvent } from 'hono/aws-lambda';
import type { Tokens } from '../core/identify-user.ts';
import { createApp } from '../http/app.ts';
import { escapePath } from './escape-path.ts';
import { createMessaging, createTokens } from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** Where browsers call from unless `CLIENT_URL` says otherwise (support.md “Server Setup”). */
const DEFAULT_CLIENT_URL = 'http://localhost:5173';

/** An event of payload format 2.0. */
type HttpEvent = Extract<LambdaEvent, { readonly rawPath: string }>;

/** The HTTP API: every REST route. */
export function http({ ports, outbox, log }: Messaging, tokens: Tokens, clientUrl: string | undefined) {
  const app = createApp({
    ports,
    tokens,
    deliver: (deliveries) => outbox.deliver(deliveries),
    report: (cause) => log.error('http', cause),
    clientUrl: clientUrl || DEFAULT_CLIENT_URL,
  });
  const serve = handle(app);
  return (event: HttpEvent) => serve({ ...event, rawPath: escapePath(event.rawPath) });
}

export const handler = http(createMessaging(process.env), createTokens(process.env), process.env.CLIENT_URL);
