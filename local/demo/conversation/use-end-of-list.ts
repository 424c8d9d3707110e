import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** How near to the end counts as there, in px. */
const NEAR_PX = 48;

export type EndOfList = {
  readonly list: RefObject<HTMLDivElement | null>;
  /** Whether the newest can be seen. */
  readonly isAtEnd: boolean;
  readonly onScroll: () => void;
  readonly scrollToEnd: () => void;
};

/**
 * A list that grows at both ends: it stays at its end while that is looked at, and what is read stays in its place when
 * older lines come above it. `first` and `last` are the keys of the outer lines.
 */
export function useEndOfList(first: string | undefined, last: string | undefined): EndOfList {
  const list = useRef<HTMLDivElement>(null);
  const wasAtEnd = useRef(true);
  const fromEnd = useRef(0);
  const [isAtEnd, setAtEnd] = useState(true);

  const onScroll = useCallback(() => {
    const { current } = list;
    if (!current) return;
    fromEnd.current = current.scrollHeight - current.scrollTop;
    wasAtEnd.current = fromEnd.current - current.clientHeight < NEAR_PX;
    setAtEnd(wasAtEnd.current);
  }, []);
  const scrollToEnd = useCallback(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: To be done when older lines have come.
  useLayoutEffect(() => {
    const { current } = list;
    if (current && !wasAtEnd.current) current.scrollTop = current.scrollHeight - fromEnd.current;
  }, [first]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: To be done when newer lines have come.
  useLayoutEffect(() => {
    if (wasAtEnd.current) scrollToEnd();
  }, [last, scrollToEnd]);
  useStayAtEnd(list, wasAtEnd);
  return { list, isAtEnd, onScroll, scrollToEnd };
}

/** The end stays in sight when the window, the keyboard of a phone or a line grows. */
function useStayAtEnd(list: RefObject<HTMLDivElement | null>, wasAtEnd: RefObject<boolean>): void {
  useEffect(() => {
    const { current } = list;
    if (!current) return;
    const observer = new ResizeObserver(() => {
      if (wasAtEnd.current) current.scrollTop = current.scrollHeight;
    });
    observer.observe(current);
    for (const child of current.children) observer.observe(child);
    return () => observer.disconnect();
  }, [list, wasAtEnd]);
}
