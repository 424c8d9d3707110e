import { expect, test } from 'vitest';
import { Timeline } from '../../../client/sdk/timeline.ts';
import type { ChatMessage } from '../../../client/sdk/types.ts';

function message(seq: number): ChatMessage {
  return {
    ...{ id: `c1.${seq}`, seq, conversationId: 'c1', content: `message ${seq}`, status: 'sent' },
    ...{ sender: { userId: 'ann', name: 'Ann' }, createdAt: new Date(seq).toISOString() },
    ...{ isRead: false, readBy: [], attachments: [], reactions: [] },
  };
}

function loaded(): Timeline {
  const timeline = new Timeline();
  timeline.load({ messages: [message(1)], lastSeq: 1, hasMore: false });
  return timeline;
}

const read = (one: ChatMessage): ChatMessage => ({ ...one, isRead: true });
const reads = (timeline: Timeline) => timeline.messages.map(({ isRead }) => isRead);

test('a message that was read stays read when it is told again as it was before', () => {
  const timeline = loaded();
  timeline.put(message(2));
  timeline.change({ messageIds: ['c1.2'], how: read });
  timeline.put(message(2));
  timeline.load({ messages: [message(2)], lastSeq: 2, hasMore: false });
  expect(reads(timeline)).toEqual([false, true]);
});

test('a message whose reading is told first is read when it comes, and no other', () => {
  const timeline = loaded();
  timeline.change({ messageIds: ['c1.3'], how: read });
  for (const seq of [2, 3]) timeline.put(message(seq));
  expect(reads(timeline)).toEqual([false, false, true]);
});
