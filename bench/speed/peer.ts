import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { createTable, type TablePlace } from '../../local/create-table.ts';
import { runFile } from '../server-process.ts';
import { type ChatSystem, Ear, type Side, several } from './chat-system.ts';

/** A Socket.IO server that stores what it is told in this engine. */
export async function startPeer(place: TablePlace): Promise<ChatSystem> {
  await createTable(place);
  const env = { DYNAMODB_ENDPOINT: place.endpoint, TABLE_NAME: place.tableName };
  const { output, stop } = await runFile('bench/speed/peer-server.ts', { env, ready: /ready at .*\n/ });
  const url = /ready at (\S+)/.exec(output)?.[1] ?? '';
  return {
    name: 'Socket.IO',
    open: (count) => several(count, () => openPair(url)),
    door: async () => ({ url, auth: { userId: randomUUID(), name: 'Cat Carter' } }),
    stop,
  };
}

async function openPair(url: string) {
  const bookingId = randomUUID();
  const client = await join(url, { name: 'Ann Archer', senderType: 'client', bookingId });
  return [client, await join(url, { name: 'Ben Barber', senderType: 'business', bookingId })] as const;
}

type Place = { readonly name: string; readonly senderType: string; readonly bookingId: string };

async function join(url: string, { name, senderType, bookingId }: Place): Promise<Side> {
  const auth = { userId: randomUUID(), name };
  const socket = io(url, { transports: ['websocket'], forceNew: true, auth });
  await socket.emitWithAck('joinBooking', bookingId);
  const ear = new Ear();
  socket.on('newMessage', ({ content }: { readonly content: string }) => ear.note(content));
  return {
    ear,
    say: (content) => socket.emit('sendMessage', { bookingId, content, senderType }),
    close: async () => {
      socket.disconnect();
    },
  };
}
