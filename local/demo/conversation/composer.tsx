import { type KeyboardEvent, type RefObject, type SyntheticEvent, useEffect, useState } from 'react';
import type { Attachment } from '../../../client/sdk/types.ts';
import { quietly } from '../quietly.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { AttachLink } from './attach-link.tsx';
import { Attached } from './attached.tsx';
import { IntentBar } from './intent-bar.tsx';
import { type Intent, useTalk } from './talk.ts';
import { useGrowing } from './use-growing.ts';

/** The longest message that the server takes, in characters. */
const LONGEST = 2_000;
const NEARLY = 1_800;

type Props = {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly intent: Intent;
  /** What the conversation is about. */
  readonly title: string;
  readonly onSent: () => void;
};

/** Where a message is written: Enter sends it, Shift and Enter begin a line, Escape gives up an answer or an edit. */
export function Composer({ field, intent, title, onSent }: Props) {
  const { conversation, intend, attempt } = useTalk();
  const [text, setText] = useText(intent);
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  useGrowing(field, text);
  const content = text.trim();
  const length = [...content].length;
  const canSend = length <= LONGEST && (length > 0 || (attachments.length > 0 && intent.kind !== 'edit'));

  useEffect(() => {
    if (intent.kind !== 'say') field.current?.focus();
  }, [field, intent]);

  const write = (value: string) => {
    setText(value);
    if (intent.kind !== 'edit') conversation.setTyping(value.trim() !== '');
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!canSend) return;
    if (intent.kind === 'edit') attempt(conversation.edit(intent.message.id ?? '', content));
    else
      quietly(
        conversation.send({ content, ...replyTo(intent), ...(attachments.length > 0 && { attachments }) }),
      );
    setText('');
    setAttachments([]);
    intend({ kind: 'say' });
    field.current?.focus();
    if (intent.kind !== 'edit') onSent();
  };
  const press = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
    if (event.key === 'Escape' && intent.kind !== 'say') intend({ kind: 'say' });
  };

  return (
    <form className="composer" onSubmit={submit} aria-label="New message">
      <IntentBar intent={intent} />
      <Attached attachments={attachments} setAttachments={setAttachments} />
      <div className="composer-row">
        <AttachLink attach={(attachment) => setAttachments([...attachments, attachment])} />
        <textarea
          ref={field}
          className="composer-field"
          rows={1}
          value={text}
          placeholder="Write a message"
          aria-label={`Write a message: ${title}`}
          autoComplete="off"
          enterKeyHint="send"
          dir="auto"
          onChange={({ target }) => write(target.value)}
          onKeyDown={press}
          onBlur={() => conversation.setTyping(false)}
        />
        {length > NEARLY && (
          <span className="count" data-over={length > LONGEST} role="status">
            {LONGEST - length}
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

/** The text being written: an edit begins with what was said, and what was being written before it comes back after it. */
function useText(intent: Intent): readonly [string, (text: string) => void] {
  const [said, setSaid] = useState('');
  const [edited, setEdited] = useState<{ readonly id?: string; readonly text: string }>();
  if (intent.kind !== 'edit') return [said, setSaid];
  const { id = '', content } = intent.message;
  const text = edited?.id === id ? edited.text : content;
  return [text, (next) => setEdited({ id, text: next })];
}

function replyTo(intent: Intent) {
  return intent.kind === 'reply' && intent.to.id !== undefined ? { replyTo: intent.to.id } : {};
}
