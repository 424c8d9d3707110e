/** Does `work` for every item, at most `limit` at a time. Rejects with the first failure. */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/** The items in runs of at most `size`. */
export function inChunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Everybody's first item, then everybody's second …: whoever has many keeps nobody waiting who has few. */
export function byTurns<Item>(
  items: readonly Item[],
  ownerOf: (item: Item) => string | undefined,
): readonly Item[] {
  const turns = new Map<string | undefined, number>();
  const placed = items.map((item) => {
    const owner = ownerOf(item);
    const turn = turns.get(owner) ?? 0;
    turns.set(owner, turn + 1);
    return { item, turn };
  });
  return placed.toSorted((a, b) => a.turn - b.turn).map(({ item }) => item);
}
