import type { UserId } from './ids.ts';
import type { DeviceKey } from './ports.ts';

/** When users were last online: noted at the end of each time that they were. */
export interface LastSeen {
  /** In ms; nothing of users who have not left yet. */
  of(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, number>>;
  /**
   * Notes that a user has gone with the end of this device. `known` when the end of another device was noted since
   * `since`: both were the last, and one word of it is enough. The same device is never `known`.
   */
  note(end: End): Promise<'noted' | 'known'>;
}

/** The end of a device, and of its user's time online; `since` and `at` in ms. */
export type End = DeviceKey & { readonly since: number; readonly at: number };
