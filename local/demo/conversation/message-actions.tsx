import { useId } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useDisclosure } from '../ui/use-disclosure.ts';
import { MessageMenu } from './message-menu.tsx';

type Props = { readonly message: ChatMessage & { readonly id: string }; readonly label: string };

/** The button beside a message behind which is what can be done with it. */
export function MessageActions({ message, label }: Props) {
  const { isOpen, toggle, close, root, button } = useDisclosure();
  const menuId = useId();
  return (
    <div className="actions" ref={root} data-open={isOpen}>
      <IconButton
        ref={button}
        icon="more"
        label={label}
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        onClick={toggle}
      />
      {isOpen && <MessageMenu id={menuId} message={message} close={close} />}
    </div>
  );
}
