import type { Appointments } from './appointment.ts';
import type { Caller, Connection, Device, DialectName, Typing } from './connection.ts';
import type { Conversation, ConversationStatus, Entry, Head, Knock, Member } from './conversation.ts';
import type { Booking, Business, Profile } from './directory.ts';
import type { BookingId, BusinessId, ConnectionId, ConversationId, MessageId, UserId } from './ids.ts';
import type { Inbox } from './inbox.ts';
import type { LastSeen } from './last-seen.ts';
import type { ReadState } from './read-state.ts';
import type { Everyone, Rooms, Scope } from './rooms.ts';
import type { Signal } from './signals.ts';
import type { Told } from './told.ts';

/** The conversation's partition: its log, read strongly consistent, written one conditional put at a time. */
export interface ConversationLog {
  /** The conversation, its members and its newest entries in one read; undefined when there is none. */
  head(id: ConversationId): Promise<Head | undefined>;
  /** The entries from one seq to another, both included, oldest first; what does not exist is left out. */
  range(id: ConversationId, from: number, to: number): Promise<readonly Entry[]>;
  /** The entries at these places, at most 100, in no particular order. */
  entriesAt(id: ConversationId, seqs: readonly number[]): Promise<readonly Entry[]>;
  /** How many entries in a range are not this user's own; those in `except` are known not to be, and do not count. */
  countFromOthers(id: ConversationId, userId: UserId, range: CountedRange): Promise<number>;
  /**
   * Puts an entry in its place if the place is free, and the knock on it is the one that was seen. An answer that got
   * lost does not matter: an entry that turns out to be our own (by nonce) counts as appended.
   */
  append(id: ConversationId, entry: Entry, knock: Knock | undefined): Promise<'appended' | 'taken'>;
  /** Marks the free place `seq`; `taken` when a message stands there. */
  knock(id: ConversationId, seq: number, knock: Knock): Promise<'knocked' | 'taken'>;
  /**
   * Changes an entry in place, unless it is not its author's (where `by` is given) or was deleted. Doing the same again
   * changes nothing. Returns the entry as it is now.
   */
  amend(id: ConversationId, seq: number, amendment: Amendment): Promise<Entry | 'refused'>;
  /** Notes until when an entry was being pushed that was late, unless a later time is noted. */
  noteLate(id: ConversationId, seq: number, until: number): Promise<void>;
  /** Replaces a member's read state if it is still the version it was made from. */
  saveRead(id: ConversationId, userId: UserId, read: ReadState): Promise<'saved' | 'stale'>;
}

/** What may happen to an entry after it was stored; `at` in ms. */
export type Amendment =
  | { readonly kind: 'edit'; readonly by: UserId; readonly content: string; readonly at: number }
  /** Without `by`, whoever's it is. */
  | { readonly kind: 'delete'; readonly by?: UserId; readonly at: number }
  | { readonly kind: 'react'; readonly by: UserId; readonly emoji: string; readonly at: number }
  | { readonly kind: 'unreact'; readonly by: UserId; readonly emoji: string };

/** Both ends included. */
export type CountedRange = { readonly from: number; readonly to: number; readonly except: readonly number[] };

/** A row of a list of conversations. */
export type Listed = { readonly conversationId: ConversationId; readonly touchedAt: number };

/** Conversations as a whole: opened, listed, handed over. */
export interface Conversations {
  /**
   * Creates a booking's conversation, or puts a withdrawn one back, with these members, provided that the booking and
   * the business are still as they were read; else `stale`. An open one stays as it is.
   */
  open(booking: Booking, business: Business, now: number): Promise<'open' | 'stale'>;
  /** Creates the direct conversation of two users; an open one stays as it is. */
  openDirect(members: readonly [NewMember, NewMember], now: number): Promise<void>;
  /** Creates a conversation with these members; one that is there keeps its own, and gets these besides. */
  openGroup(group: Group, now: number): Promise<void>;
  /** Makes somebody a member; who is one already keeps role and read state. */
  addMember(id: ConversationId, member: NewMember, now: number): Promise<void>;
  /** Changes status or title. */
  change(id: ConversationId, change: Change): Promise<void>;
  /**
   * Makes client and owner the members of the booking's conversation, if it has one, and takes over its title; a
   * withdrawn one is put back. Does nothing when booking or business are no longer as they were read.
   */
  reconcile(booking: Booking, business: Business | undefined, now: number): Promise<void>;
  /**
   * Nobody can enter the conversation of a booking that was forgotten until it is opened again; what was said stays. It
   * stays open where the booking is known again by now.
   */
  withdraw(id: ConversationId): Promise<void>;
  /** Notes activity for the lists, unless someone has since `conversation.touchedAt`. */
  touch(conversation: Conversation, members: readonly Member[], now: number): Promise<void>;
  /** The user's conversations in this role, or in any, latest activity first. */
  ofUser(userId: UserId, role: Member['role'] | undefined, page: Page): Promise<readonly Listed[]>;
  /** At most so many of the user's conversations in which activity was noted at this time (ms) or later, latest first. */
  activeSince(userId: UserId, since: number, most: number): Promise<readonly ConversationId[]>;
  /** Who takes part, without what was said. */
  membersOf(id: ConversationId): Promise<readonly Member[]>;
  /** The business's conversations, latest activity first. */
  ofBusiness(businessId: BusinessId, page: Page): Promise<readonly Listed[]>;
  /**
   * A run of the business's conversations, least active first, so that one which becomes active meanwhile is met later
   * rather than missed. `next` continues the sweep; absent at the end.
   */
  sweepBusiness(businessId: BusinessId, after: string | undefined): Promise<Sweep>;
}

