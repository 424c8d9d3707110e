import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newScene, say } from '../support/booking-scene.ts';
import { newTeam, platformSdk } from '../support/conversation-scene.ts';
import { call } from '../support/rest.ts';
import { backendForFile } from '../support/stack.ts';

/* support.md “Get Statistics”. */

const backend = await backendForFile();

type Stats = {
  readonly totalConversations: number;
  readonly totalMessages: number;
  readonly onlineUsers: number;
};

async function stats(): Promise<Stats> {
  const token = await backend.token({ sub: `admin-${randomUUID()}`, name: 'Ada', role: 'admin' });
  const { status, body } = await call(backend, 'GET', '/messaging/stats', { token });
  expect({ status, success: body.success }).toEqual({ status: 200, success: true });
  return body.data as Stats;
}

test('an admin is told of all that there is, at once and minutes later', async () => {
  const before = await stats();
  const after = (conversations: number, messages: number, online: number) => ({
    totalConversations: before.totalConversations + conversations,
    totalMessages: before.totalMessages + messages,
    onlineUsers: before.onlineUsers + online,
  });
  const { bookingId, client, owner } = await newScene(backend);
  const [phone, laptop] = [await client.enter(bookingId), await client.connect()];
  const desk = await owner.enter(bookingId);
  expect(await stats()).toEqual(after(1, 0, 2));
  for (let n = 1; n <= 5; n += 1) await say(n % 2 ? phone : desk, bookingId, `message ${n}`);
  expect(await stats()).toEqual(after(1, 5, 2));
  const { conversationId, ann } = await newTeam(backend);
  await platformSdk(backend).emitNewMessage(conversationId, { senderId: ann.userId, content: 'hello' });
  expect(await stats()).toEqual(after(2, 6, 2));
  for (let minute = 1; minute <= 4; minute += 1) {
    await backend.pass(60_000);
    expect(await stats()).toEqual(after(2, 6, 2));
  }
  await platformSdk(backend).emitNewMessage(conversationId, { content: 'and again' });
  await backend.settled(phone, laptop, desk);
  expect(await stats()).toEqual(after(2, 7, 2));
});

test('nobody else is', async () => {
  const { client } = await newScene(backend);
  expect(await client.get('/messaging/stats')).toMatchObject({
    status: 403,
    body: { error: 'UNAUTHORIZED' },
  });
});
