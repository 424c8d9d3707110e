import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { RequestMeter } from '../../bench/counting/request-meter.ts';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { freshTable } from '../support/table.ts';

const meter = new RequestMeter();
let table: Table;

beforeAll(async () => {
  table = connectTable(await freshTable());
  meter.watch(table.client);
});

beforeEach(() => void meter.read());

const put = (sk: string, more: object = {}) =>
  table.client.send(new PutCommand({ TableName: table.name, Item: { pk: 'p', sk, ...more } }));
const get = (sk: string) =>
  table.client.send(new GetCommand({ TableName: table.name, Key: { pk: 'p', sk }, ConsistentRead: true }));

it('requests are counted with what DynamoDB says they consume, the index included', async () => {
  await put('1');
  await put('2', { gpk: 'g', gsk: 's' });
  await get('1');
  expect(meter.read()).toEqual({ requests: 3, roundTrips: 3, writeUnits: 3, readUnits: 1, pushes: 0 });
});

it('what is sent at the same time is one round trip', async () => {
  await Promise.all([put('1'), put('2'), get('3')]);
  expect(meter.read()).toMatchObject({ requests: 3, roundTrips: 1 });
});

it('only what was begun before the first push counts as before it', async () => {
  await get('1');
  await get('2');
  meter.notePush();
  meter.notePush();
  await get('3');
  expect(meter.read()).toMatchObject({ roundTrips: 3, roundTripsBeforePush: 2, pushes: 2 });
});

it('a write that its condition refuses is paid for too', async () => {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: { pk: 'p', sk: 'absent' },
    UpdateExpression: 'SET a = :a',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':a': 1 },
  });
  await expect(table.client.send(update)).rejects.toThrow();
  expect(meter.read()).toMatchObject({ requests: 1, writeUnits: 1 });
});

it('a reading starts anew', async () => {
  await get('1');
  meter.notePush();
  meter.read();
  expect(meter.read()).toEqual({ requests: 0, roundTrips: 0, writeUnits: 0, readUnits: 0, pushes: 0 });
});