/** Somebody who is to take part. */
export type NewMember = Pick<Member, 'userId' | 'role'>;

export type Group = {
  readonly id: ConversationId;
  readonly members: readonly NewMember[];
  readonly title?: string;
};

export type Change = { readonly status?: ConversationStatus; readonly title?: string };

export type Sweep = { readonly conversationIds: readonly ConversationId[]; readonly next?: string };

/** `number` counts from 1. One more than `limit` rows may be asked for, to see whether a next page exists. */
export type Page = { readonly number: number; readonly limit: number };

/** Which sends a user has begun: makes a retry recognisable for 30 days, wherever the first try ended. */
export interface Claims {
  /** Claims a send for the attempt `nonce`. `since` (ms) is when an earlier attempt claimed it, if one did. */
  claim(claim: Claim, nonce: string, now: number): Promise<{ readonly since?: number }>;
  /** Makes the claim this attempt's, whoever's it was, for another 30 days; `since` stays, or is `now` if earlier. */
  takeOver(claim: Claim, nonce: string, since: number, now: number): Promise<void>;
  /** Gives the claim up, if it is still this attempt's. */
  release(claim: Claim, nonce: string): Promise<void>;
}

export type Claim = {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  readonly clientMessageId: string;
};

/** What the platform told us of its users, businesses and bookings. */
export interface Directory {
  profile(userId: UserId): Promise<Profile | undefined>;
  /** The profiles that exist, in no particular order. */
  profiles(userIds: readonly UserId[]): Promise<readonly Profile[]>;
  saveProfile(profile: Profile): Promise<void>;
  forgetProfile(userId: UserId): Promise<void>;
  business(businessId: BusinessId): Promise<Business | undefined>;
  businesses(businessIds: readonly BusinessId[]): Promise<readonly Business[]>;
  saveBusiness(business: Business): Promise<void>;
  forgetBusiness(businessId: BusinessId): Promise<void>;
  booking(bookingId: BookingId): Promise<Booking | undefined>;
  saveBooking(booking: Booking): Promise<void>;
  forgetBooking(bookingId: BookingId): Promise<void>;
}

/** The connections and the rooms they have joined. */
export interface Connections {
  /** Records a connection; with a caller it is a device of that user from now on, in its rooms. */
  open(connection: Connection, now: number): Promise<void>;
  find(connectionId: ConnectionId): Promise<Connection | undefined>;
  /** Forgets a connection, but not the device that it may be; returns the connection as it was. */
  close(connectionId: ConnectionId): Promise<Connection | undefined>;
  /** Makes a connection that its wire keeps track of itself a device of its user. */
  admit(connection: Connection & { readonly caller: Caller }, now: number, resumed?: Resumed): Promise<void>;
  /** Notes the connection by which a device is reached from now on, and what it is not to be told again there. */
  reroute(device: DeviceKey, via: ConnectionId, told?: Told): Promise<void>;
  /**
   * Notes that a device's connection is lost: nothing changes there any more, and nothing is pushed to it. Until it is
   * forgotten it is found in the room of the lost.
   */
  lose(device: DeviceKey, now: number): Promise<void>;
  /** Forgets a device, and takes it out of its rooms. */
  dismiss(device: Leaving): Promise<void>;
  /** Gives the connection a new token of the same user, or its first; the device's rooms follow. */
  renew(connection: Connection & { readonly caller: Caller }, now: number): Promise<void>;
  device(userId: UserId, connectionId: ConnectionId): Promise<Device | undefined>;
  /** The devices under these keys that there are, in no particular order, strongly consistent. */
  devicesAt(keys: readonly DeviceKey[]): Promise<readonly Device[]>;
  /** All devices of these users but the lost ones. `consistent` sees every join that was answered before this call. */
  devicesOf(userIds: readonly UserId[], consistent: boolean): Promise<readonly Device[]>;
  /** The same, the lost ones included. */
  everyDeviceOf(userIds: readonly UserId[], consistent: boolean): Promise<readonly Device[]>;
  /** @param after the conversation's last message; kept as it is where the device has joined already. */
  join(device: DeviceKey, conversationId: ConversationId, after: number): Promise<'joined' | 'full' | 'gone'>;
  leave(device: DeviceKey, conversationId: ConversationId): Promise<void>;
  /** Notes or clears where the device's user is typing; does nothing for a device that is gone. */
  saveTyping(device: DeviceKey, typing: Typing | undefined): Promise<void>;
}

