import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Head } from '../core/conversation.ts';
import type { ConversationId } from '../core/ids.ts';
import { conversationPartition, LOG, MEMBER, META } from './keys.ts';
import {
  conversationOf,
  type EntryRow,
  entryOf,
  isEntryRow,
  type KnockRow,
  knockOf,
  type MemberRow,
  type MetaRow,
  memberOf,
} from './rows.ts';
import type { Table } from './table-client.ts';

type Row = { readonly sk: string };

/** Entries a head holds at least, unless the log is shorter. */
const ENTRIES = 10;
/** META, two members, a knock and ten entries: about 4 KB of short messages, one read unit. */
const FIRST_PAGE = 14;
const NEXT_PAGE = 100;

/** Reads a conversation from its newest end: META, members, then entries newest first; one Query for most. */
export async function readHead(table: Table, id: ConversationId): Promise<Head | undefined> {
  const rows: Row[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: from ? NEXT_PAGE : FIRST_PAGE,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': conversationPartition(id) },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    rows.push(...((page.Items ?? []) as Row[]));
    from = page.LastEvaluatedKey;
  } while (from && rows.filter(isEntry).length < ENTRIES);
  return headOf(rows);
}

function headOf(rows: readonly Row[]): Head | undefined {
  const meta = rows.find((row): row is MetaRow => row.sk === META);
  if (!meta || meta.withdrawn) return undefined;
  const members = rows.filter((row): row is MemberRow => row.sk.startsWith(MEMBER));
  const [newest] = rows.filter((row) => row.sk.startsWith(LOG)) as (EntryRow | KnockRow)[];
  return {
    conversation: conversationOf(meta),
    members: members.filter((member) => !member.left).map(memberOf),
    entries: rows.filter(isEntry).map(entryOf),
    ...(newest && !isEntryRow(newest) && { knock: knockOf(newest) }),
  };
}

function isEntry(row: Row): row is EntryRow {
  return row.sk.startsWith(LOG) && isEntryRow(row);
}
