import { afterAll, beforeAll, describe } from 'vitest';
import { mailboxes } from '../../lambdas/aws/mailboxes.ts';
import { sessionStore } from '../../lambdas/aws/session-store.ts';
import { connectTable, type Table } from '../../lambdas/aws/table-client.ts';
import { mailboxesContract } from '../contracts/mailboxes.contract.ts';
import { sessionsContract } from '../contracts/sessions.contract.ts';
import { memoryMailboxes } from '../fakes/memory-mailboxes.ts';
import { memorySessions, SessionRows } from '../fakes/memory-sessions.ts';
import { freshTable } from '../support/table.ts';

describe('on DynamoDB', () => {
  let table: Table;
  beforeAll(async () => {
    table = connectTable(await freshTable());
  });
  afterAll(() => table.client.destroy());
  const make = async () => ({ store: sessionStore(table), mailboxes: mailboxes(table) });
  sessionsContract(make);
  mailboxesContract(make);
});

describe('in memory', () => {
  const make = async () => {
    const rows = new SessionRows();
    return { store: memorySessions(rows), mailboxes: memoryMailboxes(rows) };
  };
  sessionsContract(make);
  mailboxesContract(make);
});
