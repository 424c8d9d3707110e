import { type SyntheticEvent, useState } from 'react';
import type { Attachment, ChatMessage } from '../../../client/sdk/types.ts';
import { quietly } from '../quietly.ts';
import { EMPTY, useDraft } from './drafts.ts';
import { type Intent, useTalk } from './talk.ts';

/** The longest message that the server takes, in characters. */
const LONGEST = 2_000;

type Parts = {
  readonly intent: Intent;
  readonly conversationId: string;
  /** Has the user go on writing. */
  readonly goOn: () => void;
  readonly onSent: () => void;
};

export type Writing = {
  readonly text: string;
  readonly write: (text: string) => void;
  /** None with an edit: they stay with the message that is being written. */
  readonly attachments: readonly Attachment[];
  readonly setAttachments: (attachments: readonly Attachment[]) => void;
  /** How many characters more would do; below zero, how many are too many. */
  readonly left: number;
  readonly canSend: boolean;
  readonly submit: (event: SyntheticEvent) => void;
};

/** A message in other words, until it is saved: what could not be is found again. */
type Edited = { readonly id: string | undefined; readonly text: string };

/** What is being written: something new, an answer, or an own message put in other words. */
export function useWriting({ intent, conversationId, goOn, onSent }: Parts): Writing {
  const { meId, conversation, intend, attempt } = useTalk();
  const [draft, setDraft] = useDraft(meId, conversationId);
  const [edited, setEdited] = useState<Edited>();
  const isEdit = intent.kind === 'edit';
  const text = isEdit ? textOf(intent.message, edited) : draft.text;
  const attachments = isEdit ? EMPTY.attachments : draft.attachments;
  const content = text.trim();
  const length = [...content].length;
  const canSend = length <= LONGEST && (length > 0 || attachments.length > 0);

  const write = (value: string) => {
    if (isEdit) setEdited({ id: intent.message.id, text: value });
    else {
      setDraft({ ...draft, text: value });
      conversation.setTyping(value.trim() !== '');
    }
  };
  const setAttachments = (next: readonly Attachment[]) => {
    setDraft({ ...draft, attachments: next });
    goOn();
  };
  const save = async ({ id = '' }: ChatMessage) => {
    await conversation.edit(id, content);
    setEdited((now) => (now?.id === id ? undefined : now));
  };
  const send = () => {
    const files = attachments.length > 0 && { attachments };
    quietly(conversation.send({ content, ...replyTo(intent), ...files }));
    setDraft(EMPTY);
    onSent();
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!canSend) return;
    if (isEdit) attempt(save(intent.message));
    else send();
    intend({ kind: 'say' });
    goOn();
  };
  return { text, write, attachments, setAttachments, left: LONGEST - length, canSend, submit };
}

/** An edit begins with what was said. */
function textOf({ id, content }: ChatMessage, edited: Edited | undefined): string {
  return edited && edited.id === id ? edited.text : content;
}

function replyTo(intent: Intent) {
  return intent.kind === 'reply' && intent.to.id !== undefined ? { replyTo: intent.to.id } : {};
}
