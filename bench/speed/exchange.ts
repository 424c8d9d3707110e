import type { Turn, Turns } from './turns.ts';

/** Round-trip times in ms, from the send to the message's arrival, and how long all of it took. */
export type Exchange = {
  readonly elapsedMs: number;
  /** At the sender. */
  readonly own: readonly number[];
  /** At the other side. */
  readonly other: readonly number[];
};

export type Load = {
  readonly messages: number;
  /** Messages under way at once. */
  readonly concurrency: number;
};

/** What somebody says in a chat; a number makes it the only one of its kind. */
const SAYS = 'Hi, I would like to confirm my appointment time.';
const PATIENCE_MS = 120_000;

/**
 * Has people exchange messages: each lane says one, waits until both sides have heard it, and says the next.
 *
 * @throws Error when one is not heard.
 */
export async function exchange(turns: Turns, { messages, concurrency }: Load): Promise<Exchange> {
  const own: number[] = [];
  const other: number[] = [];
  let said = 0;
  const lane = async () => {
    while (said < messages) {
      said += 1;
      const times = await sayOne(await turns.next(), `${SAYS} #${said}`);
      own.push(times.own);
      other.push(times.other);
    }
  };
  const begin = performance.now();
  await patiently(Promise.all(Array.from({ length: concurrency }, lane)));
  return { elapsedMs: performance.now() - begin, own, other };
}

async function sayOne({ pair, side }: Turn, content: string): Promise<{ own: number; other: number }> {
  const listener = side === pair[0] ? pair[1] : pair[0];
  const heard = Promise.all([side.ear.hear(content), listener.ear.hear(content)]);
  const begin = performance.now();
  side.say(content);
  const [own, other] = await heard;
  return { own: own - begin, other: other - begin };
}

async function patiently(done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('A message was never heard.')), PATIENCE_MS);
  });
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}
