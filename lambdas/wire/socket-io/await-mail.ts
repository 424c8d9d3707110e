import { engineFrame } from './packets.ts';
import type { ServerParts } from './server.ts';
import type { Session } from './session.ts';

/** What a waiting poll came to. */
export type Waited =
  | { readonly kind: 'frames'; readonly frames: readonly string[] }
  | { readonly kind: 'busy' | 'gone' };

/** An HTTP API ends a request after 30 s; a poll that found nothing answers with a NOOP before. */
const HOLD_MS = 20_000;
/** A poll outlives its hold by a little; then another may wait, though nobody has said that this one is over. */
const GRACE_MS = 5_000;
/** While a WebSocket takes over, polls end this soon: the reference lets one end every 100 ms. */
const PROBED_HOLD_MS = 100;
/** The mailbox is looked into often at first, when answers are due, and then less and less. */
const FIRST_LOOK_MS = 15;
const LONGEST_LOOK_MS = 400;

const NOOP = engineFrame({ type: 'noop' });
const CLOSE = engineFrame({ type: 'close' });

/** Waits for frames for a session on HTTP long-polling; one poll at a time. */
export async function awaitMail(parts: ServerParts, session: Session): Promise<Waited> {
  const { mailboxes, clock } = parts;
  const now = clock.now();
  const overlap = await mailboxes.enter(session.key, 'GET', now, now + HOLD_MS + GRACE_MS);
  if (overlap !== 'free') return { kind: overlap };
  try {
    return { kind: 'frames', frames: await hold(parts, session, now) };
  } finally {
    await mailboxes.leave(session.key, 'GET');
  }
}

async function hold(
  { mailboxes, clock }: ServerParts,
  session: Session,
  from: number,
): Promise<readonly string[]> {
  for (let look = FIRST_LOOK_MS, slept = 0; ; slept += look, look = Math.min(look * 1.5, LONGEST_LOOK_MS)) {
    const state = await mailboxes.peek(session.key, clock.now());
    const frames = state === 'mail' ? await mailboxes.collect(session.key) : [];
    if (frames.length > 0) return frames;
    if (state === 'gone') return [CLOSE];
    if (state === 'probed' && slept >= PROBED_HOLD_MS) return [NOOP];
    if (clock.now() - from >= HOLD_MS) return [NOOP];
    await clock.sleep(look);
  }
}
