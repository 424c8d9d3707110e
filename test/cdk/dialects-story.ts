import { expect, it } from 'vitest';
import { nativeClients, request, runTasks } from './policed-clients.ts';
import type { Scene } from './scene.ts';

const OK = expect.objectContaining({ ok: true });

/** Devices that speak each of the other dialects, all of whose events come by one function. */
export function tellDialectsStory(scene: Scene): void {
  const clients = () => nativeClients(scene.functions);
  const say = (connectionId: string, name: string, data: unknown) =>
    clients().frame('default', connectionId, name, data);

  /** Ann's device and Ben's, which speak so. */
  async function both(dialect: string): Promise<readonly [ann: string, ben: string]> {
    const [ann, ben] = [`ann-${dialect}`, `ben-${dialect}`];
    await clients().connect(ann, scene.ann, dialect);
    await clients().connect(ben, scene.ben, dialect);
    return [ann, ben];
  }

  /** A conversation of the two that belongs to no booking. */
  async function openGroup(): Promise<string> {
    const wanted = { participants: [{ userId: 'ann' }, { userId: 'ben' }], key: 'a group' };
    const path = ['POST', '/api/server/conversations'] as const;
    const { body } = await request(scene.functions, scene.service, path, wanted);
    return JSON.parse(body).data.conversation.id;
  }

  it('two users speak to each other', async () => {
    const [ann, ben] = await both('direct');
    const { message } = await say(ann, 'send_message', { receiverId: 'ben', content: 'Hello' });
    expect(await say(ben, 'typing_start', 'ann')).toEqual(OK);
    expect(await say(ben, 'typing_stop', 'ann')).toEqual(OK);
    expect(await say(ben, 'get_unread_count', null)).toEqual(OK);
    expect(await say(ben, 'get_message_history', { otherUserId: 'ann' })).toEqual(OK);
    expect(await say(ben, 'mark_message_read', message._id)).toEqual(OK);
  });

  it('the platform brings people together, and they change what they have said', async () => {
    const [ann, ben] = await both('conversation');
    const conversationId = await openGroup();
    for (const device of [ann, ben]) {
      expect(await say(device, 'join:conversation', conversationId)).toEqual(OK);
    }
    const { message } = await say(ann, 'message:send', { conversationId, content: 'Hello' });
    const messageId = message.id;
    expect(await say(ben, 'typing:start', conversationId)).toEqual(OK);
    expect(await say(ben, 'message:react', { messageId, emoji: '👍' })).toEqual(OK);
    expect(await say(ann, 'message:edit', { messageId, content: 'Hi' })).toEqual(OK);
    expect(await say(ben, 'messages:read', { conversationId })).toEqual(OK);
    expect(await say(ann, 'message:delete', messageId)).toEqual(OK);
    expect(await say(ben, 'leave:conversation', conversationId)).toEqual(OK);
  });

  it('a customer speaks to the support desk', async () => {
    const [ann, ben] = await both('support');
    const conversationId = await openGroup();
    for (const device of [ann, ben]) {
      expect(await say(device, 'join_conversation', conversationId)).toEqual(OK);
    }
    expect(await say(ann, 'typing_start', conversationId)).toEqual(OK);
    expect(await say(ann, 'send_message', { conversationId, content: 'Hello' })).toEqual(OK);
    await request(scene.functions, scene.ben, ['GET', `/messaging/conversations/${conversationId}/messages`]);
  });

  it('a client speaks to a therapist', async () => {
    const [ann, ben] = await both('appointment');
    const { message } = await say(ann, 'message:send', { recipientId: 'ben', content: 'Hello' });
    expect(await say(ben, 'message:typing', { recipientId: 'ann', isTyping: true })).toEqual(OK);
    expect(await say(ben, 'message:read', message.id)).toEqual(OK);
    await runTasks(scene.functions);
  });
}
