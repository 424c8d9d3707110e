import { Fault } from '../core/fault.ts';

/** What a client says of itself when it wants to be let in: on every wire it may leave out all of it. */

/**
 * The token that it brings; undefined for none.
 *
 * @throws Fault `token-invalid` for what can be no token.
 */
export function givenToken(token: unknown): string | undefined {
  if (token === undefined || token === null || token === '') return undefined;
  if (typeof token !== 'string') throw new Fault('token-invalid');
  return token;
}

/** The dialect that it asks for; whether there is such a one is another matter. */
export function givenDialect(name: unknown): string | undefined {
  return typeof name === 'string' && name !== '' ? name : undefined;
}
