import { type RefObject, useEffect, useRef } from 'react';

const NARROW = '(width < 48rem)';

type Focus = {
  readonly heading: RefObject<HTMLHeadingElement | null>;
  readonly field: RefObject<HTMLTextAreaElement | null>;
};

/**
 * Who opens a conversation goes on there: where one writes, or, on a phone, whose keyboard would cover what was said, and
 * where nothing can be written, at its title.
 */
export function useFocusOnOpening(): Focus {
  const heading = useRef<HTMLHeadingElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const target = (!matchMedia(NARROW).matches && field.current) || heading.current;
    target?.focus({ preventScroll: true });
  }, []);
  return { heading, field };
}
