import type { Connection } from '../connection/connection.ts';
import type { Said } from '../dialects/speech.ts';
import { ParleyError, type ParleyErrorCode } from './parley-error.ts';

export type Asking = Pick<Connection, 'ask'>;

/**
 * Asks for something, now or when there is a connection.
 *
 * @param giveUp is handed a function that gives it up as long as it has not been asked.
 * @returns the reply.
 * @throws ParleyError with the server's code, `TIMEOUT` or `DISCONNECTED`.
 */
export function ask(
  connection: Asking,
  { action, payload }: Said,
  giveUp: (how: () => void) => void = () => undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const args = payload === undefined ? [] : [payload];
    const done: Parameters<Asking['ask']>[0]['done'] = (outcome) => {
      if (outcome === 'timeout') reject(new ParleyError('TIMEOUT', `No answer to ${action} came in time.`));
      else if (outcome === 'lost')
        reject(new ParleyError('DISCONNECTED', `The answer to ${action} was lost.`));
      else if (isRefusal(outcome.data)) reject(errorIn(outcome.data));
      else resolve(outcome.data);
    };
    giveUp(connection.ask({ action, args, done }));
  });
}

type Refusal = {
  readonly ok: false;
  readonly error?: { readonly code?: ParleyErrorCode; readonly message?: string };
};

function isRefusal(data: unknown): data is Refusal {
  return (data as { readonly ok?: unknown } | null | undefined)?.ok === false;
}

function errorIn({ error }: Refusal): ParleyError {
  return new ParleyError(error?.code ?? 'INTERNAL', error?.message ?? 'The server has refused it.');
}
