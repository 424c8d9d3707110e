import { createContext, type ReactNode, useContext } from 'react';
import type { Client } from '../sdk/client.ts';

/** As much of a client as the hooks use: one of any dialect fits. */
export type ParleyClient = Pick<
  Client,
  | 'userId'
  | 'conversation'
  | 'conversations'
  | 'notifications'
  | 'presence'
  | 'connection'
  | 'connect'
  | 'close'
>;

const ClientContext = createContext<ParleyClient | undefined>(undefined);

export type ParleyProviderProps = {
  /** Made outside of React, or once in a ref: the provider neither opens nor closes it. */
  readonly client: ParleyClient;
  readonly children?: ReactNode;
};

/** Gives the hooks below it the client that they speak through. */
export function ParleyProvider({ client, children }: ParleyProviderProps): ReactNode {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/**
 * The client of the nearest provider, for what no hook covers.
 *
 * @throws Error outside of a `ParleyProvider`.
 */
export function useParley(): ParleyClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('There is no <ParleyProvider client={…}> above this component.');
  return client;
}
