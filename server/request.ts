import { ParleyError } from './parley-error.ts';

export type ServerOptions = {
  /** Where the HTTPS API is: `https://….execute-api.<region>.amazonaws.com`, or your own domain. */
  readonly baseUrl: string;
  /** A token whose `role` is `service`, or what provides one: asked for each attempt. */
  readonly token: string | (() => string | Promise<string>);
  /** Attempts after the first. @default 3 */
  readonly retries?: number;
  /** How long an attempt may take, in ms. @default 10_000 */
  readonly timeoutMs?: number;
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** Waits; a test may not want to. @default setTimeout */
  readonly sleep?: (ms: number) => Promise<void>;
  /** A number in [0, 1). @default Math.random */
  readonly random?: () => number;
};

/** A call of the server API. */
export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Whether doing it twice is the same as once; else it is only repeated where it was certainly not done. */
  readonly isRepeatable: boolean;
};

type Attempt =
  | { readonly kind: 'done'; readonly data: unknown }
  | {
      readonly kind: 'failed';
      readonly error: ParleyError;
      readonly mayRepeat: boolean;
      readonly waitMs?: number;
    };

const RETRIES = 3;
const TIMEOUT_MS = 10_000;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;
const LONGEST_RETRY_AFTER_MS = 30_000;

/** Answered before anything was done: https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html */
const NOT_DONE: ReadonlySet<number> = new Set([429, 503]);
const PERHAPS_DONE: ReadonlySet<number> = new Set([500, 502, 504]);
/** The connection did not come about, so nothing was sent (Node's own codes). */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Makes a call, and repeats it with growing, random pauses as long as that is safe.
 *
 * @returns the `data` of the answer.
 * @throws ParleyError for a refusal, or when no attempt was answered.
 */
export async function request(options: ServerOptions, call: Call): Promise<unknown> {
  const { retries = RETRIES, sleep = pause, random = Math.random } = options;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await tryOnce(options, call);
    if (outcome.kind === 'done') return outcome.data;
    if (!outcome.mayRepeat || attempt >= retries) throw outcome.error;
    const backoff = random() * Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS);
    await sleep(outcome.waitMs ?? backoff);
  }
}

async function tryOnce(options: ServerOptions, call: Call): Promise<Attempt> {
  const { baseUrl, token, fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS } = options;
  const bearer = typeof token === 'function' ? await token() : token;
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/api/server${call.path}`, {
      method: call.method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    return await read(response, call);
  } catch (cause) {
    const error = new ParleyError('UNREACHABLE', `Parley did not answer: ${reasonOf(cause)}`, undefined, {
      cause,
    });
    return { kind: 'failed', error, mayRepeat: call.isRepeatable || wasNotSent(cause) };
  }
}

async function read(response: Response, call: Call): Promise<Attempt> {
  const { status } = response;
  const answer = (await response.json().catch(() => ({}))) as {
    readonly data?: unknown;
    readonly error?: string;
    readonly message?: string;
  };
  if (response.ok) return { kind: 'done', data: answer.data };
  const error = new ParleyError(answer.error ?? 'INTERNAL', answer.message ?? `HTTP ${status}`, status);
  const mayRepeat = NOT_DONE.has(status) || (PERHAPS_DONE.has(status) && call.isRepeatable);
  const waitMs = retryAfter(response);
  return { kind: 'failed', error, mayRepeat, ...(waitMs !== undefined && { waitMs }) };
}

function retryAfter({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** fetch hides the reason in the cause, and that of several addresses in its list of errors. */
function wasNotSent(thrown: unknown): boolean {
  const cause = (
    thrown as { readonly cause?: { readonly code?: string; readonly errors?: readonly unknown[] } }
  ).cause;
  if (!cause) return false;
  const [first] = cause.errors ?? [];
  const code = cause.code ?? (first as { readonly code?: string } | undefined)?.code;
  return code !== undefined && NOT_SENT.has(code);
}

function reasonOf(thrown: unknown): string {
  const { message, cause } = thrown as {
    readonly message?: string;
    readonly cause?: { readonly message?: string };
  };
  return cause?.message || message || 'unknown';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
