import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { closeConnection } from '../core/close-connection.ts';
import { beginPresence, endPresence } from '../core/come-and-go.ts';
import { endTyping } from '../core/end-typing.ts';
import { handOverBusiness } from '../core/keep-directory.ts';
import type { Task } from '../core/ports.ts';
import { remind } from '../core/remind.ts';
import { tellOnlookers } from '../core/tell-presence.ts';
import { tellRoom } from '../core/tell-room.ts';
import { tellUpdate } from '../core/tell-update.ts';
import type { SocketIoServer } from '../wire/socket-io/server.ts';
import { endSocket } from './end-socket.ts';
import { greetDevice } from './greet-device.ts';
import { createMessaging, createSockets, type Working } from './runtime.ts';

/** The consumer of the task queue. A task that fails goes back to the queue, and in the end to the dead letters. */
function task(working: Working, sockets: SocketIoServer) {
  return async ({ Records }: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const failed = await Promise.all(
      Records.map(async ({ messageId, body }) => {
        try {
          await perform(working, sockets, JSON.parse(body) as Task);
          return [];
        } catch (thrown) {
          working.log.error('task', thrown, { messageId, body });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
}

/** Does one task; the local stack calls it without a queue. */
export async function perform(working: Working, sockets: SocketIoServer, todo: Task): Promise<void> {
  const { ports, outbox } = working;
  switch (todo.kind) {
    case 'deliver':
      return outbox.push(todo.signal, await ports.connections.devicesOf(todo.users, true));
    case 'push':
      return outbox.push(todo.signal, todo.devices);
    case 'end-typing':
      return outbox.deliver(await endTyping(ports, todo.userId, todo.typing));
    case 'tell-update':
      return tellUpdate(ports, todo.conversationId, todo.users, outbox.deliver);
    case 'close-unauthenticated':
      return closeUnauthenticated(working, todo.connectionId);
    case 'greet-socket':
      return sockets.greet(todo.connectionId);
    case 'expire-socket':
      return sockets.expire(todo.connectionId);
    case 'end-socket':
      return endSocket(working, sockets, todo);
    case 'remind':
      return remind(ports, outbox.deliver, todo);
    case 'hand-over-business':
      return handOverBusiness(ports, todo.businessId, todo.after);
    case 'begin-presence':
      await Promise.all([beginPresence(ports, outbox.deliver, todo), greetDevice(working, todo)]);
      return;
    case 'end-presence':
      return endPresence(ports, outbox.deliver, todo);
    case 'tell-onlookers':
      return tellOnlookers(ports, outbox.deliver, todo);
    case 'tell-room':
      return tellRoom(ports, outbox.deliver, todo);
  }
}

async function closeUnauthenticated({ ports, gateway }: Working, connectionId: string): Promise<void> {
  const connection = await ports.connections.find(connectionId);
  if (!connection || connection.caller) return;
  await gateway.close(connectionId);
  await closeConnection(ports, connectionId, 'left');
}

const messaging = createMessaging(process.env);

export const handler = task(messaging, createSockets(messaging, { verbs: {} }, process.env));
