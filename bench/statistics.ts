/** The middle value, or the mean of the two middle ones. @throws RangeError for none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** The smallest value that at least this share of all values does not exceed. @throws RangeError for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function ascending(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new RangeError('There is nothing to take the middle of.');
  return values.toSorted((a, b) => a - b);
}
