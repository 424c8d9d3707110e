import type { Profile } from './directory.ts';
import { Fault } from './fault.ts';
import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';

/** What a verified token says (RULINGS §1 “Tokens”). */
export type Claims = {
  readonly userId: UserId;
  /** In ms; far in the future for a token without an expiry. */
  readonly expiresAt: number;
  readonly name?: string;
  readonly username?: string;
  readonly email?: string;
  readonly role?: string;
  readonly therapistId?: string;
  readonly dialect?: string;
};

/** Verifies tokens against the deployment's secret or key set. */
export interface Tokens {
  /** @throws Fault `token-invalid`, `token-expired`. */
  verify(token: string): Promise<Claims>;
}

/**
 * The user a token speaks for. A token that carries a name introduces its user: the profile is stored, unless the
 * platform has told us of the user itself.
 *
 * @throws Fault `user-unknown` when neither the directory nor the token knows a name.
 */
export async function identifyUser(ports: Pick<Ports, 'directory'>, claims: Claims): Promise<Profile> {
  const known = await ports.directory.profile(claims.userId);
  if (known?.source === 'platform') return known;
  const said = profileOf(claims);
  if (!said) {
    if (known) return known;
    throw new Fault('user-unknown');
  }
  if (!known || !isSame(known, said)) await ports.directory.saveProfile(said);
  return said;
}

function profileOf({ userId, name, username, email, role }: Claims): Profile | undefined {
  if (name === undefined) return undefined;
  return {
    userId,
    name,
    source: 'token',
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email }),
    ...(role !== undefined && { role }),
  };
}

function isSame(a: Profile, b: Profile): boolean {
  return a.name === b.name && a.username === b.username && a.email === b.email && a.role === b.role;
}
