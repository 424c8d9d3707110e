import { useEffect, useState } from 'react';
import { untilTomorrow } from './time.ts';

/** Now, as exactly as days are told apart: it changes at midnight, and when the page is looked at again. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const refresh = () => setNow(new Date());
    const timer = setTimeout(refresh, untilTomorrow(now));
    document.addEventListener('visibilitychange', refresh);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', refresh);
    };
  }, [now]);
  return now;
}
