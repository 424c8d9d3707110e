import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { connectTable } from '../../lambdas/aws/table-client.ts';
import type { Ports } from '../../lambdas/core/ports.ts';
import { portsOn } from './table-ports.ts';

const sent = mockClient(DynamoDBDocumentClient);
afterEach(() => sent.reset());
afterAll(() => sent.restore());

const table = { ...connectTable({ endpoint: 'http://nowhere.invalid', tableName: 'any' }), name: 'any' };
const { ports } = portsOn(table);
const range = { from: 1, to: 9, except: [] };

type Read = (ports: Ports) => Promise<unknown>;

/** Decisions rest on these: what they miss would be stored twice, told to nobody, or told to the wrong people. */
const CONSISTENT: Readonly<Record<string, Read>> = {
  'the head of a conversation': ({ log }) => log.head('c'),
  'a range of messages': ({ log }) => log.range('c', 1, 9),
  'single messages': ({ log }) => log.entriesAt('c', [1]),
  'the count of messages': ({ log }) => log.countFromOthers('c', 'ann', range),
  'a connection': ({ connections }) => connections.find('x'),
  'a device': ({ connections }) => connections.device('ann', 'x'),
  'the devices, shortly after a join': ({ connections }) => connections.devicesOf(['ann'], true),
  'a profile': ({ directory }) => directory.profile('ann'),
  'a business': ({ directory }) => directory.business('salon'),
  'a booking': ({ directory }) => directory.booking('haircut'),
};

/** These cost half, and what they miss is seen a moment later. */
const EVENTUAL: Readonly<Record<string, Read>> = {
  'the devices, as a rule': ({ connections }) => connections.devicesOf(['ann'], false),
  'the names beside messages': ({ directory }) => directory.profiles(['ann']),
  'a list of conversations': ({ conversations }) =>
    conversations.ofUser('ann', 'client', { number: 1, limit: 1 }),
};

/** Whether each request that a read makes is strongly consistent. */
async function consistencyOf(read: Read): Promise<readonly boolean[]> {
  sent.onAnyCommand().resolves({});
  await read(ports);
  return sent.calls().map(({ args: [{ input }] }) => JSON.stringify(input).includes('"ConsistentRead":true'));
}

describe('a read', () => {
  test.each(Object.entries(CONSISTENT))('of %s is strongly consistent', async (_, read) => {
    expect(await consistencyOf(read)).toEqual([true]);
  });

  test.each(Object.entries(EVENTUAL))('of %s is eventually consistent', async (_, read) => {
    expect(await consistencyOf(read)).toEqual([false]);
  });
});

describe('a batch of reads', () => {
  const keysOf = (userIds: readonly string[]) => userIds.map((id) => ({ pk: `USER#${id}`, sk: 'PROFILE' }));
  const rowsOf = (userIds: readonly string[]) => keysOf(userIds).map((key) => ({ ...key, name: key.pk }));

  test('asks again for what DynamoDB left out', async () => {
    sent
      .on(BatchGetCommand)
      .resolvesOnce({
        Responses: { any: rowsOf(['ann']) },
        UnprocessedKeys: { any: { Keys: keysOf(['ben', 'cat']) } },
      })
      .resolvesOnce({
        Responses: { any: rowsOf(['ben']) },
        UnprocessedKeys: { any: { Keys: keysOf(['cat']) } },
      })
      .resolvesOnce({ Responses: { any: rowsOf(['cat']) } });
    const found = await ports.directory.profiles(['ann', 'ben', 'cat']);
    expect(found.map(({ name }) => name)).toEqual(['USER#ann', 'USER#ben', 'USER#cat']);
    const asked = sent
      .commandCalls(BatchGetCommand)
      .map(({ args: [{ input }] }) => input.RequestItems?.any?.Keys);
    expect(asked).toEqual([keysOf(['ann', 'ben', 'cat']), keysOf(['ben', 'cat']), keysOf(['cat'])]);
  });

  test('fails when DynamoDB keeps leaving something out', async () => {
    sent.on(BatchGetCommand).resolves({ Responses: {}, UnprocessedKeys: { any: { Keys: keysOf(['ann']) } } });
    await expect(ports.directory.profiles(['ann'])).rejects.toThrow('1 keys unread');
    expect(sent.commandCalls(BatchGetCommand).length).toBeGreaterThan(2);
  });
});
