import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConnection } from '../../../client/connection/connection.ts';
import { FakeParley } from '../../fakes/fake-parley.ts';
import { FakeSocket } from '../../fakes/fake-server.ts';
import { FakeClock } from '../../gateway/fake-clock.ts';

/* Whatever the network does, an application hears every message once and in order, and what it says is stored once. */

type Step =
  | { readonly kind: 'say' | 'hear' | 'cut' | 'offline' }
  | { readonly kind: 'pass'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('say' as const, 'hear' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'offline' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(0, 30, 300, 3_000) }),
  },
  // Long enough for the connection to be replaced, and for silence that has to be broken.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constant(119 * 60_000) }) },
);

async function turn(): Promise<void> {
  for (let turns = 0; turns < 12; turns += 1) await Promise.resolve();
}

/** Lets time pass, and promises have their turn whenever something has happened. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  const stride = Math.max(10, ms / 400);
  for (let left = ms; left >= 0; left -= stride) {
    clock.advance(Math.min(stride, left));
    await turn();
  }
}

async function live(steps: readonly Step[], dice: () => number) {
  const clock = new FakeClock();
  const server = new FakeParley(clock, { delayMs: () => dice() * 400, isDoubled: () => dice() < 0.2 });
  const heard: unknown[] = [];
  const losses: string[] = [];
  let network: (isOnline: boolean) => void = () => undefined;
  const connection = createConnection({
    url: 'wss://example.com/ws',
    credentials: () => ({ token: 'token' }),
    platform: {
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(url);
          server.accept(this);
        }
      },
      clock,
      random: dice,
      onNetwork: (listener) => {
        network = listener;
        return () => undefined;
      },
    },
    onChange: ({ kind }) => losses.push(kind),
    onEvent: ({ args }) => heard.push(args[0]),
  });
  connection.open();
  await pass(clock, 2_000);
  connection.ask({ action: 'joinBooking', args: ['b1'] });
  await pass(clock, 2_000);
  const [said, acknowledged]: [string[], string[]] = [[], []];
  for (const one of steps) {
    if (one.kind === 'pass') await pass(clock, one.ms);
    if (one.kind === 'cut') server.cut();
    if (one.kind === 'offline') network(false);
    if (one.kind === 'hear') server.say(`theirs ${server.log.length}`);
    if (one.kind === 'say') {
      const content = `ours ${said.length}`;
      said.push(content);
      const done = () => acknowledged.push(content);
      connection.ask({ action: 'sendMessage', args: [{ bookingId: 'b1', content }], done });
    }
    await turn();
  }
  await pass(clock, 120_000);
  return { server, heard, said, acknowledged, losses, connection, clock };
}

describe('on a network that delays, doubles, reorders and loses', () => {
  it('every message is heard once, in order, and every send is stored once, in order', async () => {
    const dice = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), dice, async (steps, numbers) => {
        const { server, heard, said, acknowledged } = await live(steps, () => numbers.next().value);
        expect(heard).toEqual(server.log);
        expect(server.log.filter((text) => text.startsWith('ours'))).toEqual(said);
        expect(acknowledged).toEqual(said);
        expect(server.openLines).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('a connection is replaced before it is cut, and nobody notices', async () => {
    const often = Array.from({ length: 12 }, () => [
      { kind: 'say' as const },
      { kind: 'hear' as const },
      { kind: 'pass' as const, ms: 33 * 60_000 },
    ]).flat();
    let seed = 7;
    const dice = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const { server, heard, losses } = await live(often, dice);
    expect(losses).toEqual(['open']);
    expect(heard).toEqual(server.log);
    expect(heard).toHaveLength(24);
    expect(server.openLines).toBe(1);
  });
});
