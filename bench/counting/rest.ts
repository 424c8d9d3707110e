import { mintToken } from '../../local/mint-token.ts';
import type { Deployment } from './deployment.ts';

/** A request of a route. */
export type Request = {
  readonly path: string;
  readonly token: string;
  /** @default 'GET' */
  readonly method?: string;
  readonly body?: object;
};

/** Calls a route, and gives the `data` of its answer. @throws Error when it was refused. */
export async function callRoute<Data>(
  { gateway }: Deployment,
  { path, token, method = 'GET', body }: Request,
): Promise<Data> {
  const response = await fetch(`${gateway.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { readonly data: Data };
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer.data;
}

/** The token of the platform's own backend. */
export function serviceToken({ jwtSecret }: Deployment): Promise<string> {
  return mintToken({ sub: 'platform', role: 'service' }, { secret: jwtSecret }, 1);
}
