import { useEffect, useRef, useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useTalk } from './talk.ts';

const EMOJI: readonly (readonly [string, string])[] = [
  ['👍', 'Thumbs up'],
  ['❤️', 'Heart'],
  ['😊', 'Smile'],
  ['🎉', 'Celebrate'],
  ['🙏', 'Thanks'],
];

type Props = {
  readonly id: string;
  readonly message: ChatMessage & { readonly id: string };
  readonly close: () => void;
};

/** React, reply; and with an own message: edit, delete, which asks once more. */
export function MessageMenu({ id, message, close }: Props) {
  const { meId, conversation, intend, attempt } = useTalk();
  const root = useRef<HTMLFieldSetElement>(null);
  const [isSure, setSure] = useState(false);
  useEffect(() => {
    root.current?.querySelector('button')?.focus();
    root.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const then = (act: () => void) => () => {
    act();
    close();
  };
  const remove = () => {
    attempt(conversation.remove(message.id));
    close();
    // What can be done with it goes with its content.
    document.getElementById(`message-${message.id}`)?.focus({ preventScroll: true });
  };
  const isMine = message.sender.userId === meId;
  return (
    <fieldset className="menu" id={id} ref={root}>
      <legend className="unseen">Message</legend>
      <div className="menu-emoji">
        {EMOJI.map(([emoji, name]) => (
          <button
            type="button"
            key={emoji}
            aria-label={name}
            title={name}
            onClick={then(() =>
              attempt(conversation.react(message.id, emoji, !hasReacted(message, meId, emoji))),
            )}
          >
            {emoji}
          </button>
        ))}
      </div>
      <Row icon="reply" text="Reply" act={then(() => intend({ kind: 'reply', to: message }))} />
      {isMine && <Row icon="edit" text="Edit" act={then(() => intend({ kind: 'edit', message }))} />}
      {isMine && (
        <Row
          icon="trash"
          text={isSure ? 'Delete for everyone?' : 'Delete'}
          act={isSure ? remove : () => setSure(true)}
          isGrave={isSure}
        />
      )}
    </fieldset>
  );
}

type RowProps = {
  readonly icon: IconName;
  readonly text: string;
  readonly act: () => void;
  readonly isGrave?: boolean;
};

function Row({ icon, text, act, isGrave = false }: RowProps) {
  return (
    <button type="button" className={isGrave ? 'menu-row grave' : 'menu-row'} onClick={act}>
      <Icon name={icon} />
      {text}
    </button>
  );
}

function hasReacted({ reactions }: ChatMessage, userId: string, emoji: string): boolean {
  return reactions.some((reaction) => reaction.userId === userId && reaction.emoji === emoji);
}
