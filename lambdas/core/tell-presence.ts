import type { Device } from './connection.ts';
import { contactsOf } from './contacts.ts';
import type { UserId } from './ids.ts';
import type { Ports, Task } from './ports.ts';
import { presentDevices } from './presence.ts';
import { ONLOOKERS, shardsOf } from './rooms.ts';
import type { Delivery, SignalOf } from './signals.ts';

/** Brings signals to devices; they have been posted once it resolves. */
export type Tell = (deliveries: readonly Delivery[]) => Promise<void>;

type Presence = SignalOf<'presence-changed'>;
type Word = (audience: Presence['audience']) => Presence;
type TellOnlookers = Extract<Task, { readonly kind: 'tell-onlookers' }>;

/** Devices told at once: as many as are served without the queue, where a word would lie and be overtaken. */
const RUN = 250;
/** Users whose devices are read at once. */
const USERS_AT_ONCE = 100;
const MOST_ROUNDS = 10;

/**
 * Tells a user's contacts, and those who see everyone, whether the user is online: the first run of each part of these,
 * the rest in tasks of their own.
 */
export async function tellPresence(ports: Ports, tell: Tell, userId: UserId): Promise<void> {
  const contacts = [...(await contactsOf(ports, userId))];
  const shards = Array.from({ length: shardsOf(ONLOOKERS) }, (_, shard) => shard);
  await untilTrue(ports, userId, async (word) => {
    await tellContacts(ports, tell, contacts, word('contacts'));
    await Promise.all(shards.map((shard) => tellRun(ports, tell, { userId, shard }, word('onlookers'))));
  });
}

/** The same for a further run of those who see everyone. */
export async function tellOnlookers(ports: Ports, tell: Tell, run: TellOnlookers): Promise<void> {
  await untilTrue(ports, run.userId, (word) => tellRun(ports, tell, run, word('onlookers')));
}

/**
 * Two such words may cross on their way, and then the older one would stand: so whoever has told looks again, and tells
 * anew what has changed meanwhile. Whichever word comes last was true after it came, and a later change has its own.
 *
 * @throws Error where it changes again and again: the task is done once more.
 */
async function untilTrue(ports: Ports, userId: UserId, say: (word: Word) => Promise<void>): Promise<void> {
  let isOnline = await isOnlineNow(ports, userId);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    await say(await wordOn(ports, userId, isOnline));
    const latest = await isOnlineNow(ports, userId);
    if (latest === isOnline) return;
    isOnline = latest;
  }
  throw new Error('A user comes and goes faster than others can be told.');
}

async function isOnlineNow(ports: Ports, userId: UserId): Promise<boolean> {
  return (await presentDevices(ports, userId)).length > 0;
}

async function wordOn(ports: Ports, userId: UserId, isOnline: boolean): Promise<Word> {
  const [[profile], seen] = await Promise.all([
    ports.directory.profiles([userId]),
    isOnline ? undefined : ports.lastSeen.of([userId]),
  ]);
  const { name = 'Unknown user', username, email } = profile ?? {};
  const stranger = { userId, name, ...(username !== undefined && { username }) };
  const contact = { ...stranger, ...(email !== undefined && { email }) };
  const at = seen?.get(userId) ?? ports.clock.now();
  return (audience) => {
    const person = audience === 'contacts' ? contact : stranger;
    return { kind: 'presence-changed', person, isOnline, at, audience };
  };
}

/** Devices that see everyone hear of it as such, and not twice. */
async function tellContacts(
  ports: Ports,
  tell: Tell,
  contacts: readonly UserId[],
  signal: Presence,
): Promise<void> {
  for (let from = 0; from < contacts.length; from += USERS_AT_ONCE) {
    const run = contacts.slice(from, from + USERS_AT_ONCE);
    const devices = await ports.connections.devicesOf(run, true);
    await tellDevices(
      tell,
      devices.filter(({ rooms }) => !rooms.includes(ONLOOKERS)),
      signal,
    );
  }
}

async function tellRun(
  ports: Ports,
  tell: Tell,
  { userId, shard, after }: Omit<TellOnlookers, 'kind'>,
  signal: Presence,
): Promise<void> {
  const slice = { most: RUN, ...(after !== undefined && { after }) };
  const { items, next } = await ports.rooms.devicesIn(ONLOOKERS, shard, slice);
  const others = items.filter((key) => key.userId !== userId);
  const devices = (await ports.connections.devicesAt(others)).filter(
    ({ lostAt, rooms }) => lostAt === undefined && rooms.includes(ONLOOKERS),
  );
  await tellDevices(tell, devices, signal);
  if (next !== undefined) await ports.tasks.enqueue({ kind: 'tell-onlookers', userId, shard, after: next });
}

async function tellDevices(tell: Tell, devices: readonly Device[], signal: Presence): Promise<void> {
  for (let from = 0; from < devices.length; from += RUN) {
    const run = devices.slice(from, from + RUN);
    await tell([{ signal, users: [...new Set(run.map((device) => device.userId))], devices: run }]);
  }
}
