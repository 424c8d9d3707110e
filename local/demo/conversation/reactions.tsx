import type { ChatMessage } from '../../../client/sdk/types.ts';
import { useTalk } from './talk.ts';

/** Who thinks what of a message; a press joins in, or takes it back. */
export function Reactions({ message }: { readonly message: ChatMessage }) {
  const { meId, conversation, nameOf, attempt } = useTalk();
  const { id, reactions } = message;
  if (id === undefined || reactions.length === 0) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {[...new Set(reactions.map(({ emoji }) => emoji))].map((emoji) => {
        const same = reactions.filter((reaction) => reaction.emoji === emoji);
        const isMine = same.some(({ userId }) => userId === meId);
        const names = same.map(({ userId }) => (userId === meId ? 'you' : nameOf(userId))).join(', ');
        return (
          <li key={emoji}>
            <button
              type="button"
              className="reaction"
              aria-pressed={isMine}
              title={names}
              onClick={() => attempt(conversation.react(id, emoji, !isMine))}
            >
              {emoji}
              {same.length > 1 && <span className="reaction-count">{same.length}</span>}
              <span className="unseen"> from {names}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
