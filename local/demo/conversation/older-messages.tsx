import { useEffect, useRef } from 'react';
import { quietly } from '../quietly.ts';
import { useTalk } from './talk.ts';

/** Fetches older messages when it comes into sight; the button is for who does not scroll. */
export function OlderMessages() {
  const { loadOlder, isLoading } = useTalk().conversation;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting) && !isLoading) quietly(loadOlder());
    });
    if (button.current) observer.observe(button.current);
    return () => observer.disconnect();
  }, [loadOlder, isLoading]);
  return (
    <button
      type="button"
      className="older link-button"
      ref={button}
      disabled={isLoading}
      onClick={() => quietly(loadOlder())}
    >
      {isLoading ? 'Loading…' : 'Earlier messages'}
    </button>
  );
}
