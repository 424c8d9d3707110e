import { type RefObject, useEffect } from 'react';

/** Calls back on Escape, and on a press outside of an element, while it is there. */
export function useDismiss(ref: RefObject<HTMLElement | null>, isOpen: boolean, dismiss: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const end = new AbortController();
    const { signal } = end;
    const press = ({ target }: PointerEvent) => {
      if (target instanceof Node && !ref.current?.contains(target)) dismiss();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') dismiss();
    };
    document.addEventListener('pointerdown', press, { signal });
    document.addEventListener('keydown', key, { signal });
    return () => end.abort();
  }, [ref, isOpen, dismiss]);
}
