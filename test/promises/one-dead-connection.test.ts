import { expect, onTestFinished, test } from 'vitest';
import { connectGateway } from '../../lambdas/aws/gateway.ts';
import { startGateway } from '../../local/gateway/gateway.ts';
import type { PostFault } from '../../local/gateway/stage.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { connect } from '../gateway/test-client.ts';
import { Chat } from './chat.ts';
import { BOOKING, BUSINESS, CLIENT, OWNER } from './crowd.ts';

/** A chat over real sockets: the emulator of API Gateway, whose posts can be made to fail. */
async function chatOverSockets() {
  const opened: string[] = [];
  const faults = new Map<string, PostFault>();
  const posted = new Set<string>();
  const stage = await startGateway({
    stage: 'ws',
    routes: {
      $connect: async (event: { readonly requestContext: { readonly connectionId: string } }) => {
        opened.push(event.requestContext.connectionId);
        return { statusCode: 200 };
      },
    },
    chaos: { postFault: (id) => faults.get(id) },
  });
  onTestFinished(() => stage.close());
  const ground = memoryPorts();
  const { clock } = ground.ports;
  const { callbackUrl } = stage;
  const gateway = connectGateway({ callbackUrl, clock, random: () => 0.5 });
  const post = async (id: string, frame: string) => {
    const outcome = await gateway.post(id, frame);
    posted.add(id);
    return outcome;
  };
  const chat = new Chat(ground, { ...gateway, post, framesOf: () => [], cutOff: [] });
  await chat.book(
    { bookingId: BOOKING, clientId: CLIENT, businessId: BUSINESS },
    { businessId: BUSINESS, name: 'Salon', ownerId: OWNER },
  );
  const join = async (userId: string, fault?: PostFault) => {
    const client = await connect(stage.webSocketUrl);
    const connectionId = opened.at(-1) ?? '';
    const caller = await chat.connect(userId, connectionId);
    await chat.join(caller, BOOKING);
    if (fault) faults.set(connectionId, fault);
    return { client, caller, connectionId };
  };
  return { stage, chat, join, ground, posted };
}

test('a message reaches the others at once, whatever is wrong with some connections, which come to their end', async () => {
  const { stage, chat, join, ground, posted } = await chatOverSockets();
  const [hung, throttled, dead] = [
    await join(OWNER, 'hung'),
    await join(OWNER, 'throttled'),
    await join(OWNER),
  ];
  const [failing, sender, sound] = [await join(CLIENT, 'failed'), await join(CLIENT), await join(OWNER)];
  stage.cut(dead.connectionId);
  await dead.client.closed;
  const sending = chat.send(sender.caller, BOOKING, 'hello');
  for (const { client } of [sender, sound]) {
    expect(JSON.parse(await client.frames.next())).toMatchObject({
      event: 'newMessage',
      data: { content: 'hello' },
    });
  }
  expect(posted).not.toContain(hung.connectionId);
  await sending;
  for (const { client } of [hung, throttled, failing]) {
    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.frames.all).toEqual([]);
  }
  expect(await ground.ports.connections.find(dead.connectionId)).toBeUndefined();
  expect(chat.logbook.infos.at(-1)).toEqual({
    event: 'push',
    fields: { signals: ['message-published'], delivered: 2, gone: 1, failed: 3, queued: 0 },
  });
});
