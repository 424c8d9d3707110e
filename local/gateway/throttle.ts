import type { Clock } from './clock.ts';

/** Answers whether one more request may pass now. */
export type Throttle = () => boolean;

/**
 * A token bucket, as API Gateway throttles: `burst` tokens at most, `perSecond` of them back each second.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html
 */
export function tokenBucket(perSecond: number, burst: number, clock: Clock): Throttle {
  if (perSecond === Number.POSITIVE_INFINITY) return () => true;
  const capacity = Number.isFinite(burst) ? burst : perSecond;
  let tokens = capacity;
  let filledAt = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(capacity, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
