import { type RefObject, useEffect } from 'react';

/** Who comes from another page, whose link or button is gone, goes on at this element. */
export function useFocusOnEntering(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, [ref]);
}
