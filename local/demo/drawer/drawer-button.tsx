import { createContext, useContext } from 'react';
import { IconButton } from '../ui/icon-button.tsx';

/** Whether the drawer is open, and how to open and close it. */
export type DrawerState = { readonly isOpen: boolean; readonly toggle: () => void };

export const DrawerContext = createContext<DrawerState>({ isOpen: false, toggle: () => undefined });

/** Opens the developer drawer, and closes it. */
export function DrawerButton({ className = '' }: { readonly className?: string }) {
  const { isOpen, toggle } = useContext(DrawerContext);
  return (
    <IconButton
      className={className}
      icon="code"
      label="Developer drawer"
      aria-expanded={isOpen}
      aria-controls={isOpen ? 'drawer' : undefined}
      onClick={toggle}
    />
  );
}
