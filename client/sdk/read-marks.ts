import type { Room } from '../dialects/speech.ts';
import { markRead, type Requests } from './conversation-requests.ts';
import type { ChatMessage } from './types.ts';

const MOST_MARKED = 5_000;

/** Marks what others have said as read, each message once. */
export class ReadMarks {
  readonly #requests: Requests;
  readonly #marked = new Set<string>();

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Marks what of these the user has not read yet. @throws ParleyError */
  async mark(
    room: Room & { readonly conversationId: string },
    messages: readonly ChatMessage[],
    userId: string | undefined,
  ): Promise<void> {
    const unread = messages.filter((message) => isUnreadBy(userId, message));
    const ids = unread.flatMap(({ id }) => (id === undefined || this.#marked.has(id) ? [] : id));
    if (ids.length === 0) return;
    // Marking again changes nothing.
    if (this.#marked.size > MOST_MARKED) this.#marked.clear();
    for (const id of ids) this.#marked.add(id);
    try {
      await markRead(this.#requests, room, ids);
    } catch (thrown) {
      for (const id of ids) this.#marked.delete(id);
      throw thrown;
    }
  }

  forget(): void {
    this.#marked.clear();
  }
}

/** Whether this message is somebody else's, and not read by the user yet as far as it says. */
function isUnreadBy(userId: string | undefined, { sender, readBy, isRead }: ChatMessage): boolean {
  if (sender.userId === userId) return false;
  return readBy.length > 0 ? readBy.every((reader) => reader.userId !== userId) : !isRead;
}
