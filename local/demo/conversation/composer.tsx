import { type KeyboardEvent, type RefObject, useEffect } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { AttachLink } from './attach-link.tsx';
import { Attached } from './attached.tsx';
import { IntentBar } from './intent-bar.tsx';
import { type Intent, useTalk } from './talk.ts';
import { useGrowing } from './use-growing.ts';
import { useWriting } from './use-writing.ts';

/** When so few characters are left it is said how many. */
const FEW = 200;

type Props = {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly intent: Intent;
  readonly conversationId: string;
  /** What the conversation is about; empty where nobody has said. */
  readonly about: string;
  readonly onSent: () => void;
};

/** Where a message is written: Enter sends it, Shift and Enter begin a line, Escape gives up an answer or an edit. */
export function Composer({ field, intent, conversationId, about, onSent }: Props) {
  const { conversation, intend } = useTalk();
  const goOn = () => field.current?.focus();
  const writing = useWriting({ intent, conversationId, goOn, onSent });
  const { text, write, attachments, setAttachments, left, canSend, submit } = writing;
  useGrowing(field, text);

  useEffect(() => {
    if (intent.kind !== 'say') field.current?.focus();
  }, [field, intent]);

  const press = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
    if (event.key === 'Escape' && intent.kind !== 'say') intend({ kind: 'say' });
  };

  return (
    <form className="composer" onSubmit={submit} aria-label="New message">
      <IntentBar intent={intent} goOn={goOn} />
      <Attached attachments={attachments} setAttachments={setAttachments} />
      <div className="composer-row">
        {intent.kind !== 'edit' && (
          <AttachLink attach={(attachment) => setAttachments([...attachments, attachment])} />
        )}
        <textarea
          ref={field}
          className="composer-field"
          rows={1}
          value={text}
          placeholder="Write a message"
          aria-label={about ? `Write a message: ${about}` : 'Write a message'}
          autoComplete="off"
          enterKeyHint="send"
          dir="auto"
          onChange={({ target }) => write(target.value)}
          onKeyDown={press}
          onBlur={() => conversation.setTyping(false)}
        />
        {left < FEW && (
          <span className="count" data-over={left < 0} role="status">
            {left}
            <span className="unseen"> characters left</span>
          </span>
        )}
        <IconButton
          className="send"
          icon="send"
          label={intent.kind === 'edit' ? 'Save' : 'Send'}
          type="submit"
          disabled={!canSend}
        />
      </div>
    </form>
  );
}
