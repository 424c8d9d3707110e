import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Breakdown } from '../fakes/faulty-ports.ts';

/**
 * What happens to a request: `lost` is carried out but not answered, `failed` and `throttled` are not carried out. The
 * SDK tries each again by itself, a few times.
 */
export type Mishap = 'lost' | 'failed' | 'throttled';

export type Mishaps = {
  /** How many requests were made since the mishaps were last set, repeats included. */
  count: number;
  /** The mishap of the nth request from now on, from 0; `input` is what its command was given. */
  of: (nth: number, input: object) => Mishap | undefined;
  /** Waited for before the nth request is made. */
  before: (nth: number) => Promise<void>;
};

const ERRORS: Readonly<Record<Mishap, () => Error>> = {
  lost: () => Object.assign(new Breakdown('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }),
  failed: () => failure('InternalServerError', 500),
  throttled: () => failure('ProvisionedThroughputExceededException', 400),
};

/** Lets the requests of a client meet with mishaps, beneath the SDK's own repeats. */
export function sufferMishaps(client: DynamoDBDocumentClient): Mishaps {
  const mishaps: Mishaps = { count: 0, of: () => undefined, before: async () => undefined };
  client.middlewareStack.add(
    (next) => async (args) => {
      const nth = mishaps.count;
      mishaps.count += 1;
      await mishaps.before(nth);
      const mishap = mishaps.of(nth, args.input);
      if (mishap === undefined) return next(args);
      if (mishap === 'lost') await next(args);
      throw ERRORS[mishap]();
    },
    { name: 'mishaps', step: 'finalizeRequest', priority: 'low' },
  );
  return mishaps;
}

function failure(name: string, httpStatusCode: number): Error {
  return Object.assign(new Breakdown(name), { name, $metadata: { httpStatusCode }, $fault: 'server' });
}
