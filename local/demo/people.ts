import type { ConversationSummary, PresenceState } from '../../client/sdk/types.ts';

type People = ConversationSummary['participants'];

/** Everybody who takes part but oneself. */
export function othersIn({ participants }: ConversationSummary, meId: string): People {
  return participants.filter(({ userId }) => userId !== meId);
}

/** Names in a row, whichever way each is written: https://www.w3.org/International/articles/inline-bidi-markup/ */
export function namesOf(people: People): string {
  const [first, ...more] = people;
  if (first && more.length === 0) return first.name;
  return people.map(({ name }) => `\u2068${name}\u2069`).join(', ');
}

/** Whether the other is there, or how many of several are; nothing where that is not known, as without a connection. */
export function standingOf(people: People, presence: PresenceState): string {
  if (people.every(({ userId }) => presence[userId] === undefined)) return '';
  const online = people.filter(({ userId }) => presence[userId] === 'online').length;
  if (people.length > 1) return `${online} of ${people.length} online`;
  return online > 0 ? 'Online' : 'Offline';
}
