import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/**
 * Sends frames to a session, one after the other. `broken` when one may not have arrived, or the transport has ended:
 * then nothing more is sent, and the session should end.
 */
export async function sendFrames(
  { gateway }: Pick<ServerParts, 'gateway'>,
  session: Session,
  frames: readonly string[],
): Promise<'sent' | 'broken'> {
  for (const frame of frames) {
    const outcome = session.webSocket === undefined ? 'gone' : await gateway.post(session.webSocket, frame);
    if (outcome !== 'delivered') return 'broken';
  }
  return 'sent';
}
