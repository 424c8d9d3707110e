import type { Device } from './connection.ts';
import { contactsOf } from './contacts.ts';
import type { Profile } from './directory.ts';
import { type Here, meetEveryone } from './everyone-online.ts';
import type { Greeting, OnlineUser } from './greeting.ts';
import type { UserId } from './ids.ts';
import type { Ports } from './ports.ts';
import { isPresent } from './presence.ts';
import { ADMINS, ONLOOKERS } from './rooms.ts';

/** A list of more is of no use to anybody, and does not fit into a frame. */
const MOST_USERS = 500;
/** Users whose devices are read at once. */
const USERS_AT_ONCE = 100;

/**
 * What a device is told right after it has connected: for whom it speaks, and who is online of those whom it sees come
 * and go. A device that sees everyone costs half a read unit and more for each part of that list,
 * and as much again to look who has left meanwhile.
 */
export async function readGreeting(ports: Ports, device: Device): Promise<Greeting> {
  const { userId, rooms } = device;
  const contacts = await contactsOf(ports, userId);
  const here = await (rooms.includes(ONLOOKERS)
    ? anybodyHere(ports)
    : theseHere(ports, [userId, ...contacts]));
  const own = { userId, since: device.connectedAt };
  const shown = [...new Map([[userId, own], ...here]).values()].slice(0, MOST_USERS);
  const profiles = await profilesOf(ports, [userId, ...shown.filter(isUnknown).map((one) => one.userId)]);
  const seesMail = (of: UserId) => of === userId || contacts.has(of) || rooms.includes(ADMINS);
  const person = profiles.get(userId);
  return {
    person: { userId, name: person?.name ?? UNKNOWN, ...optional(person, true) },
    onlineUsers: shown.map((one) => onlineUser(one, profiles.get(one.userId), seesMail(one.userId))),
  };
}

/** Those of these users who are not online any more, as a second look at all who are shows. */
export async function goneAmong(
  ports: Ports,
  { rooms }: Device,
  users: readonly OnlineUser[],
): Promise<readonly OnlineUser[]> {
  const latest = rooms.includes(ONLOOKERS) ? await anybodyHere(ports) : new Map<UserId, Here>();
  const missing = users.filter(({ userId }) => !latest.has(userId));
  const here = await theseHere(
    ports,
    missing.map(({ userId }) => userId),
  );
  return missing.filter(({ userId }) => !here.has(userId));
}

/** Everybody who is online, or as many as are shown. */
async function anybodyHere(ports: Ports): Promise<ReadonlyMap<UserId, Here>> {
  const here = new Map<UserId, Here>();
  await meetEveryone(ports, {
    meet: (one) => note(here, one),
    isEnough: () => here.size >= MOST_USERS,
  });
  return here;
}

async function theseHere(ports: Ports, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Here>> {
  const here = new Map<UserId, Here>();
  for (let from = 0; from < userIds.length && here.size < MOST_USERS; from += USERS_AT_ONCE) {
    const run = userIds.slice(from, from + USERS_AT_ONCE);
    const devices = await ports.connections.everyDeviceOf(run, true);
    for (const device of devices.filter((one) => isPresent(ports, one))) {
      note(here, { userId: device.userId, since: device.connectedAt });
    }
  }
  return here;
}

/** By the device that has been there longest, and what another one knows of its user. */
function note(here: Map<UserId, Here>, one: Here): void {
  const { since, ...known } = here.get(one.userId) ?? one;
  here.set(one.userId, { ...one, ...known, since: Math.min(since, one.since) });
}

function isUnknown({ caller }: Here): boolean {
  return caller === undefined;
}

async function profilesOf(ports: Ports, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Profile>> {
  const profiles = await ports.directory.profiles([...new Set(userIds)]);
  return new Map(profiles.map((profile) => [profile.userId, profile]));
}

const UNKNOWN = 'Unknown user';

function onlineUser(
  { userId, since, caller }: Here,
  profile: Profile | undefined,
  seesMail: boolean,
): OnlineUser {
  const known = caller ?? profile;
  const { name = UNKNOWN, role } = known ?? {};
  return { userId, name, ...optional(known, seesMail), ...(role !== undefined && { role }), lastSeen: since };
}

function optional(
  known: Pick<Profile, 'username' | 'email'> | undefined,
  seesMail: boolean,
): Pick<OnlineUser, 'username' | 'email'> {
  const { username, email } = known ?? {};
  return {
    ...(username !== undefined && { username }),
    ...(seesMail && email !== undefined && { email }),
  };
}
