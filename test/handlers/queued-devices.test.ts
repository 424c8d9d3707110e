import { expect, test } from 'vitest';
import type { Device } from '../../lambdas/core/connection.ts';
import { forQueue } from '../../lambdas/handlers/queued-devices.ts';

const device: Device = {
  connectionId: 'connection',
  userId: 'ann',
  dialect: 'booking',
  wire: 'socket.io',
  expiresAt: 9e15,
  connectedAt: 1,
  joined: ['here', 'there'],
  joinedAfter: { here: 1, there: 2 },
  rooms: [],
};

test('a device on its way through the queue knows of no room but those that matter', () => {
  const [here, there] = [
    { from: 3, to: 4 },
    { from: 5, to: 6 },
  ];
  const slim = { ...device, joined: ['here'], joinedAfter: {} };
  expect(forQueue(device, new Set(['here']))).toStrictEqual(slim);
  const told = { ...device, told: { here, there } };
  expect(forQueue(told, new Set(['here']))).toStrictEqual({ ...slim, told: { here } });
  expect(forQueue({ ...device, told: { there } }, new Set(['here']))).toStrictEqual(slim);
});
