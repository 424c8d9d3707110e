import type { Clock } from '../../client/connection/platform.ts';
import type { FakeSocket, SentFrame } from './fake-server.ts';

const CONVERSATION = 'cAAAAAAAAAAAAAAAAAAAAAA';
const ROOM = 'b1';

type Line = { readonly socket: FakeSocket; isOpen: boolean; hasJoined: boolean; traffic: number };

/** As API Gateway has it; whatever is silent for longer than this is so for at most twice as long. */
const LIFETIME_MS = 2 * 60 * 60_000;
const IDLE_MS = 10 * 60_000;

/**
 * A server with one conversation, at the other end of a network on which every frame takes its own time, so that frames
 * overtake each other, come twice, or are lost with their connection.
 */
export class FakeParley {
  /** What was said, in order. */
  readonly log: string[] = [];
  /** What the network does with the next frame, in ms; the dice are a test's. */
  readonly delayMs: () => number;
  /** Whether the next push is sent twice. */
  readonly isDoubled: () => boolean;
  readonly #clock: Clock;
  readonly #lines = new Set<Line>();
  readonly #stored = new Map<string, number>();

  constructor(clock: Clock, dice: { readonly delayMs: () => number; readonly isDoubled: () => boolean }) {
    this.#clock = clock;
    this.delayMs = dice.delayMs;
    this.isDoubled = dice.isDoubled;
  }

  /** Takes a WebSocket. */
  accept(socket: FakeSocket): void {
    const line: Line = { socket, isOpen: true, hasJoined: false, traffic: 0 };
    this.#lines.add(line);
    this.#clock.schedule(LIFETIME_MS, () => this.#end(line));
    this.#awaitSilence(line);
    socket.onsent = (frame) => this.#later(line, () => this.#serve(line, frame));
    this.#later(line, () => socket.onopen?.());
  }

  /** Somebody else says something. */
  say(text: string): number {
    this.log.push(text);
    const seq = this.log.length;
    for (const line of this.#lines) if (line.hasJoined) this.#push(line, seq);
    return seq;
  }

  /** Cuts every connection: what was under way is lost. */
  cut(): void {
    for (const line of [...this.#lines]) this.#end(line);
  }

  get openLines(): number {
    return [...this.#lines].filter(({ socket }) => socket.closedWith === undefined).length;
  }

  #end(line: Line): void {
    if (!this.#lines.delete(line)) return;
    line.isOpen = false;
    line.socket.onclose?.();
  }

  #awaitSilence(line: Line, traffic = -1): void {
    const now = line.traffic;
    if (now === traffic) this.#end(line);
    else this.#clock.schedule(IDLE_MS, () => this.#awaitSilence(line, now));
  }

  #later(line: Line, task: () => void): void {
    this.#clock.schedule(this.delayMs(), () => {
      line.traffic += 1;
      if (line.isOpen && line.socket.closedWith === undefined) task();
    });
  }

  #push(line: Line, seq: number): void {
    const frame = this.#eventAt(seq);
    for (let times = this.isDoubled() ? 2 : 1; times > 0; times -= 1)
      this.#later(line, () => line.socket.say(frame));
  }

  #eventAt(seq: number) {
    return { event: 'newMessage', data: this.log[seq - 1], offset: `${CONVERSATION}.${seq}` };
  }

  #serve(line: Line, { action, data, id }: SentFrame): void {
    const answer = this.#answer(line, action, data as never);
    if (id !== undefined) this.#later(line, () => line.socket.say({ reply: id, ...answer }));
  }

  #answer(line: Line, action: string, data: never): { readonly data: unknown; readonly offset?: string } {
    const at = new Date(this.#clock.now()).toISOString();
    if (action === 'parley:connect')
      return { data: { ok: true, connectionId: 'c', userId: 'ann', dialect: 'booking', at } };
    if (action === 'parley:resume') return { data: { ...this.#resume(line, data), at } };
    if (action === 'sendMessage') return this.#store(data);
    if (action !== 'joinBooking') return { data: { ok: true, at } };
    line.hasJoined = true;
    return { data: { ok: true, bookingId: ROOM }, offset: `${CONVERSATION}.${this.log.length}` };
  }

  #resume(line: Line, { joined }: { readonly joined: Readonly<Record<string, number | undefined>> }) {
    const after = joined[CONVERSATION];
    if (after === undefined) return { ok: true, events: [], positions: {}, complete: true };
    line.hasJoined = true;
    const events = this.log.map((_, index) => this.#eventAt(index + 1)).slice(after);
    return { ok: true, events, positions: { [CONVERSATION]: this.log.length }, complete: true };
  }

  #store({ content, clientMessageId }: { readonly content: string; readonly clientMessageId: string }) {
    const seq = this.#stored.get(clientMessageId) ?? this.say(content);
    this.#stored.set(clientMessageId, seq);
    return { data: { ok: true }, offset: `${CONVERSATION}.${seq}` };
  }
}
