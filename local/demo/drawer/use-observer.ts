import { useEffect, useRef, useState } from 'react';
import { useSession } from '../session/session.ts';
import { type DialectName, type Named, speechIn } from './dialects.ts';
import { FrameLog } from './frame-log.ts';
import type { Observe, Observer } from './observe.ts';

export type Observed = { readonly log: FrameLog; readonly speak: (() => void) | undefined };

/** Listens over one client, in this dialect, to this conversation, for as long as the drawer is open. */
export function useObserver(
  observe: (parts: Observe) => Observer,
  dialect: DialectName,
  named: Named | undefined,
): Observed {
  const { me } = useSession();
  const [log] = useState(() => new FrameLog());
  const observer = useRef<Observer>(undefined);
  const namedNow = useRef(named);
  namedNow.current = named;

  useEffect(() => {
    log.clear();
    const connected = () => join(observer.current, dialect, namedNow.current);
    observer.current = observe({ url: location.origin, token: me.token, dialect, log, connected });
    return () => observer.current?.close();
  }, [observe, dialect, log, me.token]);
  const conversationId = named?.conversationId;
  useEffect(() => {
    if (conversationId !== undefined) join(observer.current, dialect, namedNow.current);
  }, [conversationId, dialect]);

  const said = named && speechIn(dialect).send(named, 'Hello!');
  return { log, speak: said && (() => observer.current?.emit(...said)) };
}

function join(observer: Observer | undefined, dialect: DialectName, named: Named | undefined): void {
  const event = named && speechIn(dialect).join(named);
  if (event) observer?.emit(...event);
}
