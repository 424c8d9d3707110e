import { describe, expect, test } from 'vitest';
import { newPerson } from '../support/booking-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile, localBackend } from '../support/stack.ts';
import { openStock } from '../support/stock-client.ts';

/* support.md “Test Endpoints”. */

const backend = await backendForFile();

describe('the test endpoints', () => {
  test('make a sample conversation with a message, each time another one', async () => {
    const ann = await newPerson(backend, 'Ann');
    const device = await openStock(backend, ann, { auth: { token: ann.token, dialect: 'direct' } });
    const { status, body } = await ann.post('/test/test-messaging', {});
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        success: true,
        data: {
          conversation: {
            title: 'Test conversation',
            status: 'active',
            participants: expect.arrayContaining([
              expect.objectContaining({
                user: expect.objectContaining({ _id: ann.userId }),
                role: 'customer',
              }),
              expect.objectContaining({ role: 'admin' }),
            ]),
            unreadCount: 1,
          },
          message: { messageType: 'text', sender: { role: 'admin' } },
        },
      },
    });
    const { conversation, message } = body.data as {
      readonly conversation: { readonly _id: string };
      readonly message: { readonly _id: string; readonly content: string };
    };
    expect(await device.next('receive_message')).toMatchObject({
      _id: message._id,
      content: message.content,
    });
    const history = await ann.get(`/messaging/conversations/${conversation._id}/messages`);
    expect(history.body.data).toMatchObject({ messages: [{ _id: message._id, content: message.content }] });
    const again = await ann.post('/test/test-messaging', {});
    expect(again.body.data).not.toMatchObject({ conversation: { _id: conversation._id } });
  });

  test('say who is online', async () => {
    const [ann, ben] = [await newPerson(backend, 'Ann'), await newPerson(backend, 'Ben')];
    await ann.connect();
    const { body } = await ben.get('/test/socket-status');
    expect(body.data).toEqual({
      initialized: true,
      onlineCount: expect.any(Number),
      onlineUsers: expect.arrayContaining([ann.userId]),
    });
    expect((body.data as { readonly onlineUsers: readonly string[] }).onlineUsers).not.toContain(ben.userId);
  });

  test.each([
    ['POST', '/test/test-messaging'],
    ['GET', '/test/socket-status'],
  ])('ask for a token, and are not there unless asked for: %s %s', async (method, path) => {
    expect(await call(backend, method, path)).toMatchObject({ status: 401 });
    const closed = await localBackend({ TEST_ROUTES: '0' });
    const { token } = await newPerson(closed, 'Ann');
    for (const given of [{}, { token }]) {
      const answer = await call(closed, method, path, given);
      expect(answer).toMatchObject({ status: 404, body: { success: false, error: 'NOT_FOUND' } });
    }
  });
});
