import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Server } from 'socket.io';

/**
 * The server that Parley replaces, as such servers are written: Socket.IO, rooms in memory, and each message stored
 * with two requests, a counter and a put, before the room hears of it. It checks no membership and no rate, reads no
 * token, and knows no retries: what it does is the least that stores and tells.
 */

type Incoming = { readonly bookingId: string; readonly content: string; readonly senderType: string };

const { DYNAMODB_ENDPOINT: endpoint = '', TABLE_NAME: TableName } = process.env;
const table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint }));
const http = createServer();
const io = new Server(http);

io.on('connection', (socket) => {
  const { userId, name } = socket.handshake.auth as { readonly userId: string; readonly name: string };
  socket.on('joinBooking', async (bookingId: string, acknowledge: () => void) => {
    await socket.join(bookingId);
    acknowledge();
  });
  socket.on('sendMessage', async ({ bookingId, content, senderType }: Incoming) => {
    const seq = await nextSeq(bookingId);
    const createdAt = new Date().toISOString();
    const sender = { _id: userId, name };
    const message = {
      _id: `${bookingId}.${seq}`,
      ...{ booking: bookingId, sender, senderType, content, isRead: false },
      ...{ createdAt, updatedAt: createdAt },
    };
    const Item = { pk: bookingId, sk: `MESSAGE#${String(seq).padStart(12, '0')}`, ...message };
    await table.send(new PutCommand({ TableName, Item }));
    io.to(bookingId).emit('newMessage', message);
  });
});

async function nextSeq(bookingId: string): Promise<number> {
  const { Attributes } = await table.send(
    new UpdateCommand({
      TableName,
      Key: { pk: bookingId, sk: 'COUNTER' },
      UpdateExpression: 'ADD seq :one',
      ExpressionAttributeValues: { ':one': 1 },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  return Number(Attributes?.seq);
}

process.once('SIGTERM', () => process.exit());
http.listen(0, '127.0.0.1', () => {
  console.log(`ready at http://127.0.0.1:${(http.address() as AddressInfo).port}`);
});
