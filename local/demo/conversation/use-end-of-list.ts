import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** How near to the end counts as there, in px. */
const NEAR_PX = 48;
/** What stays to be seen above the first unread line, in px. */
const ABOVE_PX = 16;

export type EndOfList = {
  readonly list: RefObject<HTMLElement | null>;
  /** Whether there is anything to be seen. */
  readonly isOpen: boolean;
  /** Whether the newest is. */
  readonly isAtEnd: boolean;
  readonly open: () => void;
  readonly onScroll: () => void;
  readonly scrollToEnd: () => void;
  /** The same as of the last scrolling, and how many px were between the end and the top of what was seen. */
  readonly wasAtEnd: RefObject<boolean>;
  readonly fromEnd: RefObject<number>;
};

/** Where one is in a list that grows at both ends. */
export function useEndOfList(): EndOfList {
  const list = useRef<HTMLElement>(null);
  const wasAtEnd = useRef(true);
  const fromEnd = useRef(0);
  const [isOpen, setOpen] = useState(false);
  const [isAtEnd, setAtEnd] = useState(false);

  const onScroll = useCallback(() => {
    const { current } = list;
    if (!current) return;
    fromEnd.current = current.scrollHeight - current.scrollTop;
    wasAtEnd.current = fromEnd.current - current.clientHeight < NEAR_PX;
    setAtEnd(wasAtEnd.current);
  }, []);
  const scrollToEnd = useCallback(() => {
    // What comes next is to be seen too: an own message that is not shown yet.
    wasAtEnd.current = true;
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, []);
  const open = useCallback(() => {
    showUnread(list.current);
    onScroll();
    setOpen(true);
  }, [onScroll]);
  return { list, isOpen, isAtEnd: isOpen && isAtEnd, open, onScroll, scrollToEnd, wasAtEnd, fromEnd };
}

type Lines = {
  /** The keys of the outer ones. */
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** Whether the last is known to be the newest. */
  readonly areThere: boolean;
};

/**
 * Opens a list where the unread begin, or at its end; keeps it at its end while that is looked at, and what is read in its
 * place when older lines come above it.
 */
export function useKeptPlace(end: EndOfList, { first, last, areThere }: Lines): void {
  const { list, isOpen, open, scrollToEnd, wasAtEnd, fromEnd } = end;

  // biome-ignore lint/correctness/useExhaustiveDependencies: To be done when older lines have come.
  useLayoutEffect(() => {
    const { current } = list;
    if (current && !wasAtEnd.current) current.scrollTop = current.scrollHeight - fromEnd.current;
  }, [first]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: To be done when newer lines have come.
  useLayoutEffect(() => {
    if (last === undefined) return;
    if (wasAtEnd.current) scrollToEnd();
    if (areThere && !isOpen) open();
  }, [last, areThere]);
  useStayAtEnd(list, wasAtEnd);
}

/** Goes back to where the unread begin, if that is out of sight. */
function showUnread(list: HTMLElement | null): void {
  const line = list?.querySelector('.unread-line');
  if (!list || !line) return;
  const above = line.getBoundingClientRect().top - list.getBoundingClientRect().top - ABOVE_PX;
  if (above < 0) list.scrollTop += above;
}

/** The end stays in sight when the window, the keyboard of a phone or a line grows. */
function useStayAtEnd(list: RefObject<HTMLElement | null>, wasAtEnd: RefObject<boolean>): void {
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
