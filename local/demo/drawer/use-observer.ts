import { useEffect, useRef, useState } from 'react';
import { freshToken } from '../session/load-config.ts';
import { useSession } from '../session/session.ts';
import { type DialectName, type Named, speechIn } from './dialects.ts';
import { FrameLog } from './frame-log.ts';
import type { Observe, Observer, Wire } from './observe.ts';

export type Observed = { readonly log: FrameLog; readonly speak: (() => void) | undefined };

/** How to speak, over what, and to which conversation, if any. */
export type Aim = {
  readonly dialect: DialectName;
  readonly wire: Wire;
  readonly named: Named | undefined;
};

/** Listens over one client to a conversation, for as long as the drawer is open. */
export function useObserver(observe: (parts: Observe) => Observer, { dialect, wire, named }: Aim): Observed {
  const { me, config } = useSession();
  const { userId, token } = me;
  const { webSocketUrl } = config;
  const [log] = useState(() => new FrameLog());
  const observer = useRef<Observer>(undefined);
  const isConnected = useRef(false);
  const namedNow = useRef(named);
  namedNow.current = named;

  useEffect(() => {
    log.clear();
    isConnected.current = false;
    const connected = () => {
      isConnected.current = true;
      join(observer.current, dialect, namedNow.current);
    };
    const url = location.origin;
    const getToken = () => freshToken(userId).catch(() => token);
    observer.current = observe({ url, webSocketUrl, getToken, dialect, wire, log, connected });
    return () => observer.current?.close();
  }, [observe, webSocketUrl, userId, token, dialect, wire, log]);
  const conversationId = named?.conversationId;
  useEffect(() => {
    const isNew = conversationId !== undefined && isConnected.current;
    if (isNew) join(observer.current, dialect, namedNow.current);
  }, [conversationId, dialect]);

  const said = named && speechIn(dialect).send(named, 'Hello!');
  return { log, speak: said && (() => observer.current?.emit(...said)) };
}

function join(observer: Observer | undefined, dialect: DialectName, named: Named | undefined): void {
  const event = named && speechIn(dialect).join(named);
  if (event) observer?.emit(...event);
}
