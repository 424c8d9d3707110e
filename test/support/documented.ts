import { io } from 'socket.io-client';
import { expect, onTestFinished } from 'vitest';
import type { Reachable } from './booking-scene.ts';
import type { Options, StockClient } from './stock-client.ts';

/** What the contract tests of all documents share: values by their form, and how a refused connection looks. */

/** ISO 8601, milliseconds, `Z`. */
export const A_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const A_MESSAGE_ID = expect.stringMatching(/^c[\w-]{22}\.[1-9]\d*$/);

/** The error of a connection that is refused. */
export async function refusalOf(
  backend: Pick<Reachable, 'url'>,
  options: Options,
): Promise<{ readonly message: string; readonly data: unknown }> {
  const socket = io(backend.url, { forceNew: true, ...options });
  onTestFinished(() => void socket.disconnect());
  return new Promise((resolve, reject) => {
    socket.on('connect_error', (error: Error & { readonly data?: unknown }) => {
      resolve({ message: error.message, data: error.data });
    });
    socket.on('connect', () => reject(new Error('The connection was let in.')));
  });
}

const PRESENCE: ReadonlySet<string> = new Set([
  ...['connection', 'online_users', 'user_online', 'user_offline'],
  ...['user:online', 'user:offline', 'user:status-changed'],
]);

/** What a device has heard that no test awaited, but for who comes and goes: that may be anybody, at any moment. */
export function unawaitedBy({ unawaited }: Pick<StockClient, 'unawaited'>): readonly string[] {
  return unawaited.filter((event) => !PRESENCE.has(event));
}

/** The payloads of a device's events of this name about one user. */
export function heardOf(device: StockClient, event: string, userId: string): readonly unknown[] {
  return device.all(event).filter((payload) => (payload as { readonly userId: string }).userId === userId);
}

/** Looks again and again until it is so. */
export function soon<T>(look: () => T) {
  return expect.poll(look);
}
