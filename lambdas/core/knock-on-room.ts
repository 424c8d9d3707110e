import { type Head, lastSeq } from './conversation.ts';
import type { Ports } from './ports.ts';

const ATTEMPTS = 30;

/**
 * Marks the next free place of a room's log, so that whoever sends from now on sees the devices that are there now
 * (docs/adr/0003).
 *
 * @returns the room as it was then; undefined for one that has gone meanwhile, and `busy` for one too lively for that.
 */
export async function knockOnRoom(ports: Ports, found: Head): Promise<Head | 'busy' | undefined> {
  let head: Head | undefined = found;
  for (let attempt = 1; head && attempt <= ATTEMPTS; attempt += 1) {
    const { id } = head.conversation;
    const mark = { token: ports.nonce(), at: ports.clock.now() };
    if ((await ports.log.knock(id, lastSeq(head) + 1, mark)) === 'knocked') return head;
    head = await ports.log.head(id);
  }
  return head && 'busy';
}
