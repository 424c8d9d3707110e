import { useCallback, useSyncExternalStore } from 'react';

/** Where one is on the page: signed in as whom, and in which conversation. It is kept in the address, behind the `#`. */
export type Place = { readonly userId?: string; readonly conversationId?: string };

/** The place that the address names, and how to go elsewhere. */
export function usePlace(): readonly [Place, (place: Place) => void] {
  const hash = useSyncExternalStore(subscribe, currentHash);
  const go = useCallback((place: Place) => {
    location.hash = hashOf(place);
  }, []);
  return [placeIn(hash), go];
}

/** As in `#ann` or `#ann/c1`. */
export function hashOf({ userId = '', conversationId }: Place): string {
  return [userId, conversationId]
    .filter((part) => part !== undefined)
    .map(encodeURIComponent)
    .join('/');
}

export function placeIn(hash: string): Place {
  const [userId, conversationId] = hash.replace(/^#/, '').split('/').map(decoded);
  return { ...(userId && { userId }), ...(conversationId && { conversationId }) };
}

/** An address that somebody has mistyped names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function currentHash(): string {
  return location.hash;
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
