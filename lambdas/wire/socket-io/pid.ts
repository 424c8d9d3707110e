import type { ServerParts } from './server.ts';
import type { Session, SessionKey } from './session.ts';

/** The secret by which a client asks to have its socket back. It begins with the key of the socket's first session. */

const SEPARATOR = '~';
const LONGEST = 256;
/** Ids of connections are base64. */
const FORM = /^[\w+/=-]+~[\w-]+$/;

/** A new `pid`, for a socket of this session. */
export function newPid({ nonce }: Pick<ServerParts, 'nonce'>, { key }: Pick<Session, 'key'>): string {
  return `${key}${SEPARATOR}${nonce()}`;
}

/** Whether a client's word may be one. */
export function isPid(word: unknown): word is string {
  return typeof word === 'string' && word.length <= LONGEST && FORM.test(word);
}

/** The session that the socket was in at first. */
export function firstSession(pid: string): SessionKey {
  return pid.slice(0, pid.lastIndexOf(SEPARATOR));
}
