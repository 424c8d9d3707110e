import { appointmentsContract } from './appointments.contract.ts';
import { claimsContract } from './claims.contract.ts';
import { connectionsContract } from './connections.contract.ts';
import { conversationLogContract } from './conversation-log.contract.ts';
import { conversationsContract } from './conversations.contract.ts';
import { directoryContract } from './directory.contract.ts';
import type { MakeFixture } from './fixture.ts';
import { inboxContract } from './inbox.contract.ts';
import { lastSeenContract } from './last-seen.contract.ts';
import { roomsContract } from './rooms.contract.ts';
import { statisticsContract } from './statistics.contract.ts';

/** What every implementation of the core's ports does. */
export function everyPortContract(make: MakeFixture): void {
  conversationLogContract(make);
  conversationsContract(make);
  claimsContract(make);
  directoryContract(make);
  connectionsContract(make);
  inboxContract(make);
  appointmentsContract(make);
  roomsContract(make);
  lastSeenContract(make);
  statisticsContract(make);
}
