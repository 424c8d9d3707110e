import type { ChatMessage } from '../../../client/sdk/types.ts';
import { clockTime } from '../time.ts';
import { Attachments } from './attachments.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageText } from './message-text.tsx';
import { Quote } from './quote.tsx';
import { Reactions } from './reactions.tsx';
import { Receipt } from './receipt.tsx';
import { useTalk } from './talk.ts';
import { Unsent } from './unsent.tsx';

type Props = { readonly message: ChatMessage; readonly isLast: boolean };

/** One message: what was said, what others think of it, and below the last of a turn when, and who has read it. */
export function Message({ message, isLast }: Props) {
  const { meId, nameOf } = useTalk();
  const { id, sender, status, deletedAt } = message;
  const isMine = sender.userId === meId;
  const author = isMine ? 'you' : nameOf(sender.userId ?? '');
  const at = new Date(message.createdAt);
  const hasMeta = isLast || message.editedAt !== undefined;
  return (
    <li className="message" id={id && `message-${id}`} tabIndex={-1} data-status={status}>
      <div className="message-line">
        {deletedAt === undefined ? (
          <Bubble message={message} />
        ) : (
          <p className="bubble gone">Message deleted</p>
        )}
        {id !== undefined && deletedAt === undefined && (
          <MessageActions
            message={{ ...message, id }}
            label={`Options for the message of ${author}, ${clockTime(at)}`}
          />
        )}
      </div>
      <Reactions message={message} />
      {status === 'failed' ? (
        <Unsent message={message} />
      ) : (
        hasMeta && (
          <p className="meta">
            {message.editedAt !== undefined && deletedAt === undefined && <span>Edited</span>}
            <time dateTime={message.createdAt}>{clockTime(at)}</time>
            {isMine && deletedAt === undefined && <Receipt message={message} />}
          </p>
        )
      )}
    </li>
  );
}

function Bubble({ message: { content, replyTo, attachments } }: { readonly message: ChatMessage }) {
  return (
    <div className="bubble">
      {replyTo !== undefined && <Quote messageId={replyTo} />}
      {content !== '' && <MessageText content={content} />}
      <Attachments attachments={attachments} />
    </div>
  );
}
