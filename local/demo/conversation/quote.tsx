import { useTalk } from './talk.ts';

/** The message that another one answers; a press leads to it where it is on the page. */
export function Quote({ messageId }: { readonly messageId: string }) {
  const { conversation, nameOf } = useTalk();
  const quoted = conversation.messages.find(({ id }) => id === messageId);
  if (!quoted) return <p className="quote">An earlier message</p>;
  const { sender, content, deletedAt } = quoted;
  return (
    <button type="button" className="quote" onClick={() => show(messageId)}>
      <strong>{sender.userId === null ? 'Parley' : nameOf(sender.userId)}</strong>
      <span className="quote-text">
        {deletedAt === undefined ? content || 'Attachment' : 'Deleted message'}
      </span>
    </button>
  );
}

function show(messageId: string): void {
  const element = document.getElementById(`message-${messageId}`);
  element?.scrollIntoView({ block: 'center' });
  element?.focus({ preventScroll: true });
}
