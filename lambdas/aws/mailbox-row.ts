import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { ConnectionId } from '../core/ids.ts';
import type { SessionKey } from '../wire/socket-io/session.ts';
import { refusedRow } from './conditions.ts';
import { sessionKey } from './keys.ts';
import type { Table } from './table-client.ts';

/** What a session's row says of its mailbox. */
export type MailboxRow = {
  readonly pk: string;
  readonly mailbox: readonly string[];
  /** What was pushed while the session is held back. */
  readonly waiting: readonly string[];
  /** What the session was told while it was held back. */
  readonly told: unknown;
  readonly webSocket: ConnectionId;
  readonly probe: ConnectionId;
  readonly probingUntil: number;
};

export type RowUpdate = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

/** An update of a session's row that may be refused, and then says what stands there. */
export function updateCommand(table: Table, key: SessionKey, update: RowUpdate): UpdateCommand {
  return new UpdateCommand({
    TableName: table.name,
    Key: sessionKey(key),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...update,
  });
}

/** Updates a session's row: undefined, or the row that refused it. */
export function updateSession(
  table: Table,
  key: SessionKey,
  update: RowUpdate,
): Promise<Partial<MailboxRow> | undefined> {
  return refusedRow<MailboxRow>(table.client.send(updateCommand(table, key, update)));
}
