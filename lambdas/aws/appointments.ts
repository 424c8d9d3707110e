import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Appointment, Appointments } from '../core/appointment.ts';
import { refusedRow } from './conditions.ts';
import { appointmentKey, type Key } from './keys.ts';
import type { Table } from './table-client.ts';

type AppointmentRow = Key & Appointment;

/** How appointments stand, on DynamoDB: a row beside that of the booking, replaced version by version. */
export function appointments(table: Table): Appointments {
  return {
    find: async (bookingId) => {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: appointmentKey(bookingId), ConsistentRead: true }),
      );
      if (!Item) return undefined;
      const { pk: _pk, sk: _sk, ...appointment } = Item as AppointmentRow;
      return appointment;
    },
    save: (appointment, seen) => save(table, appointment, seen),
    settle: async (bookingId, version) => {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: appointmentKey(bookingId),
        UpdateExpression: 'REMOVE unsettled',
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': version },
      });
      await refusedRow(table.client.send(update));
    },
    forget: async (bookingId) => {
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: appointmentKey(bookingId) }));
    },
  };
}

async function save(
  table: Table,
  appointment: Appointment,
  seen: string | undefined,
): Promise<'saved' | 'stale'> {
  const put = new PutCommand({
    TableName: table.name,
    Item: { ...appointment, ...appointmentKey(appointment.bookingId) } satisfies AppointmentRow,
    ConditionExpression: seen === undefined ? 'attribute_not_exists(pk)' : 'version = :seen',
    ...(seen !== undefined && { ExpressionAttributeValues: { ':seen': seen } }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const standing = await refusedRow<AppointmentRow>(table.client.send(put));
  // Its own version refuses it where the answer to an earlier attempt was lost.
  return standing === undefined || standing.version === appointment.version ? 'saved' : 'stale';
}
