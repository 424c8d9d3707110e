import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { booking } from '../../lambdas/dialects/booking.ts';

/** For the tests of one file the booking dialect stands in for one whose clients may bring their token late. */
export function admitLateTokens(): void {
  beforeAll(() => admit(true));
  afterAll(() => admit(false));
}

/** Not so until the test ends. */
export function refuseLateTokens(): void {
  admit(false);
  onTestFinished(() => admit(true));
}

function admit(admitsLateTokens: boolean): void {
  Object.assign(booking, { admitsLateTokens });
}
