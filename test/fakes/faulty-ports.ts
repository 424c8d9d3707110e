import type { AppointmentPorts, Ports } from '../../lambdas/core/ports.ts';

/** A failure that a test causes: nothing else may end as an internal error. */
export class Breakdown extends Error {}

/**
 * What becomes of a call. `done unanswered` is a timeout after all was done, `done late` one after which it is still
 * done, whenever its turn comes.
 */
export type Fate = 'done' | 'not done' | 'done unanswered' | 'done late';

const PORTS = [
  'log',
  'conversations',
  'claims',
  'directory',
  'connections',
  'rooms',
  'everyone',
  'lastSeen',
  'inbox',
  'appointments',
  'schedules',
  'tasks',
] as const;

/** The same ports, on which every call meets its fate. @param fateOf is asked at each call, such as `log.append`. */
export function faultyPorts<P extends Ports>(ports: P, fateOf: (call: string) => Fate): P {
  const given: Partial<AppointmentPorts> = ports;
  const faulty = PORTS.flatMap((name) => {
    const port = given[name];
    return port ? [[name, faultyPort(name, port, fateOf)] as const] : [];
  });
  return { ...ports, ...Object.fromEntries(faulty) };
}

function faultyPort(name: (typeof PORTS)[number], port: object, fateOf: (call: string) => Fate): object {
  const calls = Object.entries(port).map(([method, act]) => {
    if (typeof act !== 'function') return [method, act];
    const perform = act as (...args: readonly unknown[]) => Promise<unknown>;
    return [method, meetFate(`${name}.${method}`, perform, fateOf)];
  });
  return Object.fromEntries(calls);
}

function meetFate(
  call: string,
  perform: (...args: readonly unknown[]) => Promise<unknown>,
  fateOf: (call: string) => Fate,
) {
  return async (...args: readonly unknown[]): Promise<unknown> => {
    const fate = fateOf(call);
    if (fate === 'done') return perform(...args);
    if (fate === 'done unanswered') await perform(...args);
    if (fate === 'done late') perform(...args).catch(() => undefined);
    throw new Breakdown(`${call}: ${fate}`);
  };
}
