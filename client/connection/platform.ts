import { LONGEST_MS } from './limits.ts';

/** What a connection needs of the world, given in tests and outside browsers. */
export type Platform = {
  /** A browser's, or that of `ws`. @default the global one */
  readonly WebSocket: WebSocketType;
  readonly clock: Clock;
  /** A number in [0, 1). @default Math.random */
  readonly random: () => number;
  /** Tells from now on when the machine goes offline, or comes back. @returns stops that. @default the window's events */
  readonly onNetwork: (listener: (isOnline: boolean) => void) => () => void;
};

/** As much of a WebSocket as is used. Browsers and `ws` have other words for the types of its events. */
export type Socket = {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number): void;
};

export type WebSocketType = new (url: string) => Socket;

/** Times are in ms; a task that was scheduled can be called off. */
export type Clock = {
  now(): number;
  schedule(delayMs: number, task: () => void): () => void;
};

const CLOCK: Clock = {
  now: Date.now,
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

/** As much of a window as is used, where there is one. */
type Surroundings = Partial<Pick<Window, 'addEventListener'>> & {
  readonly WebSocket: WebSocketType;
};

/** The platform, with the surroundings' own where nothing else is given. */
export function platformOf(given: Partial<Platform> = {}): Platform {
  const here = globalThis as unknown as Surroundings;
  const onNetwork: Platform['onNetwork'] = (listener) => {
    const stop = new AbortController();
    for (const event of ['online', 'offline'])
      here.addEventListener?.(event, () => listener(event === 'online'), stop);
    return () => stop.abort();
  };
  return { WebSocket: here.WebSocket, clock: CLOCK, random: Math.random, onNetwork, ...given };
}
