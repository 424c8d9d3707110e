import type * as z from 'zod/mini';
import { markReadBody } from '../../lambdas/http/booking-routes.ts';
import {
  conversationBody,
  serverMessageBody,
  serverReadBody,
} from '../../lambdas/http/server-conversation-routes.ts';
import { EVENT_BODY } from '../../lambdas/http/server-event-routes.ts';
import { NOTIFICATION_BODY } from '../../lambdas/http/server-notification-routes.ts';
import { bookingBody, businessBody, userBody } from '../../lambdas/http/server-routes.ts';
import { SUPPORT_BODIES } from '../../lambdas/http/support-routes.ts';

/** A route of the HTTP API as a reader needs it. */
export type RouteFact = {
  readonly route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} ${string}`;
  readonly summary: string;
  readonly body?: z.ZodMiniType;
  readonly query?: readonly (keyof typeof QUERIES)[];
  /** @default 200 */
  readonly status?: 200 | 201;
  /** Besides 400, 401 and 500. */
  readonly refusals?: readonly (403 | 404 | 409 | 429)[];
};

export const QUERIES = {
  page: { type: 'integer', minimum: 1, default: 1 },
  limit: { type: 'integer', minimum: 1, maximum: 100 },
  after: { type: 'string', description: 'The id of a message: what was said since, oldest first.' },
  status: { type: 'string', enum: ['active', 'archived', 'closed'] },
  unread: { type: 'string', enum: ['true', 'false'] },
} as const;

const PAGE = ['page', 'limit'] as const;

export const ROUTES: readonly RouteFact[] = [
  {
    route: 'GET /api/messages/booking/:bookingId',
    summary: 'A page of a booking’s messages, newest page first, oldest first within it',
    query: [...PAGE, 'after'],
    refusals: [403, 404],
  },
  {
    route: 'GET /api/messages/my-conversations',
    summary: 'The conversations in which the caller is the client',
    query: PAGE,
  },
  {
    route: 'GET /api/messages/business/:businessId/conversations',
    summary: 'The conversations of a business, for its owner',
    query: PAGE,
    refusals: [403],
  },
  {
    route: 'POST /api/messages/mark-read',
    summary: 'Marks messages as read, all or none',
    body: markReadBody,
    refusals: [403, 409],
  },
  { route: 'GET /api/messages/unread-count', summary: 'How many messages the caller has not read' },
  {
    route: 'GET /api/notifications',
    summary: 'The caller’s inbox, newest first',
    query: [...PAGE, 'unread'],
  },
  { route: 'PUT /api/notifications/read-all', summary: 'Marks the whole inbox as read' },
  {
    route: 'PUT /api/notifications/:notificationId/read',
    summary: 'Marks a notification as read',
    refusals: [404],
  },
  {
    route: 'GET /messaging/conversations',
    summary: 'The caller’s conversations, latest activity first',
    query: [...PAGE, 'status'],
  },
  {
    route: 'GET /messaging/conversations/booking/:bookingId',
    summary: 'The conversation of a booking, made where there is none',
    refusals: [403, 404],
  },
  {
    route: 'PATCH /messaging/conversations/:conversationId',
    summary: 'Changes status or title',
    body: SUPPORT_BODIES.change,
    refusals: [403, 404],
  },
  {
    route: 'PUT /messaging/conversations/:conversationId/read',
    summary: 'Marks a conversation as read',
    refusals: [403, 404],
  },
  {
    route: 'GET /messaging/conversations/:conversationId/messages',
    summary: 'A page of messages, which are marked as read',
    query: PAGE,
    refusals: [403, 404],
  },
  {
    route: 'POST /messaging/conversations/:conversationId/messages',
    summary: 'Sends a message',
    body: SUPPORT_BODIES.message,
    status: 201,
    refusals: [403, 404, 409, 429],
  },
  {
    route: 'PATCH /messaging/messages/:messageId',
    summary: 'Edits a message of the caller’s own',
    body: SUPPORT_BODIES.edit,
    refusals: [403, 404],
  },
  {
    route: 'DELETE /messaging/messages/:messageId',
    summary: 'Takes a message back; admins may take back any',
    refusals: [403, 404],
  },
  {
    route: 'PUT /messaging/messages/:messageId/reactions/:emoji',
    summary: 'Leaves a reaction',
    refusals: [403, 404],
  },
  {
    route: 'DELETE /messaging/messages/:messageId/reactions/:emoji',
    summary: 'Takes a reaction back',
    refusals: [403, 404],
  },
  {
    route: 'GET /messaging/stats',
    summary: 'How much there is, and how many are online, for admins',
    refusals: [403],
  },
  {
    route: 'POST /test/test-messaging',
    summary: 'Makes a conversation with a message, where `TEST_ROUTES=1`',
    status: 201,
    refusals: [404],
  },
  {
    route: 'GET /test/socket-status',
    summary: 'Who is online, where `TEST_ROUTES=1`',
    refusals: [404],
  },
  { route: 'PUT /api/server/users/:userId', summary: 'Makes a user known', body: userBody, refusals: [403] },
  { route: 'DELETE /api/server/users/:userId', summary: 'Forgets a user', refusals: [403] },
  {
    route: 'PUT /api/server/businesses/:businessId',
    summary: 'Makes a business known',
    body: businessBody,
    refusals: [403],
  },
  { route: 'DELETE /api/server/businesses/:businessId', summary: 'Forgets a business', refusals: [403] },
  {
    route: 'PUT /api/server/bookings/:bookingId',
    summary: 'Makes a booking known; a change of time or status is told to both sides',
    body: bookingBody,
    refusals: [403],
  },
  { route: 'DELETE /api/server/bookings/:bookingId', summary: 'Forgets a booking', refusals: [403] },
  {
    route: 'POST /api/server/conversations',
    summary: 'Opens a conversation, or finds it',
    body: conversationBody,
    status: 201,
    refusals: [403, 404],
  },
  {
    route: 'POST /api/server/conversations/:id/messages',
    summary: 'Says something in a member’s name, or as the system',
    body: serverMessageBody,
    status: 201,
    refusals: [403, 404, 409, 429],
  },
  {
    route: 'POST /api/server/conversations/:id/read',
    summary: 'Marks messages as read in a user’s name',
    body: serverReadBody,
    refusals: [403, 404],
  },
  {
    route: 'DELETE /api/server/messages/:messageId',
    summary: 'Takes any message back',
    refusals: [403, 404],
  },
  {
    route: 'POST /api/server/notifications',
    summary: 'Puts a notification into a user’s inbox and tells the user’s devices',
    body: NOTIFICATION_BODY,
    status: 201,
    refusals: [403, 404],
  },
  {
    route: 'POST /api/server/users/:userId/events',
    summary: 'Sends an event of the platform’s own to all devices of a user',
    body: EVENT_BODY,
    refusals: [403],
  },
  {
    route: 'POST /api/server/rooms/:room/events',
    summary: 'Sends one to the devices in a room',
    body: EVENT_BODY,
    refusals: [403, 404],
  },
  {
    route: 'POST /api/server/broadcast',
    summary: 'Sends one to everybody who is connected',
    body: EVENT_BODY,
    refusals: [403],
  },
  {
    route: 'GET /api/server/users/:userId/presence',
    summary: 'Whether a user is online, and else when that was last',
    refusals: [403],
  },
  { route: 'GET /api/server/presence', summary: 'How many users are online', refusals: [403] },
];
