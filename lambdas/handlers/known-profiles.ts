import type { Profile } from '../core/directory.ts';
import type { UserId } from '../core/ids.ts';
import type { Clock, Directory } from '../core/ports.ts';
import { RecentMap } from '../core/recent-map.ts';

/** Profiles remembered between the invocations of one warm function. */
const REMEMBERED = 2_000;
/** A new name is told no later than this by a function that remembers the old one, in ms. */
const BELIEVED_MS = 30_000;

/**
 * A directory whose `profiles`, which are for names beside messages, are remembered for a while, so that a send reads
 * nobody's name as a rule. `profile` is read each time; what this function saves or forgets itself it knows at once.
 */
export function knownProfiles(directory: Directory, clock: Pick<Clock, 'now'>): Directory {
  const known = new RecentMap<{ readonly profile: Profile; readonly asOf: number }>(REMEMBERED);
  const recall = (userId: UserId, now: number): Profile | undefined => {
    const remembered = known.get(userId);
    return remembered && now - remembered.asOf < BELIEVED_MS ? remembered.profile : undefined;
  };
  const readAll = async (userIds: readonly UserId[], now: number) => {
    const read = await directory.profiles(userIds);
    for (const profile of read) {
      // What was saved while this was being read is newer.
      const isNewer = (known.get(profile.userId)?.asOf ?? 0) > now;
      if (!isNewer) known.set(profile.userId, { profile, asOf: now });
    }
    return read;
  };
  return {
    ...directory,
    profiles: async (userIds) => {
      const now = clock.now();
      const remembered = userIds.flatMap((userId) => recall(userId, now) ?? []);
      const unknown = userIds.filter((userId) => recall(userId, now) === undefined);
      return unknown.length === 0 ? remembered : [...remembered, ...(await readAll(unknown, now))];
    },
    saveProfile: async (profile) => {
      await directory.saveProfile(profile);
      known.set(profile.userId, { profile, asOf: clock.now() });
    },
    forgetProfile: async (userId) => {
      await directory.forgetProfile(userId);
      known.delete(userId);
    },
  };
}
