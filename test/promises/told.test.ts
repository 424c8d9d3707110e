import { expect, test } from 'vitest';
import { type Fate, faultyPorts } from '../fakes/faulty-ports.ts';
import { memoryGateway } from '../fakes/memory-gateway.ts';
import { memoryPorts } from '../fakes/memory-ports.ts';
import { Chat } from './chat.ts';

const BOOKING = 'b1';

/** Ann and Ben, both with a device in their booking's room, where reading devices fails this often from now on. */
async function together(failures: number) {
  const ground = memoryPorts();
  const gateway = memoryGateway();
  const calm = new Chat(ground, gateway);
  const business = { businessId: 'salon', name: 'Salon', ownerId: 'ben' };
  await calm.book({ bookingId: BOOKING, clientId: 'ann', businessId: 'salon' }, business);
  const [ann, ben] = [await calm.connect('ann', 'ann-phone'), await calm.connect('ben', 'ben-phone')];
  await calm.join(ann, BOOKING);
  await calm.join(ben, BOOKING);
  const fates = Array.from({ length: failures }, (): Fate => 'not done');
  const fateOf = (call: string) => (call === 'connections.devicesOf' && fates.shift()) || 'done';
  return { chat: new Chat({ ...ground, ports: faultyPorts(ground.ports, fateOf) }, gateway), ann };
}

test('a stored message is told although the devices could not be read beside its put', async () => {
  const { chat, ann } = await together(1);
  await chat.send(ann, BOOKING, 'hello');
  expect(chat.heard('ben-phone')).toMatchObject([{ content: 'hello' }]);
});

test('a stored message is acknowledged, and told from the queue, although the devices cannot be read at all', async () => {
  const { chat, ann } = await together(2);
  await chat.send(ann, BOOKING, 'hello');
  expect(chat.heard('ben-phone')).toEqual([]);
  expect(chat.logbook.errors).toHaveLength(1);
  await chat.work();
  expect(chat.heard('ben-phone')).toMatchObject([{ content: 'hello' }]);
});
