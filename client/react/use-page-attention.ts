import { useSyncExternalStore } from 'react';

/** Whether the page is what the user looks at: it is not hidden, and no other window has the keyboard. */
export function usePageAttention(): boolean {
  return useSyncExternalStore(subscribe, hasAttention, () => false);
}

function hasAttention(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

function subscribe(listener: () => void): () => void {
  const end = new AbortController();
  for (const [target, type] of CHANGES()) target.addEventListener(type, listener, { signal: end.signal });
  return () => end.abort();
}

const CHANGES = (): readonly (readonly [EventTarget, string])[] => [
  [document, 'visibilitychange'],
  [window, 'focus'],
  [window, 'blur'],
];
