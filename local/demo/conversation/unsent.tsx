import type { MouseEvent } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { quietly } from '../quietly.ts';
import { Icon } from '../ui/icon.tsx';
import { useTalk } from './talk.ts';

/** That a message was refused, why, and the two ways on. */
export function Unsent({ message: { clientMessageId = '', error } }: { readonly message: ChatMessage }) {
  const { conversation } = useTalk();
  return (
    <p className="unsent">
      <Icon name="warning" />
      <span>Not sent: {error?.message}</span>
      <button
        type="button"
        className="link-button"
        onClick={(event) => {
          goOnInList(event);
          quietly(conversation.retry(clientMessageId));
        }}
      >
        Try again
      </button>
      <button
        type="button"
        className="link-button"
        onClick={(event) => {
          goOnInList(event);
          conversation.discard(clientMessageId);
        }}
      >
        Discard
      </button>
    </p>
  );
}

/** The buttons will be gone. */
function goOnInList({ currentTarget }: MouseEvent): void {
  currentTarget.closest<HTMLElement>('.scroller')?.focus({ preventScroll: true });
}
