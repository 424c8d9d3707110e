import type { Claim, Claims } from '../../lambdas/core/ports.ts';
import type { Immediate } from './in-turn.ts';

type Standing = { readonly nonce: string; readonly since: number; readonly until: number };

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Claims of sends, in memory. */
export function memoryClaims(standing = new Map<string, Standing>()): Immediate<Claims> {
  return {
    claim: (claim, nonce, now) => {
      const found = standing.get(keyOf(claim));
      if (found && found.until >= now && found.nonce !== nonce) return { since: found.since };
      standing.set(keyOf(claim), { nonce, since: now, until: now + KEPT_MS });
      return {};
    },
    takeOver: (claim, nonce, since, now) =>
      void standing.set(keyOf(claim), { nonce, since: Math.min(since, now), until: now + KEPT_MS }),
    release: (claim, nonce) => {
      if (standing.get(keyOf(claim))?.nonce === nonce) standing.delete(keyOf(claim));
    },
  };
}

function keyOf({ userId, conversationId, clientMessageId }: Claim): string {
  return JSON.stringify([userId, conversationId, clientMessageId]);
}
