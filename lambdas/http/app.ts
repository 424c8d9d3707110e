import type { Hono } from 'hono/tiny';
import type { Tokens } from '../core/identify-user.ts';
import type { AppointmentPorts } from '../core/ports.ts';
import type { Delivery } from '../core/signals.ts';
import type { Statistics } from '../core/statistics.ts';
import type { BaseParts } from './base.ts';
import { createBaseApp } from './base-app.ts';
import { bookingRoutes } from './booking-routes.ts';
import { notificationRoutes } from './notification-routes.ts';
import { serverRoutes } from './server-routes.ts';
import { supportRoutes } from './support-routes.ts';
import { testRoutes } from './test-routes.ts';

export type HttpParts = BaseParts & {
  readonly ports: AppointmentPorts;
  readonly tokens: Tokens;
  readonly statistics: Statistics;
  /** Whether there are the routes below `/test`. @default false */
  readonly hasTestRoutes?: boolean;
  readonly deliver: (deliveries: readonly Delivery[]) => Promise<void>;
};

/** The REST routes. Every answer, unknown routes and failures included, has the envelope. */
export function createApp(parts: HttpParts): Hono {
  const app = createBaseApp(parts);
  app.route('/api/messages', bookingRoutes(parts));
  app.route('/api/notifications', notificationRoutes(parts));
  app.route('/messaging', supportRoutes(parts));
  app.route('/api/server', serverRoutes(parts));
  if (parts.hasTestRoutes) app.route('/test', testRoutes(parts));
  return app;
}
