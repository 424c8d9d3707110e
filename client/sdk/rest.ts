import { ParleyError, type ParleyErrorCode } from './parley-error.ts';

export type RestOptions = {
  /** Where the REST routes are: `https://api.example.com`. */
  readonly apiUrl: string;
  readonly getToken: () => string | Promise<string>;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
};

/** The REST routes. @throws ParleyError with the server's code; `DISCONNECTED` where it was not reached. */
export type Rest = (method: string, path: string, body?: unknown) => Promise<unknown>;

type Envelope = {
  readonly success?: boolean;
  readonly message?: string;
  readonly data?: unknown;
  readonly error?: ParleyErrorCode;
};

export function restAt({ apiUrl, getToken, fetch = globalThis.fetch }: RestOptions): Rest {
  const base = apiUrl.replace(/\/$/, '');
  return async (method, path, body) => {
    const authorization = `Bearer ${(await getToken()).replace(/^Bearer /, '')}`;
    const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(base + path, { method, headers, body: text }).catch((cause: unknown) => {
      throw new ParleyError('DISCONNECTED', `${method} ${path} did not reach the server.`, { cause });
    });
    const answer = (await response.json().catch(() => ({}))) as Envelope;
    if (response.ok && answer.success === true) return answer.data;
    throw new ParleyError(answer.error ?? 'INTERNAL', answer.message ?? `HTTP status ${response.status}`);
  };
}
