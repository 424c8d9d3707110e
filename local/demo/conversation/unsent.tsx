import type { ChatMessage } from '../../../client/sdk/types.ts';
import { quietly } from '../quietly.ts';
import { Icon } from '../ui/icon.tsx';
import { useTalk } from './talk.ts';

/** That a message was refused, and the two ways on. */
export function Unsent({ message: { clientMessageId = '', error } }: { readonly message: ChatMessage }) {
  const { conversation } = useTalk();
  return (
    <p className="unsent">
      <Icon name="warning" />
      <span title={error?.message}>Not sent.</span>
      <button
        type="button"
        className="link-button"
        onClick={() => quietly(conversation.retry(clientMessageId))}
      >
        Try again
      </button>
      <button type="button" className="link-button" onClick={() => conversation.discard(clientMessageId)}>
        Discard
      </button>
    </p>
  );
}
