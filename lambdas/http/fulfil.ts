import type { VerbName } from '../core/commands.ts';
import type { Outcome } from '../core/outcome.ts';
import type { HttpParts } from './app.ts';

/** Tells the others what came of a command and sees to the upkeep; returns the answer for its sender. */
export async function fulfil<K extends VerbName>(
  { deliver, report }: HttpParts,
  { reply, deliveries, afterwards }: Outcome<K>,
): Promise<Outcome<K>['reply']> {
  await deliver(deliveries);
  // What has been done is done: upkeep that fails is no failure of the request.
  await afterwards?.(deliver).catch(report);
  return reply;
}
