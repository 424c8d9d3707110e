import { describe, expect, test } from 'vitest';
import { vectors } from '../dialects/conversation.vectors.ts';
import { enter, expectSilence, newTeam, send } from '../support/conversation-scene.ts';
import { backendForFile } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';

/** Who may do what in the words of conversation.md, and what is no word of it. */

const backend = await backendForFile({ DIALECT: 'conversation' });

const NO_CONVERSATION = { code: 'NOT_FOUND', message: 'Conversation not found' };

describe('Security considerations', () => {
  test('a conversation that is somebody else’s, and one that does not exist, are one and the same', async () => {
    const { conversationId, ann, eve } = await newTeam(backend);
    const a = await enter(backend, ann, conversationId);
    const { id: messageId } = await send(a, conversationId, 'secret');
    const stranger = await openStock(backend, eve);
    const absent = `c${'0'.repeat(22)}`;
    const before = await backend.rows();
    for (const id of [conversationId, absent, 'nonsense', 'x'.repeat(128)]) {
      const asked: readonly (readonly [string, unknown])[] = [
        ['join:conversation', id],
        ['typing:start', { conversationId: id }],
        ['typing:stop', { conversationId: id }],
        ['message:send', { conversationId: id, content: 'x' }],
        ['messages:read', { conversationId: id }],
        ['conversation:get-online-users', id],
      ];
      for (const [event, payload] of asked) {
        const answer = await stranger.request(event, payload);
        expect(answer, `${event} ${id}`).toStrictEqual({ ok: false, error: NO_CONVERSATION });
        expect(await stranger.next('error')).toStrictEqual(NO_CONVERSATION);
      }
      expect(await stranger.request('leave:conversation', id)).toEqual({ ok: true, conversationId: id });
    }
    const noMessage = { code: 'NOT_FOUND', message: 'Message not found' };
    for (const id of [messageId, `${conversationId}.2`, `${absent}.1`, 'nonsense']) {
      const asked: readonly (readonly [string, object])[] = [
        ['message:edit', { messageId: id, content: 'x' }],
        ['message:delete', { messageId: id }],
        ['message:react', { messageId: id, emoji: '👍' }],
        ['messages:read', { conversationId, messageIds: [id] }],
        ['messages:read', { conversationId: absent, messageIds: [id] }],
      ];
      for (const [event, payload] of asked) {
        const answer = await stranger.request(event, payload);
        expect(answer, `${event} ${id}`).toStrictEqual({ ok: false, error: noMessage });
        expect(await stranger.next('error')).toStrictEqual(noMessage);
      }
    }
    await backend.settled(a, stranger);
    expect(a.unawaited.filter((event) => event !== 'message:new')).toEqual([]);
    expectSilence(stranger);
    expect(await backend.rows()).toEqual(before);
  });

  test('only the author edits and deletes', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const { id: messageId } = await send(await enter(backend, ann, conversationId), conversationId, 'mine');
    const b = await openStock(backend, ben);
    const denied = { ok: false, error: { code: 'UNAUTHORIZED', message: 'Access denied' } };
    expect(await b.request('message:edit', { messageId, content: 'yours' })).toEqual(denied);
    expect(await b.request('message:delete', messageId)).toEqual(denied);
  });
});

describe('what has something wrong', () => {
  test('is refused, says what, is stored nowhere and told to nobody, and leaves the connection open', async () => {
    const { conversationId, ann, ben } = await newTeam(backend);
    const [a, b] = [await enter(backend, ann, conversationId), await enter(backend, ben, conversationId)];
    const before = await backend.rows();
    for (const { action, data, what } of [
      ...vectors.bad,
      { action: 'unheard:of', data: 1, what: 'unknown' },
    ]) {
      const error = {
        code: 'INVALID_PAYLOAD',
        message: expect.stringMatching(/^(Invalid payload: |Unknown event$)/),
      };
      expect(await a.request(action, data), what).toStrictEqual({ ok: false, error });
      expect(await a.next('error'), what).toStrictEqual(error);
    }
    await backend.settled(a, b);
    expectSilence(a, b);
    expect(await backend.rows()).toEqual(before);
    const message = await send(a, conversationId, 'still here');
    expect(await b.next('message:new')).toEqual(message);
  }, 120_000);

  test('and what is the server’s to say is not taken from a client', async () => {
    const { conversationId, ann, ben, eve } = await newTeam(backend);
    const [a, b] = [await enter(backend, ann, conversationId), await enter(backend, ben, conversationId)];
    const forged = {
      id: 'x',
      seq: 7,
      senderId: eve.userId,
      sender: { id: eve.userId, name: 'Eve' },
      role: 'admin',
      type: 'system',
      isRead: true,
      readBy: [{ userId: ben.userId, readAt: 1 }],
      reactions: [{ userId: eve.userId, emoji: '👍' }],
      createdAt: '2000-01-01T00:00:00.000Z',
      editedAt: 1,
      deletedAt: 1,
    };
    const honest = await send(a, conversationId, 'hello');
    const message = await send(a, conversationId, 'hello', forged);
    expect(await b.next('message:new')).toEqual(honest);
    expect(await b.next('message:new')).toEqual(message);
    const { id, createdAt, updatedAt } = message;
    expect(message).toStrictEqual({ ...honest, id, createdAt, updatedAt });
    expect(id).not.toBe('x');
    expect(createdAt).not.toBe(forged.createdAt);
  });
});
