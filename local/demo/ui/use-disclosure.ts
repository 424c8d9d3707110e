import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export type Disclosure = {
  readonly isOpen: boolean;
  readonly toggle: () => void;
  /** Closes it; who is in it goes on at the button. */
  readonly close: () => void;
  /** Around the button and what it opens. */
  readonly root: RefObject<HTMLDivElement | null>;
  readonly button: RefObject<HTMLButtonElement | null>;
};

/** Something that a button opens, until Escape, or until one presses, or goes on, elsewhere. */
export function useDisclosure(): Disclosure {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const toggle = useCallback(() => setOpen((wasOpen) => !wasOpen), []);
  const close = useCallback(() => {
    if (root.current?.contains(document.activeElement)) button.current?.focus();
    setOpen(false);
  }, []);
  useEffect(() => {
    if (!isOpen) return;
    const end = new AbortController();
    const { signal } = end;
    const leave = ({ target }: Event) => {
      if (target instanceof Node && !root.current?.contains(target)) close();
    };
    const press = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close();
    };
    document.addEventListener('pointerdown', leave, { signal });
    document.addEventListener('focusin', leave, { signal });
    document.addEventListener('keydown', press, { signal });
    return () => end.abort();
  }, [isOpen, close]);
  return { isOpen, toggle, close, root, button };
}
