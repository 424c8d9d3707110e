import { Fault } from './fault.ts';
import type { ConversationId } from './ids.ts';
import type { Ports } from './ports.ts';

const ATTEMPTS = 100;

/**
 * Makes every send that has read the conversation, but not stored its message yet, read it again: it knocks on the next
 * free place, at `seq` or above, so that such a send loses its race for it (docs/adr/0003). Whoever took part then and
 * does not now hears of nothing that is stored after this was answered.
 *
 * @throws Fault `busy` when messages come faster than one can knock.
 */
export async function interruptSends(ports: Ports, id: ConversationId, seq: number): Promise<void> {
  for (let place = seq; place < seq + ATTEMPTS; place += 1) {
    const mark = { token: ports.nonce(), at: ports.clock.now() };
    if ((await ports.log.knock(id, place, mark)) === 'knocked') return;
  }
  throw new Fault('busy');
}
