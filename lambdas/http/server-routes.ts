import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { dropAppointment, keepAppointment } from '../core/keep-appointment.ts';
import { forgetBooking, forgetBusiness, saveBooking, saveBusiness } from '../core/keep-directory.ts';
import { defined, id } from '../dialects/payload.ts';
import type { HttpParts } from './app.ts';
import { success } from './envelope.ts';
import { idParam, jsonBody, requireService } from './request.ts';
import { serverConversationRoutes } from './server-conversation-routes.ts';
import { serverEventRoutes } from './server-event-routes.ts';
import { serverNotificationRoutes } from './server-notification-routes.ts';

const OBJECT = 'must be an object';

const text = (most: number) =>
  z.string({ error: 'must be a string' }).check(
    z.refine((value) => value.trim() !== '' && value.length <= most, {
      error: `must have 1 to ${most} characters`,
    }),
    z.refine((value) => !/[\p{Cc}\p{Surrogate}]/u.test(value), { error: 'must be plain Unicode text' }),
  );

const name = text(256);

/** ISO 8601 with a zone, kept in UTC with milliseconds. */
const time = z.pipe(
  z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with a zone' }),
  z.transform((value: string) => new Date(value).toISOString()),
);

export const userBody = z.object(
  { name, username: z.optional(name), email: z.optional(name), role: z.optional(text(64)) },
  { error: OBJECT },
);

export const businessBody = z.object({ name, ownerId: id }, { error: OBJECT });

export const bookingBody = z.object(
  {
    clientId: id,
    businessId: id,
    startTime: z.optional(time),
    status: z.optional(text(64)),
    title: z.optional(name),
    message: z.optional(text(2000)),
  },
  { error: OBJECT },
);

/** What the platform's backend tells Parley (RULINGS §4), below `/api/server`; for service tokens alone. */
export function serverRoutes(parts: HttpParts): Hono {
  const { ports } = parts;
  const routes = new Hono();

  routes.use(async (c, next) => {
    await requireService(c, parts);
    await next();
  });

  routes.put('/users/:userId', async (c) => {
    const userId = idParam(c, 'userId');
    const user = defined(await jsonBody(c, userBody));
    await ports.directory.saveProfile({ userId, ...user, source: 'platform' });
    return success(c, 'User saved', { userId, ...user });
  });

  routes.delete('/users/:userId', async (c) => {
    const userId = idParam(c, 'userId');
    await ports.directory.forgetProfile(userId);
    return success(c, 'User forgotten', { userId });
  });

  routes.put('/businesses/:businessId', async (c) => {
    const business = { businessId: idParam(c, 'businessId'), ...(await jsonBody(c, businessBody)) };
    await saveBusiness(ports, business);
    return success(c, 'Business saved', business);
  });

  routes.delete('/businesses/:businessId', async (c) => {
    const businessId = idParam(c, 'businessId');
    await forgetBusiness(ports, businessId);
    return success(c, 'Business forgotten', { businessId });
  });

  routes.put('/bookings/:bookingId', async (c) => {
    const booking = { bookingId: idParam(c, 'bookingId'), ...defined(await jsonBody(c, bookingBody)) };
    await saveBooking(ports, booking);
    await keepAppointment(ports, parts.deliver, booking.bookingId);
    return success(c, 'Booking saved', booking);
  });

  routes.delete('/bookings/:bookingId', async (c) => {
    const bookingId = idParam(c, 'bookingId');
    await dropAppointment(ports, bookingId);
    await forgetBooking(ports, bookingId);
    return success(c, 'Booking forgotten', { bookingId });
  });

  routes.route('/', serverConversationRoutes(parts));
  routes.route('/', serverEventRoutes(parts));
  routes.route('/notifications', serverNotificationRoutes(parts));

  return routes;
}
