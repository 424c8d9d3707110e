import { io } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import { type Message, newScene, type Person } from '../support/booking-scene.ts';
import { A_MESSAGE_ID, A_TIME, refusalOf, soon } from '../support/documented.ts';
import { backendForFile } from '../support/stack.ts';

/** booking.md's two examples as they are written, the second without React, with the client that they are written for. */

const backend = await backendForFile();

/** “Complete Client Example”, its functions and its display in plain variables. */
function completeClient({ token, userId: currentUserId }: Person, bookingId: string) {
  const shown = { messages: [] as Message[], alerts: [] as string[], read: [] as string[], isJoined: false };
  const socket = io(backend.url, { auth: { token }, forceNew: true });
  onTestFinished(() => void socket.disconnect());
  socket.on('connect', () => {
    socket.emit('joinBooking', bookingId, () => {
      shown.isJoined = true;
    });
  });
  socket.on('newMessage', (message: Message) => {
    shown.messages.push(message);
    if (message.sender._id !== currentUserId) socket.emit('markAsRead', { messageIds: [message._id] });
  });
  socket.on('messagesMarkedAsRead', (data) => shown.read.push(...data.messageIds));
  socket.on('error', (error) => shown.alerts.push(error.message));
  const sendMessage = (to: string, content: string, senderType: string) =>
    socket.emit('sendMessage', { bookingId: to, content, senderType });
  return { shown, sendMessage };
}

/** `ChatComponent`, likewise. */
function chatComponent({ token }: Person, bookingId: string, userType: string) {
  const state = { messages: [] as Message[], isJoined: false };
  const socket = io(backend.url, { auth: { token }, forceNew: true });
  onTestFinished(() => void socket.close());
  socket.on('connect', () => {
    socket.emit('joinBooking', bookingId, () => {
      state.isJoined = true;
    });
  });
  socket.on('newMessage', (message: Message) => {
    state.messages = [...state.messages, message];
  });
  const sendMessage = (messageInput: string) => {
    if (messageInput.trim()) {
      socket.emit('sendMessage', { bookingId, content: messageInput, senderType: userType });
    }
  };
  return { state, socket, sendMessage };
}

test('the complete client example and the React component talk to each other', async () => {
  const { bookingId, client, owner } = await newScene(backend);
  const customer = completeClient(client, bookingId);
  const salon = chatComponent(owner, bookingId, 'business');
  await soon(() => [customer.shown.isJoined, salon.state.isJoined]).toEqual([true, true]);
  customer.sendMessage(bookingId, 'Hi, I would like to confirm my appointment time.', 'client');
  await soon(() => salon.state.messages).toStrictEqual([
    {
      _id: A_MESSAGE_ID,
      booking: bookingId,
      sender: { _id: client.userId, name: 'Ann', email: client.email },
      senderType: 'client',
      content: 'Hi, I would like to confirm my appointment time.',
      isRead: false,
      createdAt: A_TIME,
      updatedAt: A_TIME,
    },
  ]);
  salon.sendMessage('  ');
  salon.sendMessage('Of course!');
  await soon(() => customer.shown.messages).toHaveLength(2);
  const [question, answer] = customer.shown.messages;
  await soon(() => customer.shown.read).toEqual([answer?._id]);
  expect(salon.state.messages).toStrictEqual([question, answer]);
  expect(await owner.history(bookingId)).toMatchObject([{ isRead: false }, { isRead: true }]);
  customer.sendMessage('no-such-booking', 'Hello?', 'client');
  customer.sendMessage(bookingId, 'I am the salon', 'business');
  await soon(() => customer.shown.alerts.toSorted((a, b) => a.localeCompare(b))).toEqual([
    'Booking not found',
    'Unauthorized',
  ]);
});

test('a connection that is refused says `Authentication error`', async () => {
  for (const auth of [{}, { token: 'expired, or worse' }]) {
    expect(await refusalOf(backend, { auth })).toStrictEqual({
      message: 'Authentication error',
      data: { code: 'AUTHENTICATION_FAILED' },
    });
  }
});