/** What a device that takes the place of a lost one begins with. */
export type Resumed = {
  readonly joinedAfter: Device['joinedAfter'];
  /** Where it is reached until it has caught up. */
  readonly via: ConnectionId;
  /** What the lost one was not to be told again. */
  readonly told?: Told;
};

/** A device that is to be forgotten, and the rooms that it is known to be in. */
export type Leaving = DeviceKey & Partial<Pick<Device, 'rooms'>>;

export type DeviceKey = { readonly userId: UserId; readonly connectionId: ConnectionId };

/** Work for later, or for somebody else. At least once: a task must bear being done twice. */
export type Task =
  | { readonly kind: 'deliver'; readonly signal: Signal; readonly users: readonly UserId[] }
  | { readonly kind: 'push'; readonly signal: Signal; readonly devices: readonly Device[] }
  | { readonly kind: 'end-typing'; readonly userId: UserId; readonly typing: Typing }
  /** Word to the members, or these of them, where they are shown lists, of how their conversation stands. */
  | {
      readonly kind: 'tell-update';
      readonly conversationId: ConversationId;
      readonly users?: readonly UserId[];
    }
  | { readonly kind: 'close-unauthenticated'; readonly connectionId: ConnectionId }
  | { readonly kind: 'greet-socket'; readonly connectionId: ConnectionId }
  | { readonly kind: 'expire-socket'; readonly connectionId: ConnectionId }
  /** `undelivered` may have been overtaken; `origin` is where the device has taken a lost one's place. */
  | ({
      readonly kind: 'end-socket';
      readonly undelivered?: readonly MessageId[];
      readonly origin?: ConnectionId;
    } & DeviceKey)
  /** Word to both sides of an appointment, so many minutes before a start that may no longer be its own. */
  | {
      readonly kind: 'remind';
      readonly bookingId: BookingId;
      readonly startTime: string;
      readonly minutes: number;
    }
  | { readonly kind: 'hand-over-business'; readonly businessId: BusinessId; readonly after?: string }
  /** What follows for its user's presence from a device that has come, and what it is told itself. */
  | ({
      readonly kind: 'begin-presence';
      readonly dialect: DialectName;
      readonly isGreeted?: boolean;
    } & DeviceKey)
  /** … and from one that has ended. */
  | ({ readonly kind: 'end-presence'; readonly connectedAt: number } & DeviceKey)
  /** Word of a user's presence to a run of those who see everyone. */
  | {
      readonly kind: 'tell-onlookers';
      readonly userId: UserId;
      readonly shard: number;
      readonly after?: string;
    }
  /** Word to all devices in a room: to a part of it, from where another task has ended. */
  | {
      readonly kind: 'tell-room';
      readonly room: string;
      readonly signal: Signal;
      readonly shard?: number;
      readonly after?: string;
    };

export type TaskOf<K extends Task['kind']> = Extract<Task, { readonly kind: K }>;

export interface Tasks {
  /** @param delaySeconds whole seconds, 0 to 900. */
  enqueue(task: Task, delaySeconds?: number): Promise<void>;
}

/**
 * Tasks whose time is known, however far ahead. As on the queue one may be done twice; and it may be done a minute late,
 * or though it was called off just before.
 */
export interface Schedules {
  /**
   * Has a task done at a time, in ms. The same name stands for the same task at the same time: again, this changes
   * nothing. A name has 64 letters, digits, hyphens, underscores and dots at most.
   */
  arm(name: string, at: number, task: Task): Promise<void>;
  /** Calls it off; does nothing for one that has been done, or is not known. */
  disarm(name: string): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Everything the core's verbs may reach. */
export type Ports = {
  readonly log: ConversationLog;
  readonly conversations: Conversations;
  readonly claims: Claims;
  readonly directory: Directory;
  readonly connections: Connections;
  readonly inbox: Inbox;
  readonly rooms: Rooms;
  readonly everyone: Everyone;
  readonly lastSeen: LastSeen;
  readonly tasks: Tasks;
  readonly clock: Clock;
  /** A new unguessable token. */
  readonly nonce: () => string;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly presence: PresenceRules;
  /** How many minutes before an appointment people are reminded of it. */
  readonly reminderMinutes: readonly number[];
};

/** What it takes besides to keep appointments, which functions that serve frames do not do. */
export type AppointmentPorts = Ports & {
  readonly appointments: Appointments;
  readonly schedules: Schedules;
};

/** What the deployment says of presence. */
export type PresenceRules = {
  /** How long somebody whose connection is lost counts as there, in whole seconds up to 900. */
  readonly graceSeconds: number;
  /** Whom a caller sees come and go. */
  readonly scopeOf: (caller: Pick<Caller, 'dialect' | 'role'>) => Scope;
};
