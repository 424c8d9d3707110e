/** From when to when a request was under way, on any scale that only grows. */
export type Span = { readonly begin: number; readonly end: number };

/**
 * How many round trips follow one another: the longest chain of spans in which each begins after the one before has
 * ended. Requests under way at the same time count once.
 */
export function sequentialDepth(spans: readonly Span[]): number {
  let depth = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { begin, end } of spans.toSorted((a, b) => a.end - b.end)) {
    if (begin <= last) continue;
    depth += 1;
    last = end;
  }
  return depth;
}
