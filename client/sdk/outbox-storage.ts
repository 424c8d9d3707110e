import { areAttachments, areTexts, isTime } from '../dialects/shapes.ts';
import type { Room } from '../dialects/speech.ts';
import type { ParleyErrorCode } from './parley-error.ts';
import type { Draft, Storage } from './types.ts';

/** A message that is to be sent, as it is kept. */
export type Entry = {
  readonly clientMessageId: string;
  readonly room: Room;
  readonly draft: Draft;
  /** ISO 8601, by the client's clock. */
  readonly createdAt: string;
  /** Why it was refused, if it was. */
  readonly refusal?: { readonly code: ParleyErrorCode; readonly message: string };
};

/** Nothing is kept beyond the client's life. */
export function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key),
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

/** Reads what was kept. Entries that are none are left out. @throws whatever the storage does, and for what is no JSON. */
export async function readEntries(storage: Storage, key: string): Promise<readonly Entry[]> {
  const text = await storage.getItem(key);
  const list: unknown = text ? JSON.parse(text) : [];
  if (!Array.isArray(list)) throw new Error('What is kept is no list of messages.');
  return list.filter(isEntry);
}

/** Keeps these. @throws whatever the storage does. */
export async function writeEntries(storage: Storage, key: string, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) await storage.removeItem(key);
  else await storage.setItem(key, JSON.stringify(entries));
}

function isEntry(value: unknown): value is Entry {
  const { clientMessageId, room, draft, createdAt } = Object(value) as Partial<Entry>;
  const { content, attachments = [] } = Object(draft) as Partial<Draft>;
  const isRoom = typeof room === 'object' && room !== null;
  return isRoom && areTexts([clientMessageId, content]) && areAttachments(attachments) && isTime(createdAt);
}
