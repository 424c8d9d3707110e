import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, expect, inject } from 'vitest';
import type { Table } from '../../lambdas/aws/table-client.ts';
import { tableIn } from '../../lambdas/handlers/runtime.ts';
import type { Chaos } from '../../local/gateway/stage.ts';
import { readSettings } from '../../local/settings.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { LeapingClock } from '../support/leaping-clock.ts';
import type { Backend } from '../support/stack.ts';
import { signToken } from '../support/tokens.ts';

/** How the gateway misbehaves; asked each time. */
export type Mischief = {
  dropDisconnects?: (connectionId: string) => boolean;
  connectDelayMs?: () => number;
  postConnectDelayMs?: () => number;
  postFault?: Chaos['postFault'];
};

/** A backend that a test can shake. */
export type ShakyBackend = Pick<Backend, 'url' | 'webSocketUrl' | 'now' | 'token'> & {
  readonly stack: Stack;
  readonly clock: LeapingClock;
  /** Its table, by the client that its functions use. */
  readonly table: Table;
  readonly mischief: Mischief;
  /** What was logged as a failure since this was last asked. */
  readonly failures: () => readonly unknown[];
};

export type ShakyOptions = {
  readonly environment?: Readonly<Record<string, string>>;
  /** @default none */
  readonly jitterMs?: number;
};

const SECRET = 'a secret of the tests, long enough for HS256';

/** A local stack for the tests of one file, behind a gateway that can be made to misbehave. */
export async function shakyBackend({ environment, jitterMs = 0 }: ShakyOptions = {}): Promise<ShakyBackend> {
  const clock = new LeapingClock();
  const failed: unknown[] = [];
  const failures = () => failed.splice(0);
  const log = { info: () => undefined, error: (...failure: unknown[]) => void failed.push(failure) };
  const DYNAMODB_ENDPOINT = inject('engineEndpoint');
  const settings = readSettings({ JWT_SECRET: SECRET, PORT: '0', DYNAMODB_ENDPOINT, ...environment });
  const tableName = `parley-${randomUUID()}`;
  const mischief: Mischief = {};
  const gateway = { chaos: { jitterMs, ...chaosOf(mischief) } };
  const stack = await startStack(settings, { log, tableName, clock, gateway });
  afterEach(() => expect(failures()).toEqual([]));
  afterAll(() => stack.stop());
  return {
    url: stack.gateway.url,
    webSocketUrl: stack.gateway.webSocketUrl,
    stack,
    clock,
    table: tableIn({ TABLE_NAME: tableName, DYNAMODB_ENDPOINT }),
    mischief,
    failures,
    now: () => clock.now(),
    token: (claims) => signToken(claims, { secret: SECRET, now: clock.now() }),
  };
}

function chaosOf(mischief: Mischief): Partial<Chaos> {
  return {
    connectDelayMs: () => mischief.connectDelayMs?.() ?? 0,
    postConnectDelayMs: () => mischief.postConnectDelayMs?.() ?? 0,
    dropDisconnects: (id) => mischief.dropDisconnects?.(id) ?? false,
    postFault: (id) => mischief.postFault?.(id),
  };
}
