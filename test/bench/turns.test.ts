import { expect, it } from 'vitest';
import { Ear, type Side } from '../../bench/speed/chat-system.ts';
import { type Turn, Turns } from '../../bench/speed/turns.ts';

/** Time passes only where somebody waits. */
function waitingClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}

const side = (): Side => ({ say: () => undefined, ear: new Ear(), close: async () => undefined });

async function take(turns: Turns, count: number): Promise<readonly Turn[]> {
  const taken: Turn[] = [];
  for (let n = 0; n < count; n += 1) taken.push(await turns.next());
  return taken;
}

it('everybody speaks once before anybody speaks twice', async () => {
  const pairs = [[side(), side()] as const, [side(), side()] as const];
  const taken = await take(new Turns(pairs, waitingClock()), 4);
  expect(new Set(taken.map((turn) => turn.side)).size).toBe(4);
});

it('nobody speaks close on another’s heels in the same conversation', async () => {
  const clock = waitingClock();
  const turns = new Turns([[side(), side()]], clock);
  await turns.next();
  await turns.next();
  expect(clock.now()).toBe(200);
});

it('nobody says more than nine things in ten seconds', async () => {
  const clock = waitingClock();
  const turns = new Turns([[side(), side()]], clock);
  const times = new Map<Side, number[]>();
  for (let n = 0; n < 60; n += 1) {
    const turn = await turns.next();
    times.set(turn.side, [...(times.get(turn.side) ?? []), clock.now()]);
  }
  for (const said of times.values()) {
    const most = said.map((from) => said.filter((at) => at >= from && at < from + 10_000).length);
    expect(Math.max(...most)).toBe(9);
  }
});
