import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from './verdict.ts';

/** What was made of a packet, or of a payload of them. */
export type Compared = { readonly packet: string; readonly ours: Verdict; readonly theirs: Verdict };

type Difference = (compared: Compared) => boolean;

const isAnswered = (verdict: Verdict): verdict is readonly string[] => typeof verdict === 'object';

/** The reference goes on after a CLOSE that comes over a WebSocket. */
const closes: Difference = ({ packet, ours }) => packet.startsWith('1') && ours === 'closed';

/** The reference takes binary data over a WebSocket, and ends a session whose attachments belong to nothing. */
const refusesBinaryData: Difference = ({ packet, ours }) =>
  (packet.startsWith('b') && ours === 'ignored') ||
  (/^4[56]/.test(packet) && isAnswered(ours) && ours.every((frame) => REFUSALS.test(frame)));

const REFUSALS = /^4(2(\/custom,)?\["error",|3(\/custom,)?\d+\[\{"ok":false,).*"INVALID_PAYLOAD"/;

/** The reference ends a session whose payload begins with an attachment; here it may be what a refused event left behind. */
const passesOverStrayAttachments: Difference = ({ packet, theirs }) =>
  theirs === 'closed' &&
  packet
    .split('\x1e')
    .find((part) => /^[4b]/.test(part))
    ?.startsWith('b') === true;

/** The reference answers with an id that is not the one that it was asked with. */
const leavesStrangeIdsUnanswered: Difference = ({ ours, theirs }) => {
  if (!isAnswered(theirs)) return false;
  const rest = theirs.filter((frame) => Number.isSafeInteger(idOf(frame)));
  return rest.length < theirs.length && isDeepStrictEqual(isAnswered(ours) ? ours : [], rest);
};

function idOf(frame: string): number {
  const [, id = '0'] = /^43(?:\/custom,)?([^[]*)/.exec(frame) ?? [];
  return Number(id);
}

/** The differences that docs/socketio.md names, by transport. */
export const DIFFERENCES = {
  webSocket: [closes, refusesBinaryData, leavesStrangeIdsUnanswered],
  polling: [passesOverStrayAttachments, leavesStrangeIdsUnanswered],
} as const satisfies Readonly<Record<string, readonly Difference[]>>;
