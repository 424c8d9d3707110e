/** Numbers in [0, 1) that are the same for the same seed (mulberry32, github.com/bryc/code/blob/master/jshash/PRNGs.md). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number between two. */
export function between(random: () => number, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least);
}
