import { expect, test } from 'vitest';
import { awaitMail } from '../../lambdas/wire/socket-io/await-mail.ts';
import type { ServerParts } from '../../lambdas/wire/socket-io/server.ts';
import { newSession } from '../contracts/sessions.contract.ts';
import { memoryMailboxes } from '../fakes/memory-mailboxes.ts';
import { memorySessions, SessionRows } from '../fakes/memory-sessions.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';

/** A poll that waits on a clock of its own; `look` is called before each look into the mailbox but the first. */
async function poll(look: (waited: number, mail: (frame: string) => Promise<unknown>) => unknown) {
  const rows = new SessionRows();
  const clock = new VirtualClock();
  const session = newSession();
  const mailboxes = memoryMailboxes(rows);
  await memorySessions(rows).create(session, clock.now());
  const begun = clock.now();
  const sleep = async (ms: number) => {
    clock.pass(ms);
    await look(clock.now() - begun, (frame) => mailboxes.mail(session.key, [frame]));
  };
  const parts = { mailboxes, clock: { now: () => clock.now(), sleep } } as unknown as ServerParts;
  return { waited: await awaitMail(parts, session), after: clock.now() - begun };
}

test('a poll without mail ends with a NOOP after 20 s, and well before the HTTP API would end it', async () => {
  const { waited, after } = await poll(() => undefined);
  expect(waited).toEqual({ kind: 'frames', frames: ['6'] });
  expect(after).toBeGreaterThanOrEqual(20_000);
  expect(after).toBeLessThan(25_000);
});

test('a poll waits for mail until then', async () => {
  let isSent = false;
  const { waited } = await poll(async (sinceMs, mail) => {
    if (sinceMs < 19_000 || isSent) return;
    isSent = true;
    await mail('4late');
  });
  expect(waited).toEqual({ kind: 'frames', frames: ['4late'] });
});
