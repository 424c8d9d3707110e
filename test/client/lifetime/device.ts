import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Change, type Connection, createConnection } from '../../../client/connection/connection.ts';
import type { Heard } from '../../../client/connection/frame.ts';
import type { Platform, WebSocketType } from '../../../client/connection/platform.ts';
import type { DialectName } from '../../../client/index.ts';
import { between, seeded } from '../../recovery/seeded.ts';
import type { ShakyBackend } from '../../recovery/shaky-backend.ts';
import type { Person } from '../../support/booking-scene.ts';

export const MINUTE_MS = 60_000;

/** What a client has of the world: real WebSockets, in the time of the backend. */
export type World = {
  readonly platform: Partial<Platform>;
  /** Every WebSocket that it has opened. */
  readonly sockets: readonly SeenSocket[];
};

/** A WebSocket that knows what is asked over it. */
class SeenSocket extends WebSocket {
  readonly #asked = new Set<unknown>();

  /** Whether it is there, or no more, and everything that was asked is answered. */
  get isQuiet(): boolean {
    if (this.readyState === WebSocket.OPEN) return this.#asked.size === 0;
    return this.readyState !== WebSocket.CONNECTING;
  }

  constructor(url: string) {
    super(url);
    this.on('message', (data) => this.#asked.delete(JSON.parse(data.toString()).reply));
  }

  override send(text: string): void {
    const { id } = JSON.parse(text);
    if (id !== undefined) this.#asked.add(id);
    super.send(text);
  }
}

/** @param seed of its dice, which have it replace its connection within seconds of the earliest time. */
export function newWorld({ clock }: Pick<ShakyBackend, 'clock'>, seed = 1): World {
  const sockets: SeenSocket[] = [];
  const dice = seeded(seed);
  class OwnSocket extends SeenSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const random = () => between(dice, [0, 0.02]);
  return { platform: { WebSocket: OwnSocket as unknown as WebSocketType, clock, random }, sockets };
}

/** Whether another connection has taken over, and the one before it is gone. */
export function isReplaced({ sockets }: World): boolean {
  const open = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN);
  return sockets.length > 1 && open.length === 1;
}

/** A device as whoever builds on the connection has it. */
export type Device = World & {
  readonly connection: Connection;
  /** What has happened to its connection. */
  readonly changes: readonly Change[];
  readonly heard: readonly Heard[];
  /** Asks for something, and gives the answer, or word that there is none. */
  readonly request: (action: string, payload?: unknown) => Promise<unknown>;
};

type DeviceOptions = {
  /** Of its dice. */
  readonly seed?: number;
  readonly dialect?: DialectName;
  /** @default the backend's own */
  readonly url?: string;
  /** @default one that outlives every connection */
  readonly token?: () => string;
};

/** Opens a device and waits until it is connected; it is closed when the test ends. */
export async function openDevice(
  backend: ShakyBackend,
  { userId }: Pick<Person, 'userId'>,
  { seed, dialect, url = backend.webSocketUrl, token: given }: DeviceOptions = {},
): Promise<Device> {
  const world = newWorld(backend, seed);
  const [changes, heard]: [Change[], Heard[]] = [[], []];
  const lasting = await lastingToken(backend, userId);
  const token = given ?? (() => lasting);
  const connection = createConnection({
    url,
    credentials: () => ({ token: token(), dialect }),
    platform: world.platform,
    onChange: (change) => changes.push(change),
    onEvent: (event) => heard.push(event),
  });
  onTestFinished(() => connection.close());
  connection.open();
  await expect.poll(() => connection.state).toBe('open');
  const request = (action: string, payload?: unknown) =>
    new Promise((resolve) => {
      const done = (outcome: unknown) => resolve(Object(outcome).data ?? outcome);
      connection.ask({ action, args: [payload], done });
    });
  return { ...world, connection, changes, heard, request };
}

const LASTS_S = 5 * 60 * 60;

/** A token that outlives every connection. */
export function lastingToken(backend: ShakyBackend, sub: string): Promise<string> {
  return backend.token({ sub, exp: Math.floor(backend.now() / 1000) + LASTS_S });
}

/** Lets time pass minute by minute, in each of which the clients in these worlds get all that they have asked for. */
export async function passTime(
  backend: ShakyBackend,
  ms: number,
  ...worlds: readonly Pick<World, 'sockets'>[]
): Promise<void> {
  const isQuiet = () => worlds.every(({ sockets }) => sockets.every((socket) => socket.isQuiet));
  for (let leftMs = ms; leftMs > 0; leftMs -= MINUTE_MS) {
    backend.clock.leap(Math.min(MINUTE_MS, leftMs));
    // What falls due has promises to keep before it says anything.
    await setImmediate();
    await expect.poll(isQuiet, { interval: 1 }).toBe(true);
    await settled(backend);
  }
}

/** Resolves when everything that was said to the backend has had its effects. */
export async function settled({ stack }: Pick<ShakyBackend, 'stack'>): Promise<void> {
  await stack.gateway.settled();
  await stack.functions.tasks.settled();
  // What a task has told others is on its way.
  await stack.gateway.settled();
}
