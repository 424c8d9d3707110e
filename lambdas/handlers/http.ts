import { handle } from 'hono/aws-lambda';
import type { Tokens } from '../core/identify-user.ts';
import type { AppointmentPorts } from '../core/ports.ts';
import type { Statistics } from '../core/statistics.ts';
import { createApp } from '../http/app.ts';
import { type HttpFunction, SITE, withEscapedPath } from './http-function.ts';
import {
  createMessaging,
  createStatistics,
  createTokens,
  type Environment,
  withAppointments,
} from './runtime.ts';
import type { Messaging } from './serve-event.ts';

/** Messaging, with what the platform's routes take besides. */
type HttpMessaging = Messaging & { readonly ports: AppointmentPorts; readonly statistics: Statistics };

/** The REST routes. */
export function http(
  { ports, outbox, log, statistics }: HttpMessaging,
  tokens: Tokens,
  { CLIENT_URL: clientUrl, TEST_ROUTES: testRoutes }: Environment,
): HttpFunction {
  const app = createApp({
    ports,
    tokens,
    statistics,
    deliver: (deliveries) => outbox.deliver(deliveries),
    report: (cause) => log.error('http', cause),
    clientUrl: clientUrl || SITE,
    hasTestRoutes: testRoutes === '1',
  });
  return withEscapedPath(handle(app) as unknown as HttpFunction);
}

const messaging = withAppointments(createMessaging(process.env), process.env);
const statistics = createStatistics(process.env);

export const handler = http({ ...messaging, statistics }, createTokens(process.env), process.env);
