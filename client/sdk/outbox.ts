import type { Clock } from '../connection/platform.ts';
import type { Room } from '../dialects/speech.ts';
import { KeptEntries, type KeptParts } from './kept-entries.ts';
import type { Entry } from './outbox-storage.ts';
import { ParleyError } from './parley-error.ts';
import { isSameRoom } from './room.ts';
import type { ChatMessage, Draft } from './types.ts';

export type OutboxParts = Omit<KeptParts, 'held'> & {
  readonly clock: Clock;
  readonly random: () => number;
  /** Says a message. @param giveUp is handed a way to give it up. @throws ParleyError */
  readonly say: (entry: Entry, giveUp: (how: () => void) => void) => Promise<ChatMessage>;
  /** Told when what waits has changed. */
  readonly changed: () => void;
  /** Told of a message that is stored. */
  readonly stored: (message: ChatMessage) => void;
};

type Waiter = { readonly resolve: (message: ChatMessage) => void; readonly reject: (error: Error) => void };

type Post = {
  entry: Entry;
  isUnderWay: boolean;
  attempts: number;
  readonly waiters: Waiter[];
  giveUp: () => void;
};

const MOST_ENTRIES = 500;
/** Refusals that may not last, and how often that is tried. */
const PATIENCE: Readonly<Partial<Record<string, number>>> = {
  AUTHENTICATION_FAILED: 50,
  RATE_LIMITED: 50,
  INTERNAL: 8,
  CONFLICT: 3,
};
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * What is to be sent: kept until the server has it, or has refused it. Messages of one conversation go one after the other;
 * each has a `clientMessageId`, so that it is stored once however often it is said.
 */
