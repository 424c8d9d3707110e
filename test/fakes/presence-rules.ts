import type { PresenceRules } from '../../lambdas/core/ports.ts';

/** Presence as it is where the deployment says nothing of it: those of `direct`, and admins, see everyone. */
export const presenceByDialect: PresenceRules = {
  graceSeconds: 10,
  scopeOf: ({ dialect, role }) =>
    dialect === 'direct' || (dialect === 'support' && role === 'admin') ? 'everyone' : 'contacts',
};
