import { createContext, useContext } from 'react';
import type { DemoConfig, DemoPerson } from '../../demo-config.ts';

/** Who is signed in, and to what. */
export type Session = {
  readonly me: DemoPerson;
  readonly config: DemoConfig;
  readonly signOut: () => void;
};

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('Nobody is signed in here.');
  return session;
}