export class Outbox {
  readonly #parts: OutboxParts;
  #posts: Post[] = [];
  #userId: string | undefined;
  #adopted: Promise<void> = Promise.resolve();
  /** Whether there was a connection of this user's, which asks again whatever was not answered. */
  #isOpen: boolean = false;
  readonly #kept: KeptEntries;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    const held = () => ({ userId: this.#userId, entries: this.#posts.map(({ entry }) => entry) });
    this.#kept = new KeptEntries({ ...parts, held });
  }

  /** What waits in a conversation, or was refused there; in the order in which it was sent. */
  entriesIn(room: Room): readonly Entry[] {
    return this.#posts.map(({ entry }) => entry).filter((entry) => isSameRoom(entry.room, room));
  }

  /** Takes a message. @returns it, once it is stored; rejects where it is refused, or there is no room for it. */
  add(room: Room, draft: Draft): Promise<ChatMessage> {
    if (this.#posts.length >= MOST_ENTRIES) {
      const message = `${MOST_ENTRIES} messages wait to be sent already.`;
      return Promise.reject(new ParleyError('OUTBOX_FULL', message));
    }
    const { clock } = this.#parts;
    const createdAt = new Date(clock.now()).toISOString();
    const post = newPost({ clientMessageId: this.#newId(), room, draft, createdAt });
    this.#posts.push(post);
    return this.#await(post);
  }

  /** Sends one again that was refused. */
  retry(clientMessageId: string): Promise<ChatMessage> {
    const post = this.#find(clientMessageId);
    if (!post) return Promise.reject(new ParleyError('NOT_FOUND', 'No such message waits to be sent.'));
    const { refusal: _, ...entry } = post.entry;
    post.entry = entry;
    post.attempts = 0;
    return this.#await(post);
  }

  /** Drops one. What is under way already may be stored all the same. */
  discard(clientMessageId: string): void {
    const post = this.#find(clientMessageId);
    if (!post) return;
    post.giveUp();
    this.#drop(post);
    this.#changed();
    this.#next(post.entry.room);
    for (const { reject } of post.waiters) reject(new ParleyError('DISCONNECTED', 'It was discarded.'));
  }

  /** The server has this message: it need not be said any more. */
  confirm(clientMessageId: string, message: ChatMessage): void {
    const post = this.#find(clientMessageId);
    if (!post) return;
    post.giveUp();
    this.#settle(post, message);
  }

  /** Says what waits, now that there is a connection of this user's. */
  async resume(userId: string): Promise<void> {
    await this.adopt(userId);
    if (this.#userId !== userId) return;
    this.#isOpen = true;
    for (const { entry } of [...this.#posts]) this.#next(entry.room);
  }

  /** It is this user's: with what was kept of theirs, and what was taken before it was known whose it is. */
  adopt(userId: string): Promise<void> {
    if (this.#userId !== userId) this.#adopted = this.#adopt(userId);
    return this.#adopted;
  }

  async #adopt(userId: string): Promise<void> {
    const others = this.#userId === undefined ? [] : this.#posts.splice(0);
    this.#userId = userId;
    this.#isOpen = false;
    for (const { waiters } of others)
      for (const { reject } of waiters) reject(new ParleyError('DISCONNECTED', 'The user has changed.'));
    const kept = await this.#kept.read(userId);
    const known = new Set(this.#posts.map(({ entry }) => entry.clientMessageId));
    const fresh = kept.filter(({ clientMessageId }) => !known.has(clientMessageId));
    this.#posts = [...fresh.slice(-MOST_ENTRIES).map(newPost), ...this.#posts];
    this.#changed();
  }

  #await(post: Post): Promise<ChatMessage> {
    const stored = new Promise<ChatMessage>((resolve, reject) => post.waiters.push({ resolve, reject }));
    // Who does not wait for it sees what became of it.
    stored.catch(() => undefined);
    this.#changed();
    this.#next(post.entry.room);
    return stored;
  }

  /** Says the first that waits in a conversation, unless one is under way. */
  #next(room: Room): void {
    if (!this.#isOpen) return;
    const here = this.#posts.filter(({ entry }) => !entry.refusal && isSameRoom(entry.room, room));
    const [post] = here;
    if (post && !here.some(({ isUnderWay }) => isUnderWay)) void this.#say(post);
  }

  async #say(post: Post): Promise<void> {
    post.isUnderWay = true;
    post.attempts += 1;
    try {
      const message = await this.#parts.say(post.entry, (giveUp) => {
        post.giveUp = giveUp;
      });
      this.#settle(post, message);
    } catch (thrown) {
      if (this.#posts.includes(post)) this.#failed(post, thrown);
    }
  }

  #settle(post: Post, message: ChatMessage): void {
    if (!this.#drop(post)) return;
    this.#parts.stored(message);
    this.#changed();
    this.#next(post.entry.room);
    for (const { resolve } of post.waiters) resolve(message);
  }

  #failed(post: Post, thrown: unknown): void {
    const error = thrown instanceof ParleyError ? thrown : new ParleyError('INTERNAL', String(thrown));
    const { code, message } = error;
    // Said again as soon as there is a connection.
    if (code === 'DISCONNECTED' || code === 'TIMEOUT') {
      post.isUnderWay = false;
      return;
    }
    if (post.attempts <= (PATIENCE[code] ?? 0)) {
      this.#later(post);
      return;
    }
    post.isUnderWay = false;
    post.entry = { ...post.entry, refusal: { code, message } };
    for (const { reject } of post.waiters.splice(0)) reject(error);
    this.#changed();
    this.#next(post.entry.room);
  }

  #later(post: Post): void {
    const { clock, random } = this.#parts;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (post.attempts - 1), LONGEST_PAUSE_MS);
    const callOff = clock.schedule(pauseMs * (0.5 + random()), () => {
      if (this.#posts.includes(post)) void this.#say(post);
    });
    post.giveUp = callOff;
  }

  #find(clientMessageId: string): Post | undefined {
    return this.#posts.find(({ entry }) => entry.clientMessageId === clientMessageId);
  }

  /** @returns false for one that waits no more. */
  #drop(post: Post): boolean {
    if (!this.#posts.includes(post)) return false;
    this.#posts = this.#posts.filter((other) => other !== post);
    this.#kept.settle(post.entry);
    return true;
  }

  #changed(): void {
    this.#parts.changed();
    this.#kept.save();
  }

  #newId(): string {
    const { clock, random } = this.#parts;
    return [clock.now(), random(), random()].map((part) => part.toString(36).slice(-11)).join('-');
  }
}

function newPost(entry: Entry): Post {
  return { entry, isUnderWay: false, attempts: 0, waiters: [], giveUp: () => undefined };
}
