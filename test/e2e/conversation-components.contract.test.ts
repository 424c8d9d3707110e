import type { Socket } from 'socket.io-client';
import { describe, expect, test } from 'vitest';
import { newPerson } from '../support/booking-scene.ts';
import { enter, newTeam, platformSdk, send } from '../support/conversation-scene.ts';
import { A_TIME, soon } from '../support/documented.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';

/** conversation.md, further on: its React components, without React, and what the platform's backend does. */

const backend = await backendForFile({ DIALECT: 'conversation' });
const parley = platformSdk(backend);

describe('the React example', () => {
  type Shown = { readonly id: string; readonly isRead?: boolean; readonly [field: string]: unknown };

  /** `MessageScreen` as the document writes it, its state in plain variables. */
  function messageScreen(socket: Socket, conversationId: string) {
    const state = { messages: [] as Shown[], onlineUsers: [] as string[], typingUsers: new Set<string>() };
    socket.emit('join:conversation', conversationId);
    socket.emit('conversation:get-online-users', conversationId, (users: string[]) => {
      state.onlineUsers = users;
    });
    socket.on('message:new', (message: Shown) => {
      state.messages = [...state.messages, message];
    });
    socket.on('typing:start', ({ userId }: { userId: string }) => {
      state.typingUsers = new Set(state.typingUsers).add(userId);
    });
    socket.on('typing:stop', ({ userId }: { userId: string }) => {
      const newSet = new Set(state.typingUsers);
      newSet.delete(userId);
      state.typingUsers = newSet;
    });
    socket.on('messages:read', ({ messageIds }: { messageIds: string[] }) => {
      state.messages = state.messages.map((msg) =>
        messageIds.includes(msg.id) ? { ...msg, isRead: true } : msg,
      );
    });
    socket.on('message:deleted', ({ messageId }: { messageId: string }) => {
      state.messages = state.messages.filter((msg) => msg.id !== messageId);
    });
    const unmount = () => {
      socket.emit('leave:conversation', conversationId);
      for (const event of [
        'message:new',
        'typing:start',
        'typing:stop',
        'messages:read',
        'message:deleted',
      ]) {
        socket.off(event);
      }
    };
    const handleTyping = (isTyping: boolean) =>
      socket.emit(isTyping ? 'typing:start' : 'typing:stop', { conversationId });
    return { state, unmount, handleTyping };
  }

  /** `NotificationCenter`, likewise. */
  function notificationCenter(socket: Socket) {
    const state = { notifications: [] as Shown[], unreadCount: 0 };
    socket.on('notification:new', (notification: Shown) => {
      state.notifications = [notification, ...state.notifications];
      state.unreadCount += 1;
    });
    socket.on('notification:read', (notificationId: string) => {
      state.notifications = state.notifications.map((n) =>
        n.id === notificationId ? { ...n, isRead: true } : n,
      );
      state.unreadCount = Math.max(0, state.unreadCount - 1);
    });
    socket.on('notifications:read-all', () => {
      state.notifications = state.notifications.map((n) => ({ ...n, isRead: true }));
      state.unreadCount = 0;
    });
    return { state, markAsRead: (id: string) => socket.emit('notification:read', id) };
  }

  test('MessageScreen shows what happens, from mounting to unmounting', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ben)];
    const [anns, bens] = [messageScreen(a.socket, conversationId), messageScreen(b.socket, conversationId)];
    await soon(() => new Set(anns.state.onlineUsers)).toEqual(new Set([ann.userId, ben.userId]));
    await backend.settled(a, b);
    bens.handleTyping(true);
    await soon(() => [...anns.state.typingUsers]).toEqual([ben.userId]);
    bens.handleTyping(false);
    await soon(() => [...anns.state.typingUsers]).toEqual([]);
    const { id } = await send(b, conversationId, 'hello');
    await soon(() => anns.state.messages).toMatchObject([{ id, content: 'hello', isRead: false }]);
    a.emit('messages:read', { conversationId, messageIds: [id] });
    await soon(() => bens.state.messages).toMatchObject([{ id, isRead: true }]);
    b.emit('message:delete', id);
    await soon(() => anns.state.messages).toEqual([]);
    anns.unmount();
    await backend.settled(a);
    await send(b, conversationId, 'nobody there?');
    await backend.settled(a);
    expect(a.all('message:new')).toHaveLength(1);
  });

  test('NotificationCenter keeps two devices in step', async () => {
    const ann = await newPerson(backend, 'Ann');
    const [a, b] = [await openStock(backend, ann), await openStock(backend, ann)];
    const [phone, laptop] = [notificationCenter(a.socket), notificationCenter(b.socket)];
    const news = (title: string) =>
      parley.emitNotificationToUser(ann.userId, { type: 'news', title, message: title });
    const first = await news('one');
    await news('two');
    for (const { state } of [phone, laptop]) {
      await soon(() => state).toMatchObject({
        notifications: [{ title: 'two' }, { id: first }],
        unreadCount: 2,
      });
    }
    phone.markAsRead(first);
    await soon(() => laptop.state).toMatchObject({
      notifications: [{}, { id: first, isRead: true }],
      unreadCount: 1,
    });
    a.emit('notifications:read-all');
    await soon(() => laptop.state.unreadCount).toBe(0);
    expect(laptop.state.notifications).toMatchObject([{ isRead: true }, { isRead: true }]);
  });
});

describe('Backend utilities', () => {
  test('emitNewMessage, emitMessageRead and emitMessageDeleted reach who has joined', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const a = await enter(backend, ann, conversationId);
    const message = await parley.emitNewMessage(conversationId, {
      senderId: ben.userId,
      content: 'from Ben',
    });
    expect(await a.next('message:new')).toStrictEqual(message);
    const system = await parley.emitNewMessage(conversationId, { content: 'The shop is closed today.' });
    expect(await a.next('message:new')).toStrictEqual(system);
    expect(system).toMatchObject({
      senderId: null,
      sender: { id: null, name: 'System' },
      messageType: 'system',
    });
    const messageIds = [message.id];
    await parley.emitMessageRead(conversationId, { userId: ann.userId, messageIds });
    expect(await a.next('messages:read')).toStrictEqual({
      ...{ conversationId, messageIds },
      ...{ userId: ann.userId, readAt: A_TIME },
    });
    await parley.emitMessageDeleted(conversationId, message.id);
    expect(await a.next('message:deleted')).toStrictEqual({ conversationId, messageId: message.id });
  });
});

describe('Migration from polling', () => {
  test('GET /api/messages/unread-count says how much the sockets would have told', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const a = await openStock(backend, ann);
    await send(a, conversationId, 'one');
    await send(a, conversationId, 'two');
    const count = async () => (await ben.get('/api/messages/unread-count')).body.data;
    expect(await count()).toEqual({ unreadCount: 2 });
    await (await openStock(backend, ben)).request('messages:read', { conversationId });
    expect(await count()).toEqual({ unreadCount: 0 });
  });
});
