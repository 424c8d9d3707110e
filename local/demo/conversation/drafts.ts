import { useState } from 'react';
import type { Attachment } from '../../../client/sdk/types.ts';

/** What is being written, and is not sent yet. */
export type Draft = { readonly text: string; readonly attachments: readonly Attachment[] };

export const EMPTY: Draft = { text: '', attachments: [] };

/** Of each conversation, by who writes in which: who looks into another one finds it again. */
const drafts = new Map<string, Draft>();

/** What somebody is writing in a conversation. */
export function useDraft(meId: string, conversationId: string): readonly [Draft, (draft: Draft) => void] {
  const key = JSON.stringify([meId, conversationId]);
  const [draft, setDraft] = useState(() => drafts.get(key) ?? EMPTY);
  const keep = (next: Draft) => {
    if (next.text === '' && next.attachments.length === 0) drafts.delete(key);
    else drafts.set(key, next);
    setDraft(next);
  };
  return [draft, keep];
}
