import { catchUp } from '../core/catch-up.ts';
import type { Verb } from '../core/outcome.ts';
import { readBefore } from '../core/read-before.ts';
import { parleyEvent } from '../dialects/parley-events.ts';
import type { Abilities } from './serve-event.ts';

/** What clients ask for that count along, whatever their dialect (docs/protocol/native.md). */
export type CountingVerbs = { readonly [K in 'catch-up' | 'read-before']: Verb<K> };

const VERBS: CountingVerbs = { 'catch-up': catchUp, 'read-before': readBefore };

/** The same abilities, and those that it takes to serve such clients. */
export function countingAlong(abilities: Abilities): Abilities {
  return { ...abilities, verbs: { ...abilities.verbs, ...VERBS }, besides: parleyEvent };
}
