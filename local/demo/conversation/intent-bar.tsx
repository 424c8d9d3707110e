import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { type Intent, useTalk } from './talk.ts';

type Props = { readonly intent: Intent; readonly goOn: () => void };

/** Says above the field that this will be an answer, or an edit, and offers not to. */
export function IntentBar({ intent, goOn }: Props) {
  const { nameOf, meId, intend } = useTalk();
  if (intent.kind === 'say') return null;
  const isReply = intent.kind === 'reply';
  const message = isReply ? intent.to : intent.message;
  const { userId } = message.sender;
  const author = userId === meId ? 'yourself' : nameOf(userId ?? '');
  return (
    <div className="intent">
      <Icon name={isReply ? 'reply' : 'edit'} />
      <p className="intent-words">
        <strong>{isReply ? `Reply to ${author}` : 'Edit message'}</strong>
        <span className="quote-text">{message.content || 'Attachment'}</span>
      </p>
      <IconButton
        icon="close"
        label={isReply ? 'Do not reply' : 'Do not edit'}
        onClick={() => {
          intend({ kind: 'say' });
          goOn();
        }}
      />
    </div>
  );
}
