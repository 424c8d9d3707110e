import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { Message } from '../support/booking-scene.ts';
import type { Beginning, Options } from './device.ts';
import { MOMENTS, type Moment, strike, type Victim } from './misfortune.ts';
import { layLine } from './network.ts';
import { between, seeded } from './seeded.ts';

/** Somebody in a booking's room who goes on talking and hearing, whatever happens to the connection. */
export type Chatter = {
  readonly name: string;
  readonly userId: string;
  readonly random: () => number;
  /** What it was told, in the order in which it was; where it has begun anew, what its history showed goes before. */
  readonly heard: readonly Message[];
  /** What it has said and had acknowledged. */
  readonly said: readonly string[];
  readonly beginnings: readonly Beginning[];
  /** At which moments it has lost its connection. */
  readonly losses: readonly string[];
  /** What has happened to it, when (ms). */
  readonly story: readonly string[];
  readonly isAway: () => boolean;
  /** Says something until it is acknowledged. */
  readonly say: (content: string) => Promise<void>;
  /** Resolves once it has heard that. */
  readonly hears: (content: string) => Promise<void>;
  /** Loses its connection again and again, until `until` (ms). */
  readonly suffer: (until: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

export type Talker = {
  readonly name: string;
  readonly userId: string;
  readonly token: string;
  readonly bookingId: string;
  /** Loads all that was said, as a frontend does that has begun anew. */
  readonly history: () => Promise<readonly Message[]>;
  /** Which of all it is, from 0: each connects in another way, and loses its connection at other moments first. */
  readonly index: number;
  readonly seed: number;
};

type Way = { readonly options: Options; readonly moments: readonly Moment[] };

const BOTH: Way = { options: {}, moments: MOMENTS.both };
const WEB_SOCKET: Way = { options: { transports: ['websocket'] }, moments: MOMENTS.webSocket };
const POLLING: Way = { options: { transports: ['polling'] }, moments: MOMENTS.polling };
const WAYS = [BOTH, WEB_SOCKET, POLLING, BOTH, WEB_SOCKET];
/** The client does not notice the end of a WebSocket that has not been greeted yet: it waits for so long (20 s of its own). */
const GREETED_WITHIN_MS = 12_000;
const RECONNECTS_AFTER_MS = [20, 400] as const;
const ANSWERED_WITHIN_MS = 5_000;

/** Connects somebody, who joins the booking's room. */
export async function connectChatter(gatewayUrl: string, talker: Talker): Promise<Chatter> {
  const { name, userId, bookingId, index } = talker;
  const random = seeded(talker.seed + index);
  const { options, moments } = WAYS[index % WAYS.length] ?? BOTH;
  const first = Math.floor(index / WAYS.length) % moments.length;
  const line = await layLine(gatewayUrl);
  const socket = io(line.url, {
    auth: { token: talker.token },
    forceNew: true,
    timeout: GREETED_WITHIN_MS,
    reconnectionDelay: between(random, RECONNECTS_AFTER_MS),
    reconnectionDelayMax: 1_000,
    ...options,
  });
  const joins = () => insist(socket, 'joinBooking', bookingId);
  const { tell, heardOf, ...record } = recordOf(socket, talker, joins);
  const victim: Victim = {
    line,
    random,
    recovers: joins,
    moments: [...moments.slice(first), ...moments.slice(0, first)],
  };
  await joins();
  return {
    name,
    userId,
    random,
    isAway: () => !socket.connected,
    ...record,
    ...voiceOf(socket, bookingId, record, tell),
    hears: heardOf,
    suffer: (until) =>
      strike(victim, until, (moment) => {
        record.losses.push(moment);
        tell(`lost the connection: ${moment}`);
      }),
    close: async () => {
      socket.disconnect();
      await line.close();
    },
  };
}

type Record = {
  readonly heard: Message[];
  readonly said: string[];
  readonly beginnings: Beginning[];
  readonly losses: string[];
  readonly story: string[];
};

function recordOf(
  socket: Socket,
  { bookingId, history }: Talker,
  joins: () => Promise<void>,
): Record & { readonly tell: (what: string) => void; readonly heardOf: Chatter['hears'] } {
  const record: Record = { heard: [], said: [], beginnings: [], losses: [], story: [] };
  const tell = (what: string) => void record.story.push(`${Date.now()} ${what}`);
  const lookers = new Set<() => void>();
  const look = () => {
    for (const looker of lookers) looker();
  };
  const shown = new Set<string>();
  socket.on('newMessage', (message: Message) => {
    tell(`hears ${message._id} ${message.content}, said at ${Date.parse(message.createdAt)}`);
    // What was said while the history was loaded may come by either way.
    if (!shown.delete(message._id)) record.heard.push(message);
    look();
  });
  const beginAnew = async () => {
    record.heard.splice(0);
    shown.clear();
    const count = record.beginnings.length;
    await joins();
    const said = await history();
    // It has begun anew once more: then it loads the history then.
    if (record.beginnings.slice(count).some(({ recovered }) => !recovered)) return;
    const told = new Set(record.heard.map(({ _id }) => _id));
    const missing = said.filter(({ _id }) => !told.has(_id));
    for (const { _id } of missing) shown.add(_id);
    // As a frontend shows them: each in its place.
    if (missing.length > 0) {
      record.heard.push(...missing);
      record.heard.sort((one, other) => seqOf(one) - seqOf(other));
    }
    tell(`is shown ${missing.length} messages`);
    look();
  };
  socket.on('disconnect', tell);
  socket.on('connect_error', ({ message }) => tell(message));
  socket.on('connect', () => {
    record.beginnings.push({ id: socket.id, recovered: socket.recovered });
    tell(`${socket.recovered ? 'is back' : 'begins'} by ${socket.io.engine.transport.name}`);
    socket.io.engine.once('upgrade', () => tell('upgrades'));
    socket.emit('joinBooking', bookingId);
    if (!socket.recovered && record.beginnings.length > 1) void beginAnew();
  });
  return { ...record, tell, heardOf: (content) => heardIn(record, lookers, content) };
}

/** Its place in the conversation, which its id says. */
function seqOf({ _id }: Message): number {
  return Number(_id.slice(_id.lastIndexOf('.') + 1));
}

/** Resolves once that was heard. */
function heardIn({ heard }: Record, lookers: Set<() => void>, content: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!heard.some((message) => message.content === content)) return;
      lookers.delete(look);
      resolve();
    };
    lookers.add(look);
    look();
  });
}

function voiceOf(
  socket: Socket,
  bookingId: string,
  { said }: Record,
  tell: (what: string) => void,
): Pick<Chatter, 'say'> {
  return {
    say: async (content) => {
      await insist(socket, 'sendMessage', { bookingId, content, clientMessageId: randomUUID() });
      said.push(content);
      tell(`has said ${content}`);
    },
  };
}

/** Emits until it is told that it has been done. */
async function insist(socket: Socket, name: string, payload: unknown): Promise<void> {
  for (;;) {
    const answer: { readonly ok: boolean } = await socket
      .timeout(ANSWERED_WITHIN_MS)
      .emitWithAck(name, payload)
      .catch(() => ({ ok: false }));
    if (answer.ok) return;
  }
}
