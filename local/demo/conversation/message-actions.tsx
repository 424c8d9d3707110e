import { useCallback, useId, useRef, useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useDismiss } from '../ui/use-dismiss.ts';
import { MessageMenu } from './message-menu.tsx';

type Props = { readonly message: ChatMessage & { readonly id: string }; readonly label: string };

/** The button beside a message behind which is what can be done with it. */
export function MessageActions({ message, label }: Props) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menuId = useId();
  const close = useCallback(() => {
    if (root.current?.contains(document.activeElement)) button.current?.focus();
    setOpen(false);
  }, []);
  useDismiss(root, isOpen, close);
  return (
    <div className="actions" ref={root} data-open={isOpen}>
      <IconButton
        ref={button}
        icon="more"
        label={label}
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && <MessageMenu id={menuId} message={message} close={close} />}
    </div>
  );
}
