export { ParleyError } from './parley-error.ts';
export { type ParleyServer, parleyServer } from './parley-server.ts';
export type { ServerOptions } from './request.ts';
export type {
  Booking,
  Business,
  Conversation,
  ConversationRequest,
  Message,
  MessageRequest,
  NotificationRequest,
  ReadRequest,
  User,
} from './types.ts';
