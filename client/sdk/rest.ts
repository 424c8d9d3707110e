import { TIMEOUT_MS } from '../connection/limits.ts';
import type { Clock } from '../connection/platform.ts';
import { ParleyError, type ParleyErrorCode } from './parley-error.ts';

export type RestOptions = {
  /** Where the REST routes are: `https://api.example.com`. */
  readonly apiUrl: string;
  readonly getToken: () => string | Promise<string>;
  readonly clock: Clock;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
};

/**
 * The REST routes. @throws ParleyError with the server's code; `DISCONNECTED` where it was not reached, `TIMEOUT` where
 * neither a token nor an answer came in time.
 */
export type Rest = (method: string, path: string, body?: unknown) => Promise<unknown>;

type Envelope = {
  readonly success?: boolean;
  readonly message?: string;
  readonly data?: unknown;
  readonly error?: ParleyErrorCode;
};

export function restAt({ apiUrl, getToken, clock, fetch = globalThis.fetch }: RestOptions): Rest {
  const base = apiUrl.replace(/\/$/, '');

  async function asked(method: string, path: string, { body, signal }: Asked): Promise<unknown> {
    const authorization = `Bearer ${(await getToken()).replace(/^Bearer /, '')}`;
    const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const text = body === undefined ? null : JSON.stringify(body);
    const sent = { method, headers, body: text, signal };
    const response = await fetch(base + path, sent).catch((cause: unknown) => {
      throw new ParleyError('DISCONNECTED', `${method} ${path} did not reach the server.`, { cause });
    });
    const answer = (await response.json().catch(() => ({}))) as Envelope;
    if (response.ok && answer.success === true) return answer.data;
    throw new ParleyError(answer.error ?? 'INTERNAL', answer.message ?? `HTTP status ${response.status}`);
  }

  return (method, path, body) =>
    inTime(clock, `${method} ${path}`, (signal) => asked(method, path, { body, signal }));
}

type Asked = { readonly body: unknown; readonly signal: AbortSignal };

/** Does something that ends in time, by itself or given up. */
function inTime<Result>(
  clock: Clock,
  name: string,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const end = new AbortController();
  return new Promise((resolve, reject) => {
    const callOff = clock.schedule(TIMEOUT_MS, () => {
      reject(new ParleyError('TIMEOUT', `No answer to ${name} came in time.`));
      end.abort();
    });
    task(end.signal).then(resolve, reject).finally(callOff);
  });
}
