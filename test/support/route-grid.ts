import type { RouteFact } from '../../docs/reference/routes.ts';
import type { Ground, Persona } from './ground.ts';

/** What is asked of each route, and who may. */

type Statuses = Readonly<Record<Persona, number>>;

/** What a route needs besides what its path names, and what each is answered. */
export type RouteRow = {
  readonly statuses: Statuses;
  readonly body?: (ground: Ground) => unknown;
  /** What its path names, where that is not what paths name as a rule. */
  readonly names?: (ground: Ground) => Readonly<Record<string, string>>;
};

const NOBODY = { expired: 401, anonymous: 401 } as const;
const everybody: Statuses = { client: 200, owner: 200, stranger: 200, admin: 200, service: 200, ...NOBODY };
const parties: Statuses = { ...everybody, stranger: 403, admin: 403, service: 403 };
const desk: Statuses = { ...parties, admin: 200 };
const platform: Statuses = { ...everybody, client: 403, owner: 403, stranger: 403, admin: 403 };

/** The same for what makes something. */
function making(statuses: Statuses): Statuses {
  const made = Object.entries(statuses).map(([persona, status]) => [persona, status === 200 ? 201 : status]);
  return Object.fromEntries(made) as Statuses;
}

const text = () => ({ content: 'x' });
const news = () => ({ event: 'news' });
const doomed = ({ doomedId }: Ground) => ({ messageId: doomedId });

/** Every route, and what each is answered. */
export const ROUTE_GRID: Readonly<Record<string, RouteRow>> = {
  'GET /api/messages/booking/:bookingId': {
    statuses: parties,
    names: ({ quietBookingId }) => ({ bookingId: quietBookingId }),
  },
  'GET /api/messages/my-conversations': { statuses: everybody },
  'GET /api/messages/business/:businessId/conversations': { statuses: { ...parties, client: 403 } },
  'POST /api/messages/mark-read': {
    statuses: parties,
    body: ({ messageId }) => ({ messageIds: [messageId] }),
  },
  'GET /api/messages/unread-count': { statuses: everybody },
  'GET /api/notifications': { statuses: everybody },
  'PUT /api/notifications/read-all': { statuses: everybody },
  'PUT /api/notifications/:notificationId/read': {
    statuses: { ...everybody, owner: 404, stranger: 404, admin: 404, service: 404 },
  },
  'GET /messaging/conversations': { statuses: everybody },
  'GET /messaging/conversations/booking/:bookingId': { statuses: desk },
  'PATCH /messaging/conversations/:conversationId': { statuses: desk, body: () => ({ title: 'x' }) },
  'PUT /messaging/conversations/:conversationId/read': { statuses: desk },
  'GET /messaging/conversations/:conversationId/messages': { statuses: desk },
  'POST /messaging/conversations/:conversationId/messages': { statuses: making(desk), body: text },
  'PATCH /messaging/messages/:messageId': { statuses: { ...parties, owner: 403 }, body: text },
  'DELETE /messaging/messages/:messageId': { statuses: { ...desk, owner: 403 }, names: doomed },
  'PUT /messaging/messages/:messageId/reactions/:emoji': { statuses: desk },
  'DELETE /messaging/messages/:messageId/reactions/:emoji': { statuses: desk },
  'PUT /api/server/users/:userId': { statuses: platform, body: () => ({ name: 'Somebody' }) },
  'DELETE /api/server/users/:userId': { statuses: platform },
  'PUT /api/server/businesses/:businessId': {
    statuses: platform,
    body: () => ({ name: 'Some shop', ownerId: 'somebody' }),
    names: () => ({ businessId: 'some-shop' }),
  },
  'DELETE /api/server/businesses/:businessId': {
    statuses: platform,
    names: () => ({ businessId: 'some-shop' }),
  },
  'PUT /api/server/bookings/:bookingId': {
    statuses: platform,
    body: () => ({ clientId: 'somebody', businessId: 'some-shop' }),
    names: () => ({ bookingId: 'some-booking' }),
  },
  'DELETE /api/server/bookings/:bookingId': {
    statuses: platform,
    names: () => ({ bookingId: 'some-booking' }),
  },
  'POST /api/server/conversations': {
    statuses: making(platform),
    body: ({ scene }) => ({ participants: [scene.client, scene.owner].map(({ userId }) => ({ userId })) }),
  },
  'POST /api/server/conversations/:id/messages': { statuses: making(platform), body: text },
  'POST /api/server/conversations/:id/read': {
    statuses: platform,
    body: ({ scene }) => ({ userId: scene.owner.userId }),
  },
  'DELETE /api/server/messages/:messageId': { statuses: platform, names: doomed },
  'POST /api/server/notifications': {
    statuses: making(platform),
    body: () => ({ userId: 'somebody', type: 'news', title: 'News', message: 'New.' }),
  },
  'POST /api/server/users/:userId/events': { statuses: platform, body: news },
  'POST /api/server/rooms/:room/events': { statuses: platform, body: news },
  'POST /api/server/broadcast': { statuses: platform, body: news },
  'GET /api/server/users/:userId/presence': { statuses: platform },
  'GET /api/server/presence': { statuses: platform },
  'GET /messaging/stats': { statuses: { ...platform, admin: 200, service: 403 } },
  'POST /test/test-messaging': { statuses: making(everybody) },
  'GET /test/socket-status': { statuses: everybody },
};

/** A right request of a route. */
export function requestOf(
  { route }: Pick<RouteFact, 'route'>,
  { body, names }: RouteRow,
  ground: Ground,
): { readonly method: string; readonly path: string; readonly body: unknown } {
  const [method = '', template = ''] = route.split(' ');
  const known: Readonly<Record<string, string>> = { ...usualNames(ground), ...names?.(ground) };
  const path = template.replaceAll(/:(\w+)/g, (_, name) => encodeURIComponent(known[name] ?? ''));
  return { method, path, body: body?.(ground) };
}

/** What paths name as a rule. */
function usualNames(ground: Ground): Readonly<Record<string, string>> {
  const { scene, conversationId, messageId, notificationId } = ground;
  const { bookingId, businessId } = scene;
  const ids = { bookingId, businessId, conversationId, id: conversationId, messageId, notificationId };
  return { ...ids, userId: 'somebody', room: 'admins', emoji: 'x' };
}
