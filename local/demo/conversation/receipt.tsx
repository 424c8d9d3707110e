import type { ChatMessage } from '../../../client/sdk/types.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useTalk } from './talk.ts';

/** How far an own message has come: on its way, stored, read by whom. */
export function Receipt({ message }: { readonly message: ChatMessage }) {
  const { meId, nameOf } = useTalk();
  const readers = message.readBy.filter(({ userId }) => userId !== meId);
  const names = readers.map(({ userId }) => nameOf(userId)).join(', ');
  const [icon, text] = stateOf(message, names);
  return (
    <span className="receipt" data-read={message.isRead} title={text}>
      <Icon name={icon} />
      <span className="unseen">{text}</span>
    </span>
  );
}

function stateOf({ status, isRead }: ChatMessage, names: string): readonly [IconName, string] {
  if (status !== 'sent') return ['clock', 'Sending'];
  if (!isRead) return ['check', 'Sent'];
  return ['checks', names ? `Read by ${names}` : 'Read'];
}
