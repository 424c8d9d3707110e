import { useEffect, useRef, useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';

/** What a screen reader is to say of the newest message of somebody else that came while the conversation was open. */
export function useAnnouncement(messages: readonly ChatMessage[], meId: string): string {
  const [text, setText] = useState('');
  const known = useRef<string>(undefined);
  const newest = messages.findLast(({ id, sender }) => id !== undefined && sender.userId !== meId);
  useEffect(() => {
    if (newest === undefined) return;
    const isFirstLook = known.current === undefined;
    const isNews = known.current !== newest.id;
    known.current = newest.id;
    if (isNews && !isFirstLook) setText(`${newest.sender.name}: ${newest.content || 'an attachment'}`);
  }, [newest]);
  return text;
}
