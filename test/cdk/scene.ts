import { randomUUID } from 'node:crypto';
import type { PolicedFunctions } from './policed-functions.ts';

/** The functions, and the tokens of those who use them. Filled before the first test runs. */
export type Scene = {
  readonly functions: PolicedFunctions;
  readonly ann: string;
  readonly ben: string;
  readonly service: string;
};

export function said(bookingId: string) {
  return { bookingId, content: 'Hello', clientMessageId: randomUUID() };
}
