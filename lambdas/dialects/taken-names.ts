import { DIALECTS } from './registry.ts';

/** What clients keep for themselves: https://socket.io/docs/v4/emit-cheatsheet/#reserved-events */
const RESERVED: readonly string[] = [
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
];
/** What begins like this is between a wire and its clients. */
const OF_THE_WIRES = /^parley:/;

/** Every event that some dialect has a meaning for, or some client. */
const TAKEN: ReadonlySet<string> = new Set([
  ...RESERVED,
  'authenticate',
  ...[...DIALECTS.values()].flatMap(({ emits, events }) => [...emits, ...Object.keys(events)]),
]);

/** Whether an event's name has a meaning already, so that none of the platform's own may have it (RULINGS §4). */
export function isTaken(name: string): boolean {
  return TAKEN.has(name) || OF_THE_WIRES.test(name);
}
