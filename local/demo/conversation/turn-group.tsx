import { Avatar } from '../ui/avatar.tsx';
import { Message } from './message.tsx';
import { useTalk } from './talk.ts';
import { keyOf, type Turn } from './timeline.ts';

/** What one person said in one go, beside their face. */
export function TurnGroup({ turn: { senderId, senderName, messages } }: { readonly turn: Turn }) {
  const { meId } = useTalk();
  const isMine = senderId === meId;
  return (
    <li className="turn" data-mine={isMine}>
      {!isMine && <Avatar userId={senderId} name={senderName} size="small" />}
      <div className="turn-words">
        <h2 className={isMine ? 'unseen' : 'turn-name'}>{isMine ? 'You' : senderName}</h2>
        <ol>
          {messages.map((message, index) => (
            <Message key={keyOf(message)} message={message} isLast={index === messages.length - 1} />
          ))}
        </ol>
      </div>
    </li>
  );
}
