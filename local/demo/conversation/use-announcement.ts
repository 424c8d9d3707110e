import { useEffect, useRef, useState } from 'react';
import type { ChatMessage } from '../../../client/sdk/types.ts';

/**
 * What a screen reader is to say of the newest message of somebody else that came while the conversation was open.
 *
 * @param areThere Whether what was said before is loaded: that is no news.
 */
export function useAnnouncement(messages: readonly ChatMessage[], meId: string, areThere: boolean): string {
  const [text, setText] = useState('');
  const known = useRef<string | undefined | null>(null);
  const newest = messages.findLast(({ id, sender }) => id !== undefined && sender.userId !== meId);
  useEffect(() => {
    if (!areThere) return;
    const isNews = known.current !== null && known.current !== newest?.id;
    known.current = newest?.id;
    if (isNews && newest) setText(`${newest.sender.name}: ${newest.content || 'an attachment'}`);
  }, [newest, areThere]);
  return text;
}
