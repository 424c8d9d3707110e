import { createContext, useContext } from 'react';
import type { Conversation } from '../../../client/react/index.ts';
import type { ChatMessage } from '../../../client/sdk/types.ts';

/** What the next words are: something new, an answer, or an own message put in other words. */
export type Intent =
  | { readonly kind: 'say' }
  | { readonly kind: 'reply'; readonly to: ChatMessage }
  | { readonly kind: 'edit'; readonly message: ChatMessage };

/** What the parts of an open conversation share. */
export type Talk = {
  readonly meId: string;
  readonly conversation: Conversation;
  readonly nameOf: (userId: string) => string;
  readonly intend: (intent: Intent) => void;
  /** Does something whose failure is to be told. */
  readonly attempt: (done: Promise<unknown>) => void;
};

export const TalkContext = createContext<Talk | undefined>(undefined);

export function useTalk(): Talk {
  const talk = useContext(TalkContext);
  if (!talk) throw new Error('No conversation is open here.');
  return talk;
}
