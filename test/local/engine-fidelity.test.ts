import {
  ConditionalCheckFailedException,
  type ConsumedCapacity,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TABLE } from '../../lambdas/aws/table.ts';
import { dynamoDbAt } from '../../local/dynamodb-client.ts';
import { freshTable } from '../support/table.ts';

/*
 * What the store and the bench rely on, as AWS documents it:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */

let db: DynamoDBDocument;
let TableName: string;

beforeAll(async () => {
  const table = await freshTable();
  TableName = table.tableName;
  db = DynamoDBDocument.from(dynamoDbAt(table.endpoint));
});

afterAll(() => db.destroy());

const INDEXES = { ReturnConsumedCapacity: 'INDEXES' } as const;
const IF_NEW = 'attribute_not_exists(pk)';
const indexed = (pk: string) => ({ pk, sk: 'MEMBER#ann', gpk: `USER#${pk}`, gsk: '1', role: 'client' });

/** Units as `table` or `table+index`. */
function units(consumed: ConsumedCapacity | undefined): string {
  const index = consumed?.GlobalSecondaryIndexes?.[TABLE.activityIndex.name]?.CapacityUnits;
  const table = String(consumed?.Table?.CapacityUnits);
  return index === undefined ? table : `${table}+${index}`;
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a conditional put that fails shows what stands there', async () => {
  const Item = { pk: 'put', sk: 'LOG#1', by: 'ann' };
  const put = (by: string) =>
    db.put({
      TableName,
      Item: { ...Item, by },
      ConditionExpression: IF_NEW,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  await put('ann');
  const failure = await failureOf(put('bob'));
  expect(failure).toBeInstanceOf(ConditionalCheckFailedException);
  expect(failure).toHaveProperty('Item', { pk: { S: 'put' }, sk: { S: 'LOG#1' }, by: { S: 'ann' } });
});

test('a conditional update that fails shows what stands there and changes nothing', async () => {
  await db.put({ TableName, Item: { pk: 'update', sk: '1', version: 1 } });
  const failure = await failureOf(
    db.update({
      TableName,
      Key: { pk: 'update', sk: '1' },
      UpdateExpression: 'SET version = :new',
      ConditionExpression: 'version = :old',
      ExpressionAttributeValues: { ':old': 7, ':new': 8 },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
  expect(failure).toHaveProperty('Item.version', { N: '1' });
});

test('of many conditional puts of one row at once, one succeeds', async () => {
  const puts = Array.from({ length: 40 }, (_, by) =>
    db.put({ TableName, Item: { pk: 'race', sk: '1', by }, ConditionExpression: IF_NEW }),
  );
  const results = await Promise.allSettled(puts);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('a consistent descending query with a limit gives the newest rows and where to go on', async () => {
  for (const sk of ['LOG#1', 'LOG#2', 'LOG#3', 'META']) await db.put({ TableName, Item: { pk: 'log', sk } });
  const page = await db.query({
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': 'log' },
    ScanIndexForward: false,
    ConsistentRead: true,
    Limit: 3,
    ...INDEXES,
  });
  expect(page.Items?.map((item) => item.sk)).toEqual(['META', 'LOG#3', 'LOG#2']);
  expect(page.LastEvaluatedKey).toEqual({ pk: 'log', sk: 'LOG#2' });
  expect(units(page.ConsumedCapacity)).toBe('1');
});

test('a query costs the sum of what it reads in steps of 4 KB, halved when eventually consistent', async () => {
  const text = 'x'.repeat(1_000);
  for (let n = 0; n < 9; n += 1) await db.put({ TableName, Item: { pk: 'sum', sk: String(n), text } });
  const read = async (ConsistentRead: boolean) => {
    const { ConsumedCapacity } = await db.query({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'sum' },
      ProjectionExpression: 'sk',
      ConsistentRead,
      ...INDEXES,
    });
    return units(ConsumedCapacity);
  };
  expect([await read(true), await read(false)]).toEqual(['3', '1.5']);
});

test('a put costs a unit for each KB of the larger of the old and the new row', async () => {
  const put = async (size: number) => {
    const Item = { pk: 'size', sk: '1', text: 'x'.repeat(size) };
    return units((await db.put({ TableName, Item, ...INDEXES })).ConsumedCapacity);
  };
  expect([await put(10), await put(1_500), await put(10)]).toEqual(['1', '2', '2']);
});

test('the index costs a unit when a row enters it, two when its key moves, none when only other attributes change', async () => {
  const Item = indexed('gsi');
  const entered = await db.put({ TableName, Item, ...INDEXES });
  const set = async (expression: string, value: string) => {
    const Key = { pk: Item.pk, sk: Item.sk };
    const values = { ':v': value };
    const result = await db.update({
      TableName,
      Key,
      UpdateExpression: expression,
      ExpressionAttributeValues: values,
      ...INDEXES,
    });
    return units(result.ConsumedCapacity);
  };
  expect(units(entered.ConsumedCapacity)).toBe('1+1');
  expect(await set('SET gsk = :v', '2')).toBe('1+2');
  expect(await set('SET readState = :v', 'x')).toBe('1');
});

test('the index holds the keys and the attributes of its projection alone', async () => {
  await db.put({ TableName, Item: { ...indexed('projected'), readState: { upTo: 3 } } });
  const found = await db.query({
    TableName,
    IndexName: TABLE.activityIndex.name,
    KeyConditionExpression: `${TABLE.activityIndex.partitionKey} = :gpk`,
    ExpressionAttributeValues: { ':gpk': 'USER#projected' },
    ...INDEXES,
  });
  expect(found.Items).toEqual([indexed('projected')]);
  expect(units(found.ConsumedCapacity)).toBe('0+0.5');
});

test('a transaction costs double, its checks too, and is undone by a failing check', async () => {
  await db.put({ TableName, Item: { pk: 'transact', sk: 'META' } });
  const write = (sk: string) =>
    db.transactWrite({
      TransactItems: [
        {
          ConditionCheck: {
            TableName,
            Key: { pk: 'transact', sk: 'META' },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
        { Put: { TableName, Item: { pk: 'transact', sk } } },
        { Put: { TableName, Item: { pk: 'transact', sk: 'ONCE' }, ConditionExpression: IF_NEW } },
      ],
      ...INDEXES,
    });
  const first = await write('A');
  expect(units(first.ConsumedCapacity?.[0])).toBe('6');
  const failure = await failureOf(write('B'));
  expect(failure).toBeInstanceOf(TransactionCanceledException);
  const codes = (failure as TransactionCanceledException).CancellationReasons?.map(({ Code }) => Code);
  expect(codes).toEqual(['None', 'None', 'ConditionalCheckFailed']);
  expect((await db.get({ TableName, Key: { pk: 'transact', sk: 'B' } })).Item).toBeUndefined();
});

test('a set grows and shrinks in place, and is gone with its last member', async () => {
  const Key = { pk: 'set', sk: '1' };
  const change = async (UpdateExpression: string, ...rooms: readonly string[]) => {
    const ExpressionAttributeValues = { ':rooms': new Set(rooms) };
    await db.update({ TableName, Key, UpdateExpression, ExpressionAttributeValues });
    return (await db.get({ TableName, Key, ConsistentRead: true })).Item?.rooms;
  };
  expect(await change('ADD rooms :rooms', 'a', 'b')).toEqual(new Set(['a', 'b']));
  expect(await change('DELETE rooms :rooms', 'a')).toEqual(new Set(['b']));
  expect(await change('DELETE rooms :rooms', 'b')).toBeUndefined();
});

test('a map inside a map is changed by itself, if its parent is there', async () => {
  const Key = { pk: 'map', sk: '1' };
  const mark = (seq: string) =>
    db.update({
      TableName,
      Key,
      UpdateExpression: 'SET readState.also.#seq = if_not_exists(readState.also.#seq, :at)',
      ExpressionAttributeNames: { '#seq': seq },
      ExpressionAttributeValues: { ':at': `at ${seq}` },
      ReturnValues: 'ALL_NEW',
    });
  expect(await failureOf(mark('5'))).toHaveProperty('name', 'ValidationException');
  await db.put({ TableName, Item: { ...Key, readState: { upTo: 3, also: { 5: 'first' } } } });
  await mark('5');
  const marked = await mark('6');
  expect(marked.Attributes?.readState).toEqual({ upTo: 3, also: { 5: 'first', 6: 'at 6' } });
});

test('a batch of reads gives the rows that are there and costs a unit for the others too', async () => {
  for (const sk of ['1', '2']) await db.put({ TableName, Item: { pk: 'batch', sk } });
  const Keys = ['1', '2', 'missing'].map((sk) => ({ pk: 'batch', sk }));
  const result = await db.batchGet({
    RequestItems: { [TableName]: { Keys, ConsistentRead: true } },
    ...INDEXES,
  });
  expect(result.Responses?.[TableName]).toHaveLength(2);
  expect(units(result.ConsumedCapacity?.[0])).toBe('3');
});
