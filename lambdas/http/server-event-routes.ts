import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import * as z from 'zod/mini';
import { countOnline } from '../core/everyone-online.ts';
import { Fault } from '../core/fault.ts';
import { statusOf } from '../core/presence.ts';
import { broadcastEvent, type CustomEvent, eventForUser, sendToRoom } from '../core/send-custom-event.ts';
import { json, line, OBJECT } from '../dialects/payload.ts';
import { isoTime } from '../dialects/shared-signals.ts';
import { isTaken } from '../dialects/taken-names.ts';
import type { HttpParts } from './app.ts';
import { success } from './envelope.ts';
import { checked, idParam, jsonBody } from './request.ts';

const NAME_MAX = 128;
/** An id with what stands before it. */
const ROOM_MAX = 144;
/** A frame of 128 KB has room for it, and so has a task of 256 KB beside the devices that are to hear. */
const DATA_MAX_BYTES = 64 * 1024;

/** An event of the platform's own. */
export const EVENT_BODY = z.object(
  { event: line(NAME_MAX), data: z.optional(json(DATA_MAX_BYTES)) },
  { error: OBJECT },
);

/** The platform's own events, and who is online, below `/api/server`; whoever mounts them lets service tokens alone in. */
export function serverEventRoutes(parts: HttpParts): Hono {
  const { ports, deliver } = parts;
  const routes = new Hono();

  routes.post('/users/:userId/events', async (c) => {
    const userId = idParam(c, 'userId');
    const event = await eventIn(c);
    await deliver(eventForUser(userId, event));
    return success(c, 'Event sent', { userId, event: event.name });
  });

  routes.post('/rooms/:room/events', async (c) => {
    const room = checked(line(ROOM_MAX), c.req.param('room'), 'room');
    const event = await eventIn(c);
    await deliver(await sendToRoom(ports, room, event));
    return success(c, 'Event sent', { room, event: event.name });
  });

  routes.post('/broadcast', async (c) => {
    const event = await eventIn(c);
    await deliver(await broadcastEvent(ports, event));
    return success(c, 'Event sent', { event: event.name });
  });

  routes.get('/users/:userId/presence', async (c) => {
    const { userId, isOnline, lastSeen } = await statusOf(ports, idParam(c, 'userId'));
    const seen = lastSeen === undefined ? null : isoTime(lastSeen);
    return success(c, 'Presence', { userId, online: isOnline, lastSeen: seen });
  });

  routes.get('/presence', async (c) => success(c, 'Users online', { count: await countOnline(ports) }));

  return routes;
}

/** @throws Fault `payload-invalid`, `event-reserved`. */
async function eventIn(c: Context): Promise<CustomEvent> {
  const { event: name, data } = await jsonBody(c, EVENT_BODY);
  if (isTaken(name)) throw new Fault('event-reserved', name);
  return { name, data };
}
