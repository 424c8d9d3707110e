import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LOBBY_WINDOW_MS, type Lobby } from '../wire/socket-io/lobby.ts';
import { refusedRow } from './conditions.ts';
import { lobbyKey } from './keys.ts';
import type { Table } from './table-client.ts';

/** Outlives its window, in s: who has entered at its end may leave a little later. */
const KEPT_S = 60;

/** The lobby on DynamoDB: a row for each network and window. */
export function lobby(table: Table): Lobby {
  return {
    enter: (network, now, most, places = 1) => enter(table, network, { now, most, places }),
    leave: (network, enteredAt) => leave(table, network, enteredAt),
  };
}

async function enter(
  table: Table,
  network: string,
  { now, most, places }: { readonly now: number; readonly most: number; readonly places: number },
): Promise<number | 'full'> {
  const window = windowAt(now);
  const update = new UpdateCommand({
    TableName: table.name,
    Key: lobbyKey(network, window),
    UpdateExpression: 'ADD strangers :places SET #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(strangers) OR strangers < :most',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':places': places,
      ':most': most,
      ':ttl': Math.ceil(((window + 1) * LOBBY_WINDOW_MS) / 1000) + KEPT_S,
    },
    ReturnValues: 'UPDATED_NEW',
  });
  let count = 0;
  const sent = table.client.send(update).then(({ Attributes }) => {
    count = Number(Attributes?.strangers);
  });
  return (await refusedRow(sent)) === undefined ? count : 'full';
}

async function leave(table: Table, network: string, enteredAt: number): Promise<void> {
  const update = new UpdateCommand({
    TableName: table.name,
    Key: lobbyKey(network, windowAt(enteredAt)),
    UpdateExpression: 'ADD strangers :less',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':less': -1 },
  });
  await refusedRow(table.client.send(update));
}

function windowAt(ms: number): number {
  return Math.floor(ms / LOBBY_WINDOW_MS);
}
