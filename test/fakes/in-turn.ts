/** Waited for before a call takes effect: a test decides when it goes on, and in which order. */
export type Turn = (call: string) => Promise<void>;

/** A port whose calls take effect, and answer, at once. */
export type Immediate<Port> = {
  readonly [K in keyof Port]: Port[K] extends (...args: infer Args) => Promise<infer Answer>
    ? (...args: Args) => Answer
    : Port[K];
};

/** The port of it: each call waits for its turn, then takes effect in one step. */
export function inTurn<Port extends object>(name: string, port: Immediate<Port>, turn: Turn): Port {
  const calls = Object.entries(port).map(([method, act]) => {
    if (typeof act !== 'function') return [method, act];
    const call = async (...args: readonly unknown[]) => {
      await turn(`${name}.${method}`);
      return act(...args);
    };
    return [method, call];
  });
  return Object.fromEntries(calls) as Port;
}

/** A turn that comes at once, except while somebody else decides. */
export class Turns {
  #decide: Turn | undefined;

  readonly turn: Turn = async (call) => this.#decide?.(call);

  /** Lets `decide` say when each turn comes, for as long as `work` takes. */
  async during<T>(decide: Turn, work: () => Promise<T>): Promise<T> {
    this.#decide = decide;
    try {
      return await work();
    } finally {
      this.#decide = undefined;
    }
  }
}

/** A turn that comes at once, but for the first one of a call, which waits until it is let go. */
export type Held = { readonly turn: Turn; readonly reached: Promise<void>; readonly letGo: () => void };

export function holdFirst(held: string): Held {
  let isHolding = true;
  let reach: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const turn = async (call: string) => {
    if (call !== held || !isHolding) return;
    isHolding = false;
    reach();
    await gate;
  };
  return { turn, reached, letGo };
}
