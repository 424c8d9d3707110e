/** What a connection needs of the world, given in tests and outside browsers. */
export type Platform = {
  /** A browser's, or that of `ws`. @default the global one */
  readonly WebSocket: WebSocketType;
  readonly clock: Clock;
  /** A number in [0, 1). @default Math.random */
  readonly random: () => number;
};

/** As much of a WebSocket as is used. */
export type Socket = {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: (() => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(code?: number): void;
};

export type WebSocketType = new (url: string) => Socket;

/** Times are in ms; a task that was scheduled can be called off. */
export type Clock = {
  now(): number;
  schedule(delayMs: number, task: () => void): () => void;
};

/** Longer timers fire at once: https://developer.mozilla.org/en-US/docs/Web/API/Window/setTimeout */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const CLOCK: Clock = {
  now: Date.now,
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** The platform with the environment's own where nothing else is given. */
export function platformOf(given: Partial<Platform> = {}): Platform {
  const { WebSocket } = globalThis as unknown as { readonly WebSocket: WebSocketType };
  return { WebSocket, clock: CLOCK, random: Math.random, ...given };
}
